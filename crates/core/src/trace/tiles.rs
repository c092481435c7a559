//! Small pictures of one size, a byte a value.

use crate::model::{ImageShape, Shape};
use serde::{Deserialize, Serialize};

/// Zero, of values with a sign.
const MIDDLE: u8 = 128;
/// Values of a flat layer in a row.
const ROW: usize = 64;
/// Values of a flat layer that are shown.
const MOST_FLAT: usize = 16 * ROW;
/// Channels of a map that are shown.
const MOST_CHANNELS: usize = 4;

/// Small pictures of one size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiles {
    /// The size of each. It has one channel, grey, or three: red, green and blue.
    pub shape: ImageShape,
    /// The values: `[tiles, row, column, channels]`.
    #[serde(with = "serde_bytes")]
    pub values: Vec<u8>,
}

impl Tiles {
    /// What a layer gives. Mid-grey is zero, and the largest value is white or black. A flat layer is one tile, which it fills
    /// row by row; a map has a tile for each channel.
    pub fn of_outputs(shape: Shape, outputs: &[f32]) -> Self {
        let largest = largest(outputs);
        match shape {
            Shape::Flat(values) => {
                let shown = values.clamp(1, MOST_FLAT);
                let height = shown.div_ceil(ROW);
                let width = shown.div_ceil(height);
                let mut tile = vec![MIDDLE; height * width];
                tile.iter_mut().zip(outputs).for_each(|(shade, &value)| *shade = shaded(value, largest));
                Self { shape: ImageShape { height, width, channels: 1 }, values: tile }
            }
            Shape::Map(map) => {
                let shown = map.channels.min(MOST_CHANNELS);
                let of_channel = |channel| outputs.iter().skip(channel).step_by(map.channels);
                let values = (0..shown).flat_map(of_channel).map(|&value| shaded(value, largest)).collect();
                Self { shape: ImageShape { channels: 1, ..map }, values }
            }
        }
    }

    /// Kernels, `[tiles, row, column, channels]`, each scaled by its largest weight, so that kernels of different sizes can be
    /// compared by what they look for. Other numbers of channels than three become their mean.
    pub fn of_kernels(shape: ImageShape, kernels: &[f32]) -> Self {
        let is_colour = shape.channels == 3;
        let shades = |kernel: &[f32]| -> Vec<u8> {
            let largest = largest(kernel);
            if is_colour {
                return kernel.iter().map(|&weight| shaded(weight, largest)).collect();
            }
            let mean = |weights: &[f32]| weights.iter().sum::<f32>() / shape.channels as f32;
            kernel.chunks_exact(shape.channels).map(|weights| shaded(mean(weights), largest)).collect()
        };
        let values = kernels.chunks_exact(shape.values().max(1)).flat_map(shades).collect();
        Self { shape: ImageShape { channels: if is_colour { 3 } else { 1 }, ..shape }, values }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.values.len() / self.shape.values().max(1)
    }
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |largest, value| value.abs().max(largest))
}

/// The shade of a value between −`largest` and `largest`.
fn shaded(value: f32, largest: f32) -> u8 {
    if largest > 0.0 { (127.5 + 127.5 * value / largest).round() as u8 } else { MIDDLE }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn shape(height: usize, width: usize, channels: usize) -> ImageShape {
        ImageShape { height, width, channels }
    }

    #[test]
    fn a_flat_layer_is_one_tile_and_fills_it() {
        for (values, height, width) in
            [(2, 1, 2), (64, 1, 64), (65, 2, 33), (300, 5, 60), (512, 8, 64), (4096, 16, 64)]
        {
            let tiles = Tiles::of_outputs(Shape::Flat(values), &vec![1.0; values]);
            assert_eq!((tiles.shape, tiles.count()), (shape(height, width, 1), 1));
            let padding = tiles.values.iter().filter(|&&shade| shade == MIDDLE).count();
            assert_eq!(padding, height * width - values.min(MOST_FLAT));
        }
        let tiles = Tiles::of_outputs(Shape::Flat(3), &[2.0, 0.0, -1.0]);
        assert_eq!(tiles.values, [255, 128, 64]);
    }

    #[test]
    fn a_map_has_a_tile_for_each_channel() {
        let tiles = Tiles::of_outputs(Shape::Map(shape(1, 2, 3)), &[1.0, 0.0, -1.0, 0.0, 0.0, 0.5]);
        assert_eq!((tiles.shape, tiles.count()), (shape(1, 2, 1), 3));
        assert_eq!(tiles.values, [255, 128, 128, 128, 0, 191]);
        let many = Tiles::of_outputs(Shape::Map(shape(2, 2, 64)), &[0.0; 256]);
        assert_eq!(many.count(), MOST_CHANNELS);
    }

    #[test]
    fn each_kernel_is_scaled_by_its_largest_weight_and_zero_is_grey() {
        let tiles = Tiles::of_kernels(shape(1, 2, 1), &[1.0, 0.0, -0.01, 0.005, 0.0, 0.0]);
        assert_eq!((tiles.shape, tiles.count()), (shape(1, 2, 1), 3));
        assert_eq!(tiles.values, [255, 128, 0, 191, 128, 128]);
    }

    #[test]
    fn three_channels_are_colours_and_any_other_number_a_mean() {
        let tiles = Tiles::of_kernels(shape(1, 2, 3), &[1.0, 0.0, -1.0, 0.0, 0.0, 0.0]);
        assert_eq!(tiles.values, [255, 128, 0, 128, 128, 128]);
        let tiles = Tiles::of_kernels(shape(1, 2, 2), &[1.0, 0.0, -1.0, -1.0]);
        assert_eq!((tiles.shape.channels, tiles.values), (1, vec![191, 0]));
    }
}
