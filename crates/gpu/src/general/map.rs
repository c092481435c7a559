//! Feature maps in a buffer.

use crate::layout::BLOCK;
use latent_core::model::{Convolution, ImageShape, Shape};

/// Words of `Map` in `wgsl/general/layer.wgsl`.
pub(super) const MAP_WORDS: usize = 8;

/// The feature maps of a batch: `[images, rows, columns, channels]`, the channels padded to blocks, with a border around the
/// pixels of each image. Positions and sizes are in blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Map {
    /// Where the first image begins, its border included.
    pub(crate) start: usize,
    /// Where the pixels of the first image begin.
    pub(super) at: usize,
    /// From an image to the next.
    pub(crate) image: usize,
    /// From a row of pixels to the next.
    pub(super) row: usize,
    /// From a pixel to the next.
    pub(super) blocks: usize,
    /// In pixels.
    pub(super) width: usize,
    /// In pixels.
    pub(super) height: usize,
    /// Without padding.
    pub(super) channels: usize,
}

/// Rows and columns of zeros around a map: above and below, left and right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Border {
    rows: [usize; 2],
    columns: [usize; 2],
}

impl Border {
    /// What is read beyond the large map when the small one is computed from it.
    pub(super) fn of_large(convolution: &Convolution) -> Self {
        let Convolution { large, small, kernel, stride, before } = *convolution;
        let border = |large: usize, small: usize, before: usize| {
            [before, ((small - 1) * stride + kernel).saturating_sub(before + large)]
        };
        Self {
            rows: border(large.height, small.height, before[0]),
            columns: border(large.width, small.width, before[1]),
        }
    }

    /// What is read beyond the small map when the large one is computed from it.
    pub(super) fn of_small(convolution: &Convolution) -> Self {
        let Convolution { kernel, stride, before, .. } = *convolution;
        let border = |before: usize| {
            // The pixels of the large map by their rest (`wgsl/general/large_from_small.wgsl`).
            let first = |phase: usize| {
                let shifted = phase + before;
                let taps = (kernel - shifted % stride).div_ceil(stride);
                taps.saturating_sub(1 + shifted / stride)
            };
            [(0..stride).map(first).max().unwrap_or_default(), before.div_ceil(stride)]
        };
        Self { rows: border(before[0]), columns: border(before[1]) }
    }

    /// The same without columns.
    pub(super) fn rows_only(self) -> Self {
        Self { columns: [0; 2], ..self }
    }
}

impl Map {
    /// A map that begins at a position.
    pub(super) fn new(shape: ImageShape, border: Border, start: usize) -> Self {
        let ImageShape { height, width, channels } = shape;
        let blocks = channels.div_ceil(BLOCK);
        let row = (width + border.columns.iter().sum::<usize>()) * blocks;
        let image = (height + border.rows.iter().sum::<usize>()) * row;
        let at = start + border.rows[0] * row + border.columns[0] * blocks;
        Self { start, at, image, row, blocks, width, height, channels }
    }

    /// A map for what a layer reads or gives: a list of values is the channels of one pixel.
    pub(super) fn of(shape: Shape, border: Border, start: usize) -> Self {
        match shape {
            Shape::Map(shape) => Self::new(shape, border, start),
            Shape::Flat(channels) => {
                Self::new(ImageShape { height: 1, width: 1, channels }, Border::default(), start)
            }
        }
    }

    /// Rows of values that are so many blocks apart, of which the first hold values.
    pub(crate) fn rows(start: usize, image: usize, channels: usize) -> Self {
        let blocks = channels.div_ceil(BLOCK);
        Self { start, at: start, image, row: image, blocks, width: 1, height: 1, channels }
    }

    /// The same numbers as the channels of one pixel, padding included. For maps without a border.
    pub(super) fn flattened(self) -> Self {
        Self::rows(self.start, self.image, BLOCK * self.image)
    }

    /// The map's values without border and padding, from a copy of whole images.
    pub(crate) fn values(&self, images: &[f32]) -> Vec<f32> {
        let first = BLOCK * (self.at - self.start);
        let mut values = Vec::with_capacity(images.len());
        for image in images.chunks_exact(BLOCK * self.image) {
            for y in 0..self.height {
                for x in 0..self.width {
                    let pixel = first + BLOCK * (y * self.row + x * self.blocks);
                    values.extend_from_slice(&image[pixel..][..self.channels]);
                }
            }
        }
        values
    }

    /// As the passes read it.
    pub(super) fn words(&self) -> [u32; MAP_WORDS] {
        let Self { at, image, row, blocks, width, height, channels, .. } = *self;
        [at, image, row, blocks, width, height, channels, 0].map(|word| word as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convolution(side: usize, kernel: usize, stride: usize) -> Convolution {
        Convolution::new(ImageShape { height: side, width: side, channels: 1 }, 4, kernel, stride)
    }

    /// The loads of `wgsl/general/small_from_large.wgsl` and `large_from_small.wgsl`, along one axis.
    #[test]
    fn a_border_is_as_wide_as_what_is_read() {
        for side in 4..12 {
            for kernel in 1..8 {
                for stride in 1..3 {
                    let it = convolution(side, kernel, stride);
                    let (small, before) = (it.small.height, it.before[0]);
                    let tap = |i: usize, a: usize| (i * stride + a) as i64 - before as i64;
                    let read: Vec<_> = (0..small).flat_map(|i| (0..kernel).map(move |a| tap(i, a))).collect();
                    assert_eq!(Border::of_large(&it).rows, beyond(&read, side), "{it:?}");
                    let mut read = Vec::new();
                    for y in 0..stride * small {
                        let taps = (0..kernel).filter(|a| (y + before + stride * 8 - a) % stride == 0);
                        read.extend(taps.map(|a| ((y + before) as i64 - a as i64).div_euclid(stride as i64)));
                    }
                    let [above, below] = Border::of_small(&it).rows;
                    let needed = beyond(&read, small);
                    assert_eq!(above, needed[0], "{it:?}");
                    assert!(below >= needed[1], "{it:?}");
                }
            }
        }
    }

    fn beyond(read: &[i64], size: usize) -> [usize; 2] {
        let (first, last) = (*read.iter().min().unwrap(), *read.iter().max().unwrap());
        [(-first).max(0) as usize, (last - size as i64 + 1).max(0) as usize]
    }

    #[test]
    fn values_come_without_border_and_padding() {
        let shape = ImageShape { height: 2, width: 3, channels: 3 };
        let map = Map::new(shape, Border { rows: [1, 0], columns: [0, 2] }, 7);
        assert_eq!((map.at, map.row, map.image), (7 + 5, 5, 15));
        let mut numbers = vec![9.0; 4 * 15];
        for pixel in 0..6 {
            let at = 4 * ((1 + pixel / 3) * 5 + pixel % 3);
            (0..3).for_each(|channel| numbers[at + channel] = (3 * pixel + channel) as f32);
        }
        let expected: Vec<_> = (0..18).map(|value| value as f32).collect();
        assert_eq!(map.values(&numbers), expected);
    }
}
