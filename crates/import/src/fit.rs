//! Scales pictures to the shape of a set's images.
//!
//! A pixel of the result is the mean of the area that it covers (the picture's pixels weighted by their share in it), in whole
//! numbers. An enlarged picture is interpolated linearly in the same way: the area is at least one pixel of the picture wide.

use crate::raster::Raster;
use latent_core::data::{Fit, Recipe};
use std::ops::Range;

/// A picture as an image of the recipe's shape, its values row by row, channels innermost.
pub(crate) fn fitted(picture: Raster, recipe: &Recipe) -> Vec<u8> {
    let shape = recipe.shape;
    let [width, height] = [shape.width, shape.height].map(|side| side as u32);
    let picture = picture.with_channels(shape.channels);
    let picture = if recipe.is_inverted { picture.inverted() } else { picture };
    let whole = Area { left: 0, top: 0, width: picture.width, height: picture.height };
    match recipe.fit {
        Fit::Stretch => scaled(&picture, whole, width, height),
        Fit::Cover => scaled(&picture, whole.middle(width, height), width, height),
        Fit::Contain => {
            // The picture's shape, as large as it fits.
            let inner = Area { left: 0, top: 0, width, height }.middle(picture.width, picture.height);
            let image = scaled(&picture, whole, inner.width, inner.height);
            let mut values = vec![0; shape.values()];
            let row = inner.width as usize * shape.channels;
            for (line, from) in image.chunks_exact(row).enumerate() {
                let start =
                    ((inner.top as usize + line) * shape.width + inner.left as usize) * shape.channels;
                values[start..start + row].copy_from_slice(from);
            }
            values
        }
    }
}

/// A picture whose longer side has at most so many pixels, in its own proportions.
pub(crate) fn reduced(picture: Raster, most: u32) -> Raster {
    let Raster { width, height, channels, .. } = picture;
    if width.max(height) <= most {
        return picture;
    }
    let whole = Area { left: 0, top: 0, width, height };
    let inner = Area { left: 0, top: 0, width: most, height: most }.middle(width, height);
    let values = scaled(&picture, whole, inner.width, inner.height);
    Raster::new(inner.width, inner.height, channels, values)
}

/// A part of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Area {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Area {
    /// The largest part of the proportions `width : height`, in the middle. At least a pixel.
    fn middle(self, width: u32, height: u32) -> Self {
        let (of, to) = (u64::from(self.width) * u64::from(height), u64::from(self.height) * u64::from(width));
        let rounded = |product: u64, divisor: u32| {
            ((product + u64::from(divisor) / 2) / u64::from(divisor)).max(1) as u32
        };
        let (inner_width, inner_height) = match of > to {
            true => (rounded(to, height).min(self.width), self.height),
            false => (self.width, rounded(of, width).min(self.height)),
        };
        Self {
            left: self.left + (self.width - inner_width) / 2,
            top: self.top + (self.height - inner_height) / 2,
            width: inner_width,
            height: inner_height,
        }
    }
}

/// The sum of a row's or column's weights.
const ONE: u64 = 1 << 16;

/// For each pixel of a side, the pixels of the picture that it is made of and their weights, whose sum is [`ONE`].
fn weights(from: u32, length: u32, to: u32) -> Vec<(Range<usize>, Vec<u64>)> {
    // In units of 1/(2·to) pixels of the picture: a pixel of the result is `2·length` wide, one of the picture `2·to`.
    let (length, to) = (u64::from(length), u64::from(to));
    (0..to)
        .map(|at| {
            let centre = (2 * at + 1) * length;
            // At least one pixel wide, so that enlarging interpolates.
            let half = length.max(to);
            let (start, end) = (centre.saturating_sub(half), (centre + half).min(2 * to * length));
            let (first, last) = (start / (2 * to), end.div_ceil(2 * to));
            let shares: Vec<u64> = (first..last)
                .map(|pixel| end.min((pixel + 1) * 2 * to) - start.max(pixel * 2 * to))
                .collect();
            let all: u64 = shares.iter().sum();
            let mut weights: Vec<u64> = shares.iter().map(|share| share * ONE / all).collect();
            // What rounding took goes to the largest.
            let missing = ONE - weights.iter().sum::<u64>();
            if let Some(largest) = weights.iter_mut().max() {
                *largest += missing;
            }
            let offset = from as usize;
            (offset + first as usize..offset + last as usize, weights)
        })
        .collect()
}

