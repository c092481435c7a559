//! Images that lie side by side in one file: IDX, NumPy arrays, tables, CIFAR-10's batches.

use crate::{limits::MOST_FILE_BYTES, raster::Raster};

/// Images of one size, with the label of each if the file has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImageArray {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: usize,
    /// Bytes row by row, channels innermost, image after image.
    pub(crate) values: Vec<u8>,
    pub(crate) labels: Option<Vec<u32>>,
}

impl ImageArray {
    /// Values of an image.
    pub(crate) fn values_each(&self) -> usize {
        self.width as usize * self.height as usize * self.channels
    }

    /// How many images there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.values_each()
    }

    /// The images one by one.
    pub(crate) fn images(&self) -> impl Iterator<Item = Raster> + '_ {
        let images = self.values.chunks_exact(self.values_each());
        images.map(|values| Raster::new(self.width, self.height, self.channels, values.to_vec()))
    }
}

/// What a file of arrays holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Images(ImageArray),
    Labels(Vec<u32>),
    /// The names of the classes, in the order of the labels.
    ClassNames(Vec<String>),
}

/// Why a file of arrays is skipped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArrayError {
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    #[error("it holds {0}")]
    Unsupported(String),
    #[error("its shape ({0}) is not that of images or labels")]
    Shape(String),
    #[error("it has more than {} MB of pixels", MOST_FILE_BYTES / 1_000_000)]
    TooLarge,
    #[error("line {line} has {found} values, and the first has {expected}")]
    Columns { line: usize, found: usize, expected: usize },
    #[error("line {line}: “{text}” is not a number from 0 to 255")]
    Value { line: usize, text: String },
}

/// Width, height and channels of images that are given as so many values: a square, grey or of three colours.
pub(crate) fn square(values: usize) -> Option<(u32, u32, usize)> {
    let side_of = |values: usize| (values > 0).then(|| values.isqrt()).filter(|side| side * side == values);
    let grey = side_of(values).map(|side| (side, 1));
    let colour = || side_of(values / 3).filter(|_| values.is_multiple_of(3)).map(|side| (side, 3));
    let (side, channels) = grey.or_else(colour)?;
    Some((side as u32, side as u32, channels))
}

/// The product of a shape's lengths, if so many bytes of pixels may be taken.
pub(crate) fn pixel_bytes(shape: &[u64]) -> Result<usize, ArrayError> {
    let product = shape.iter().try_fold(1u64, |product, &length| product.checked_mul(length));
    let bytes =
        product.filter(|&bytes| bytes <= MOST_FILE_BYTES).and_then(|bytes| usize::try_from(bytes).ok());
    bytes.ok_or(ArrayError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_are_grey_or_colour() {
        assert_eq!(square(784), Some((28, 28, 1)));
        assert_eq!(square(3_072), Some((32, 32, 3)));
        assert_eq!(square(0), None);
        assert_eq!(square(785), None);
    }

    #[test]
    fn shapes_that_are_too_large_are_refused() {
        assert_eq!(pixel_bytes(&[60_000, 28, 28]), Ok(47_040_000));
        assert_eq!(pixel_bytes(&[u64::MAX, 2]), Err(ArrayError::TooLarge));
        assert_eq!(pixel_bytes(&[1 << 31, 28, 28]), Err(ArrayError::TooLarge));
    }
}
