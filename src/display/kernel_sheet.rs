//! Puts kernels of a layer side by side into one picture.

use latent_core::model::ImageShape;

/// Pixels between two kernels.
const GAP: usize = 1;

/// A picture of kernels in rows.
#[derive(Debug, PartialEq, Eq)]
pub struct KernelSheet {
    /// Pixels in a row.
    pub width: usize,
    /// Rows of pixels.
    pub height: usize,
    /// RGBA pixels, row by row. Gaps are transparent.
    pub pixels: Vec<u8>,
}

impl KernelSheet {
    /// Kernels (`[kernels, row, column, channels]`), `columns` in a row. Mid-grey is zero, and the largest weight of each kernel is
    /// white or black, so that kernels of different sizes can be compared by what they look for. Three channels are shown as
    /// red, green and blue, any other number as grey, by the mean.
    ///
    /// None where the values are not a whole number of kernels, or none.
    pub fn of(kernels: &[f32], shape: ImageShape, columns: usize) -> Option<Self> {
        let values = shape.values();
        if values == 0 || kernels.is_empty() || !kernels.len().is_multiple_of(values) {
            return None;
        }
        let count = kernels.len() / values;
        let columns = columns.clamp(1, count);
        let side = |cells: usize, pixels: usize| cells * (pixels + GAP) - GAP;
        let (width, height) = (side(columns, shape.width), side(count.div_ceil(columns), shape.height));
        let mut pixels = vec![0; 4 * width * height];
        for (cell, kernel) in kernels.chunks_exact(values).enumerate() {
            let largest = kernel.iter().fold(0.0f32, |largest, weight| largest.max(weight.abs()));
            let (top, left) = (cell / columns * (shape.height + GAP), cell % columns * (shape.width + GAP));
            for (at, weights) in kernel.chunks_exact(shape.channels).enumerate() {
                let (y, x) = (top + at / shape.width, left + at % shape.width);
                let to = 4 * (y * width + x);
                pixels[to..to + 4].copy_from_slice(&colour(weights, largest));
            }
        }
        Some(Self { width, height, pixels })
    }
}

fn colour(weights: &[f32], largest: f32) -> [u8; 4] {
    let shade =
        |weight: f32| if largest > 0.0 { (127.5 + 127.5 * weight / largest).round() as u8 } else { 128 };
    match *weights {
        [red, green, blue] => [shade(red), shade(green), shade(blue), u8::MAX],
        _ => {
            let grey = shade(weights.iter().sum::<f32>() / weights.len() as f32);
            [grey, grey, grey, u8::MAX]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(channels: usize) -> ImageShape {
        ImageShape { height: 1, width: 2, channels }
    }

    fn greys(sheet: &KernelSheet) -> Vec<Option<u8>> {
        sheet.pixels.chunks_exact(4).map(|pixel| (pixel[3] > 0).then_some(pixel[0])).collect()
    }

    #[test]
    fn each_kernel_is_scaled_by_its_largest_weight_and_zero_is_grey() {
        let sheet = KernelSheet::of(&[1.0, 0.0, -0.01, 0.005, 0.0, 0.0], shape(1), 2).unwrap();
        assert_eq!((sheet.width, sheet.height), (5, 3));
        let [white, grey, black] = [255, 128, 0].map(Some);
        #[rustfmt::skip]
        assert_eq!(greys(&sheet), [
            white, grey, None, black, Some(191),
            None, None, None, None, None,
            grey, grey, None, None, None,
        ]);
    }

    #[test]
    fn three_channels_are_colours_and_any_other_number_a_mean() {
        let sheet = KernelSheet::of(&[1.0, 0.0, -1.0, 0.0, 0.0, 0.0], shape(3), 9).unwrap();
        assert_eq!((sheet.width, &sheet.pixels[..4]), (2, &[255, 128, 0, 255][..]));
        let sheet = KernelSheet::of(&[1.0, 0.0, -1.0, -1.0], shape(2), 9).unwrap();
        assert_eq!(greys(&sheet), [Some(191), Some(0)]);
    }

    #[test]
    fn values_that_are_no_kernels_make_no_picture() {
        assert_eq!(KernelSheet::of(&[], shape(1), 2), None);
        assert_eq!(KernelSheet::of(&[1.0; 3], shape(1), 2), None);
        let bad = KernelSheet::of(&[f32::NAN, 1.0], shape(1), 2).unwrap();
        assert_eq!(greys(&bad), [Some(0), Some(255)]);
    }
}