/// A part of a picture, scaled to `width × height`.
fn scaled(picture: &Raster, part: Area, width: u32, height: u32) -> Vec<u8> {
    if (part.width, part.height) == (width, height) && (picture.width, picture.height) == (width, height) {
        return picture.values.clone();
    }
    let channels = picture.channels;
    let columns = weights(part.left, part.width, width);
    let stride = picture.width as usize * channels;
    // The rows are narrowed first, each once, in 16 bits more than a byte has.
    let narrowed: Vec<Vec<u64>> = picture.values[part.top as usize * stride..]
        .chunks_exact(stride)
        .take(part.height as usize)
        .map(|row| {
            columns
                .iter()
                .flat_map(|(range, weights)| {
                    (0..channels).map(move |channel| {
                        let values = row[range.start * channels..range.end * channels].chunks_exact(channels);
                        values.zip(weights).map(|(pixel, weight)| u64::from(pixel[channel]) * weight).sum()
                    })
                })
                .collect()
        })
        .collect();
    weights(0, part.height, height)
        .into_iter()
        .flat_map(|(range, weights)| {
            let rows = &narrowed[range];
            let half = ONE * ONE / 2;
            (0..width as usize * channels)
                .map(|at| {
                    let sum: u64 = rows.iter().zip(&weights).map(|(row, weight)| row[at] * weight).sum();
                    ((sum + half) / (ONE * ONE)) as u8
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::data::ImageShape;
    use proptest::prelude::*;

    fn recipe(height: usize, width: usize, fit: Fit) -> Recipe {
        Recipe { shape: ImageShape { height, width, channels: 1 }, fit, ..Recipe::default() }
    }

    fn grey(width: u32, values: &[u8]) -> Raster {
        Raster::new(width, values.len() as u32 / width, 1, values.to_vec())
    }

    #[test]
    fn a_smaller_image_has_the_means_of_areas() {
        let picture = grey(4, &[0, 100, 200, 200, 100, 0, 200, 200]);
        assert_eq!(fitted(picture.clone(), &recipe(1, 2, Fit::Stretch)), [50, 200]);
        // 1 1/3 pixels each
        assert_eq!(fitted(grey(4, &[0, 90, 180, 240]), &recipe(1, 3, Fit::Stretch)), [23, 135, 225]);
        assert_eq!(fitted(picture.clone(), &recipe(2, 4, Fit::Contain)), picture.values);
    }

    #[test]
    fn contained_pictures_have_black_beside_them_and_covering_ones_are_cut() {
        let wide = grey(4, &[10, 20, 30, 40]);
        assert_eq!(
            fitted(wide.clone(), &recipe(3, 4, Fit::Contain)),
            [0, 0, 0, 0, 10, 20, 30, 40, 0, 0, 0, 0]
        );
        assert_eq!(fitted(wide.clone(), &recipe(2, 4, Fit::Cover)), [20, 23, 28, 30].repeat(2));
        assert_eq!(
            fitted(grey(1, &[10, 20, 30, 40]), &recipe(4, 2, Fit::Contain)),
            [10, 0, 20, 0, 30, 0, 40, 0]
        );
    }

    #[test]
    fn inverted_pictures_keep_a_black_border() {
        let recipe = Recipe { is_inverted: true, ..recipe(3, 2, Fit::Contain) };
        assert_eq!(fitted(grey(2, &[255, 0]), &recipe), [0, 0, 0, 255, 0, 0]);
    }

    proptest! {
        #[test]
        fn a_plain_picture_stays_plain(
            (width, height) in (1u32..200, 1u32..200),
            (to_width, to_height) in (1usize..=64, 1usize..=64),
            value: u8,
            fit in prop::sample::select(Fit::ALL.to_vec()),
        ) {
            let picture = Raster::new(width, height, 1, vec![value; (width * height) as usize]);
            let image = fitted(picture, &recipe(to_height, to_width, fit));
            prop_assert_eq!(image.len(), to_width * to_height);
            let expected = |&found: &u8| found == value || (fit == Fit::Contain && found == 0);
            prop_assert!(image.iter().all(expected));
            prop_assert!(image.contains(&value));
        }

        #[test]
        fn weights_cover_the_side_and_add_up(from in 0u32..50, length in 1u32..3_000, to in 1u32..=64) {
            let weights = weights(from, length, to);
            prop_assert_eq!(weights.len(), to as usize);
            prop_assert_eq!(weights[0].0.start, from as usize);
            prop_assert_eq!(weights[to as usize - 1].0.end, (from + length) as usize);
            for (range, weights) in weights {
                prop_assert_eq!(range.len(), weights.len());
                prop_assert_eq!(weights.iter().sum::<u64>(), ONE);
            }
        }
    }
}
