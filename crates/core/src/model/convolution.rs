//! The geometry of a "same" convolution and of its transpose.

use super::ImageShape;

/// A "same" convolution between two feature maps, of which the small one has 1 / stride of the rows and columns of the large
/// one, rounded up (`keras.layers.Conv2D(padding="same")`).
///
/// A convolution reads the large map and gives the small one. A transposed convolution (`keras.layers.Conv2DTranspose`) reads
/// the small map and gives the large one: it is the convolution's gradient. Both go over the same pairs of positions: with
/// `y = i · stride + row − before[0]` and `x = j · stride + column − before[1]`,
///
/// - convolution: `small[i, j, o] += large[y, x, c] · kernel[row, column, c, o]`,
/// - transpose: `large[y, x, c] += small[i, j, o] · kernel[row, column, c, o]`,
///
/// where positions outside of the large map are left out. The bias, a value for each channel of the result, is added once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// The map with more rows and columns.
    pub large: ImageShape,
    /// The map with fewer, or as many.
    pub small: ImageShape,
    /// Rows and columns of the kernel.
    pub kernel: usize,
    /// Rows and columns of the large map from one position of the kernel to the next.
    pub stride: usize,
    /// Rows and columns of zeros before the large map: the smaller half of the padding.
    pub before: [usize; 2],
}

impl Convolution {
    /// The convolution of `large` whose small map has so many channels.
    pub fn new(large: ImageShape, channels: usize, kernel: usize, stride: usize) -> Self {
        let ImageShape { height, width, .. } = large;
        let small = ImageShape { height: height.div_ceil(stride), width: width.div_ceil(stride), channels };
        let before = [(height, small.height), (width, small.width)]
            .map(|(large, small)| ((small - 1) * stride + kernel).saturating_sub(large) / 2);
        Self { large, small, kernel, stride, before }
    }

    /// The padding of the large map, `[[top, bottom], [left, right]]`: what the convolution adds, and what its transpose leaves
    /// out of the full result.
    pub fn margins(&self) -> [[usize; 2]; 2] {
        self.sides().map(|(large, reached, before)| [before, reached.saturating_sub(large + before)])
    }

    /// Rows and columns at the end of the large map that no position of the kernel reaches, because the kernel is narrower than
    /// its stride.
    pub fn unreached(&self) -> [usize; 2] {
        self.sides().map(|(large, reached, before)| (large + before).saturating_sub(reached))
    }

    /// Of rows and of columns: how many the large map has, how many the kernel reaches, and how many are padded before.
    fn sides(&self) -> [(usize, usize, usize); 2] {
        let Self { large, small, kernel, stride, before } = *self;
        [(large.height, small.height, before[0]), (large.width, small.width, before[1])]
            .map(|(large, small, before)| (large, (small - 1) * stride + kernel, before))
    }

    /// The kernel's shape, `[row, column, channels of the large map, channels of the small map]`: Keras' layout of a
    /// convolution (`[.., in, out]`) and of its transpose (`[.., out, in]`).
    pub fn kernel_shape(&self) -> [usize; 4] {
        [self.kernel, self.kernel, self.large.channels, self.small.channels]
    }

    /// Multiplications for an image, those with the padding included.
    pub fn multiply_adds(&self) -> u64 {
        let kernel: u64 = self.kernel_shape().iter().map(|&side| side as u64).product();
        (self.small.height * self.small.width) as u64 * kernel
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(side: usize, kernel: usize, stride: usize) -> Convolution {
        Convolution::new(ImageShape { height: side, width: side, channels: 1 }, 4, kernel, stride)
    }

    #[test]
    fn the_smaller_half_of_the_padding_comes_first() {
        // 28 → 14 with a kernel of 3: 0 before and 1 after; of 5: 1 and 2.
        assert_eq!((of(28, 3, 2).before, of(28, 5, 2).before), ([0; 2], [1; 2]));
        assert_eq!((of(28, 3, 1).before, of(28, 4, 1).before, of(28, 1, 2).before), ([1; 2], [1; 2], [0; 2]));
        // 7 → 4: (4 − 1) · 2 + 3 − 7 = 2, one on each side.
        let odd = of(7, 3, 2);
        assert_eq!((odd.small.height, odd.small.width, odd.before), (4, 4, [1; 2]));
        assert_eq!([odd, of(28, 3, 2), of(28, 5, 2)].map(|it| it.margins()[0]), [[1, 1], [0, 1], [1, 2]]);
        assert_eq!([of(28, 1, 2), of(27, 1, 2), odd].map(|it| it.unreached()), [[1; 2], [0; 2], [0; 2]]);
    }

    #[test]
    fn rows_and_columns_are_padded_by_themselves() {
        let large = ImageShape { height: 7, width: 28, channels: 3 };
        let convolution = Convolution::new(large, 5, 3, 2);
        assert_eq!(convolution.before, [1, 0]);
        assert_eq!(convolution.kernel_shape(), [3, 3, 3, 5]);
        assert_eq!(convolution.multiply_adds(), 4 * 14 * 9 * 15);
    }
}
