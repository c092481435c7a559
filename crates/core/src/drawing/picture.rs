//! A picture becomes an image.

use super::{Centre, Placement};
use crate::data::ImageShape;

/// A picture in memory: its values row by row, from the top left, channels innermost.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// 1 or 3.
    pub channels: usize,
    /// `[height, width, channels]`.
    pub values: &'a [u8],
}

impl Picture<'_> {
    /// The image that the picture's ink is: what differs from the background, which becomes black, scaled to the box of the
    /// `placement` and centred by whole pixels. None where the picture shows nothing, or its values are not as many as its sides
    /// say.
    ///
    /// A picture of an image that was enlarged by a whole number gives that image again.
    pub fn placed(&self, shape: ImageShape, placement: Placement) -> Option<Vec<u8>> {
        let ink = self.ink()?;
        let is_inked = |row: usize, column: usize| ink[row * self.width + column] > 0.0;
        let rows = range(self.height, |row| (0..self.width).any(|column| is_inked(row, column)))?;
        let columns = range(self.width, |column| (0..self.height).any(|row| is_inked(row, column)))?;
        let sides = [shape.width, shape.height];
        let extent = [columns.1 - columns.0, rows.1 - rows.0].map(|extent| extent as f64);
        let scale = [0, 1]
            .map(|axis| f64::from(placement.box_share) * sides[axis] as f64 / extent[axis])
            .into_iter()
            .fold(f64::INFINITY, f64::min);
        let size = extent.map(|extent| ((extent * scale).round() as usize).max(1));
        let scaled = self.scaled(&ink, [columns.0, rows.0], [columns.1, rows.1], size, shape.channels);
        let (mut sum, mut moments) = (0.0, [0.0; 2]);
        for (at, pixel) in scaled.chunks_exact(shape.channels).enumerate() {
            let mass: f64 = pixel.iter().map(|&value| f64::from(value)).sum();
            sum += mass;
            moments[0] += mass * (at % size[0]) as f64;
            moments[1] += mass * (at / size[0]) as f64;
        }
        if sum == 0.0 {
            return None;
        }
        let offset = [0, 1].map(|axis| match placement.centre {
            Centre::Mass => Placement::shift(sides[axis], moments[axis] / sum),
            Centre::Box => (sides[axis] as i64 - size[axis] as i64) / 2,
        });
        let mut image = vec![0; shape.values()];
        for (at, pixel) in scaled.chunks_exact(shape.channels).enumerate() {
            let place = [at % size[0], at / size[0]];
            let [x, y] = [0, 1].map(|axis| place[axis] as i64 + offset[axis]);
            if (0..sides[0] as i64).contains(&x) && (0..sides[1] as i64).contains(&y) {
                let to = (y as usize * shape.width + x as usize) * shape.channels;
                for (to, &value) in image[to..].iter_mut().zip(pixel) {
                    *to = value.round().clamp(0.0, 255.0) as u8;
                }
            }
        }
        Some(image)
    }

    /// How much ink each pixel has, 0 to 1: how far it is from the background, beyond the noise of the picture's edge. None of a
    /// picture of one colour.
    fn ink(&self) -> Option<Vec<f32>> {
        let Self { width, height, channels, values } = *self;
        if channels == 0 || width * height == 0 || values.len() != width * height * channels {
            return None;
        }
        let lightness: Vec<f32> = values
            .chunks_exact(channels)
            .map(|pixel| pixel.iter().map(|&value| f32::from(value)).sum::<f32>() / channels as f32)
            .collect();
        let is_edge = |at: &usize| {
            let (row, column) = (at / width, at % width);
            row == 0 || column == 0 || row + 1 == height || column + 1 == width
        };
        let edge: Vec<f32> = (0..lightness.len()).filter(is_edge).map(|at| lightness[at]).collect();
        let background = quantile(edge.clone(), 0.5);
        let noise = quantile(edge.iter().map(|value| (value - background).abs()).collect(), 0.9);
        let beyond: Vec<f32> =
            lightness.iter().map(|value| ((value - background).abs() - 2.0 * noise).max(0.0)).collect();
        // On plain black a value is its ink, so that faint pictures stay as they are.
        let most = match background + noise {
            0.0 => 255.0,
            _ => beyond.iter().copied().fold(0.0, f32::max),
        };
        let ink: Vec<f32> = beyond.into_iter().map(|value| value / most.max(1.0)).collect();
        ink.iter().any(|&ink| ink > 0.0).then_some(ink)
    }

    /// The part of the picture from one corner to another, scaled to `size` pixels: each the mean of the area that it covers.
    fn scaled(
        &self,
        ink: &[f32],
        from: [usize; 2],
        to: [usize; 2],
        size: [usize; 2],
        channels: usize,
    ) -> Vec<f32> {
        let steps = [0, 1].map(|axis| (to[axis] - from[axis]) as f64 / size[axis] as f64);
        let mut scaled = Vec::with_capacity(size[0] * size[1] * channels);
        let covered = |axis: usize, at: usize| {
            let start = from[axis] as f64 + at as f64 * steps[axis];
            let end = start + steps[axis];
            (start.floor() as usize..(end.ceil() as usize).min(to[axis])).map(move |pixel| {
                let share = (end.min(pixel as f64 + 1.0) - start.max(pixel as f64)).max(0.0);
                (pixel, share as f32)
            })
        };
        for row in 0..size[1] {
            for column in 0..size[0] {
                let (mut sums, mut area) = ([0f32; 3], 0f32);
                for (y, height) in covered(1, row) {
                    for (x, width) in covered(0, column) {
                        let (share, at) = (height * width, y * self.width + x);
                        area += share;
                        for (channel, sum) in sums.iter_mut().enumerate().take(channels) {
                            *sum += share * self.value(ink, at, channel, channels);
                        }
                    }
                }
                scaled.extend(sums.iter().take(channels).map(|sum| sum / area.max(f32::MIN_POSITIVE)));
            }
        }
        scaled
    }

    /// A value of a pixel's ink, 0 to 255, in an image of so many channels: its own colour where both have colours, else white.
    fn value(&self, ink: &[f32], at: usize, channel: usize, channels: usize) -> f32 {
        match &self.values[at * self.channels..][..self.channels] {
            colour @ [_, _, _] if channels == 3 && ink[at] > 0.0 => f32::from(colour[channel]),
            _ => 255.0 * ink[at],
        }
    }
}

/// The first index that fulfils a condition and the one behind the last; none where none does.
fn range(count: usize, holds: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let first = (0..count).find(|&at| holds(at))?;
    let last = (first..count).rev().find(|&at| holds(at))?;
    Some((first, last + 1))
}

/// The value below which this share of the values lies.
fn quantile(mut values: Vec<f32>, share: f32) -> f32 {
    values.sort_unstable_by(f32::total_cmp);
    let at = ((values.len().max(1) - 1) as f32 * share).round() as usize;
    values.get(at).copied().unwrap_or_default()
}
