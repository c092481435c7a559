//! Shards: gzipped pieces of a data set, each with the hash of what it holds.

use sha2::{Digest, Sha256};
use thiserror::Error;

/// Images in a shard of images.
pub const IMAGES_PER_SHARD: usize = 1_000;
/// Training images in the first shard, the rest of its thousand being in the second: the tutorial's first batch, so that
/// training starts with the first 40 KB.
pub const IMAGES_IN_FIRST_SHARD: usize = 256;

/// A file of the data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// The file's name, beside the manifest.
    pub file: String,
    /// Images or labels in it.
    pub count: usize,
    /// Bytes of the file.
    pub bytes_gzip: usize,
    /// Bytes when inflated.
    pub bytes: usize,
    /// SHA-256 of the inflated bytes, in hexadecimal.
    pub sha256: String,
}

/// Why a file of the data set is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ShardError {
    /// The manifest is damaged, or of another form.
    #[error("the data set's manifest can't be read: {0}")]
    Manifest(String),
    /// The inflated bytes are too few or too many.
    #[error("{file} holds {found} bytes, not {expected}")]
    Length {
        /// The shard's name.
        file: String,
        /// Bytes found.
        found: usize,
        /// Bytes that the manifest announces.
        expected: usize,
    },
    /// The inflated bytes are others than those packed.
    #[error("{0} is not the file that was packed: its SHA-256 differs")]
    Hash(String),
}

impl Shard {
    /// The entry of a file that holds `bytes`, inflated, in `bytes_gzip`, packed.
    pub fn new(file: String, count: usize, bytes: &[u8], bytes_gzip: usize) -> Self {
        Self { file, count, bytes_gzip, bytes: bytes.len(), sha256: sha256(bytes) }
    }

    /// Whether the inflated bytes are those that were packed.
    pub fn verify(&self, inflated: &[u8]) -> Result<(), ShardError> {
        if inflated.len() != self.bytes {
            let (file, found, expected) = (self.file.clone(), inflated.len(), self.bytes);
            return Err(ShardError::Length { file, found, expected });
        }
        if sha256(inflated) == self.sha256 { Ok(()) } else { Err(ShardError::Hash(self.file.clone())) }
    }
}

/// Cuts images of so many `values` each into the contents of shards: [`IMAGES_PER_SHARD`] images each, and of the first so many
/// the `first` ones in a shard of their own.
pub fn cut(pixels: &[u8], values: usize, first: usize) -> impl Iterator<Item = &[u8]> {
    let (start, rest) = pixels.split_at(pixels.len().min(first * values));
    let (second, rest) = rest.split_at(rest.len().min((IMAGES_PER_SHARD - first) * values));
    let pieces = [start, second].into_iter().chain(rest.chunks(IMAGES_PER_SHARD * values));
    pieces.filter(|pixels| !pixels.is_empty())
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_cut_by_the_thousand_and_the_first_ones_apart() {
        let lengths =
            |images: usize, first| cut(&vec![7; 2 * images], 2, first).map(<[u8]>::len).collect::<Vec<_>>();
        assert_eq!(lengths(2_300, 256), [512, 1_488, 2_000, 600]);
        assert_eq!(lengths(2_300, IMAGES_PER_SHARD), [2_000, 2_000, 600]);
        assert_eq!(lengths(256, 256), [512]);
        assert!(lengths(0, 256).is_empty());
    }

    #[test]
    fn altered_cut_or_longer_bytes_are_refused() {
        let good = vec![7; 200];
        let shard = Shard::new("a.gz".into(), 2, &good, 9);
        assert_eq!(shard.verify(&good), Ok(()));
        let mut altered = good.clone();
        altered[5] ^= 1;
        assert_eq!(shard.verify(&altered), Err(ShardError::Hash("a.gz".into())));
        assert!(matches!(shard.verify(&good[1..]), Err(ShardError::Length { .. })));
        assert!(matches!(shard.verify(&[good.as_slice(), &[7]].concat()), Err(ShardError::Length { .. })));
    }
}
