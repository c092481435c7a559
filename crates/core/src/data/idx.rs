//! The IDX format of the original MNIST files (described on the data set's home page). A magic number gives type and
//! dimensions. Their sizes follow as big-endian u32, then the bytes.

use super::ImageShape;
use thiserror::Error;

/// Why a file is refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum IdxError {
    /// The magic number is another.
    #[error("not an IDX file of {0}")]
    Kind(&'static str),
    /// Images are of another size.
    #[error("images are {rows} × {columns}, not {expected}")]
    Size {
        /// Rows of an image in the file.
        rows: u32,
        /// Columns of an image in the file.
        columns: u32,
        /// The shape that the data set has.
        expected: ImageShape,
    },
    /// The header announces another number of bytes than there are.
    #[error("the file should hold {expected} bytes behind its header and holds {found}")]
    Length {
        /// Bytes that the header announces.
        expected: u64,
        /// Bytes that follow it.
        found: u64,
    },
}

/// The pixels of a file of grey images of this shape: `[images, height, width]`.
pub fn images(file: &[u8], shape: ImageShape) -> Result<&[u8], IdxError> {
    let (header, pixels) = file.split_at_checked(16).ok_or(IdxError::Kind("images"))?;
    let [magic, count, rows, columns] = [0, 4, 8, 12].map(|at| word(header, at));
    if magic != 0x0803 {
        return Err(IdxError::Kind("images"));
    }
    if [rows, columns].map(u64::from) != [shape.height, shape.width].map(|side| side as u64)
        || shape.channels != 1
    {
        return Err(IdxError::Size { rows, columns, expected: shape });
    }
    whole(pixels, u64::from(count) * shape.values() as u64)
}

/// The labels of a file of labels.
pub fn labels(file: &[u8]) -> Result<&[u8], IdxError> {
    let (header, labels) = file.split_at_checked(8).ok_or(IdxError::Kind("labels"))?;
    if word(header, 0) != 0x0801 {
        return Err(IdxError::Kind("labels"));
    }
    whole(labels, u64::from(word(header, 4)))
}

fn word(header: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
}

fn whole(bytes: &[u8], expected: u64) -> Result<&[u8], IdxError> {
    let found = bytes.len() as u64;
    if found == expected { Ok(bytes) } else { Err(IdxError::Length { expected, found }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &[u32], bytes: usize) -> Vec<u8> {
        header.iter().flat_map(|word| word.to_be_bytes()).chain((0..bytes).map(|at| at as u8)).collect()
    }

    const SHAPE: ImageShape = ImageShape { height: 3, width: 2, channels: 1 };

    #[test]
    fn whole_files_are_read() {
        assert_eq!(images(&file(&[0x0803, 2, 3, 2], 12), SHAPE).unwrap().len(), 12);
        assert_eq!(labels(&file(&[0x0801, 3], 3)), Ok(&[0, 1, 2][..]));
    }

    #[test]
    fn anything_else_is_refused() {
        let images = |file: &[u8]| images(file, SHAPE).map(<[u8]>::len);
        assert_eq!(images(b"<!DOCTYPE html>"), Err(IdxError::Kind("images")));
        assert_eq!(images(&file(&[0x0801, 2, 3, 2], 12)), Err(IdxError::Kind("images")));
        let size = IdxError::Size { rows: 2, columns: 3, expected: SHAPE };
        assert_eq!(images(&file(&[0x0803, 2, 2, 3], 12)), Err(size));
        assert_eq!(size.to_string(), "images are 2 × 3, not 3 × 2");
        let length = IdxError::Length { expected: u64::from(u32::MAX) * 6, found: 6 };
        assert_eq!(images(&file(&[0x0803, u32::MAX, 3, 2], 6)), Err(length));
        assert_eq!(labels(&file(&[0x0801, 3], 4)), Err(IdxError::Length { expected: 3, found: 4 }));
    }
}
