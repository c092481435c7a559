//! The IDX format of the original MNIST files (described on the data set's home page): a magic number that gives type
//! and dimensions, their sizes as big-endian u32, then the bytes.

use crate::settings::PIXELS;
use thiserror::Error;

/// Why a file isn't taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum IdxError {
    /// The magic number is another.
    #[error("not an IDX file of {0}")]
    Kind(&'static str),
    /// Images are of another size than 28 × 28.
    #[error("images are {0} × {1}, not 28 × 28")]
    Size(u32, u32),
    /// The header announces another number of bytes than there are.
    #[error("the file should hold {expected} bytes behind its header and holds {found}")]
    Length {
        /// Bytes that the header announces.
        expected: u64,
        /// Bytes that follow it.
        found: u64,
    },
}

/// The pixels of a file of images: `[images, 784]`.
pub fn images(file: &[u8]) -> Result<&[u8], IdxError> {
    let (header, pixels) = file.split_at_checked(16).ok_or(IdxError::Kind("images"))?;
    let [magic, count, rows, columns] = [0, 4, 8, 12].map(|at| word(header, at));
    if magic != 0x0803 {
        return Err(IdxError::Kind("images"));
    }
    if (rows, columns) != (28, 28) {
        return Err(IdxError::Size(rows, columns));
    }
    whole(pixels, u64::from(count) * PIXELS as u64)
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

    #[test]
    fn whole_files_are_read() {
        assert_eq!(images(&file(&[0x0803, 2, 28, 28], 2 * PIXELS)).unwrap().len(), 2 * PIXELS);
        assert_eq!(labels(&file(&[0x0801, 3], 3)), Ok(&[0, 1, 2][..]));
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(images(b"<!DOCTYPE html>"), Err(IdxError::Kind("images")));
        assert_eq!(images(&file(&[0x0801, 2, 28, 28], 2 * PIXELS)), Err(IdxError::Kind("images")));
        assert_eq!(images(&file(&[0x0803, 2, 32, 32], 2 * 1024)), Err(IdxError::Size(32, 32)));
        let length = IdxError::Length { expected: u64::from(u32::MAX) * 784, found: 784 };
        assert_eq!(images(&file(&[0x0803, u32::MAX, 28, 28], PIXELS)), Err(length));
        assert_eq!(labels(&file(&[0x0801, 3], 4)), Err(IdxError::Length { expected: 3, found: 4 }));
    }
}
