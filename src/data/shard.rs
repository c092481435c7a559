//! Shards: pieces of 1,000 images (or a file of labels), gzipped, listed with their hashes in a manifest.

use crate::settings::PIXELS;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Images in a shard of images.
pub const IMAGES_PER_SHARD: usize = 1_000;
/// Training images in the first shard, the rest of its thousand being in the second: the tutorial's first batch, so that
/// training starts with the first 40 KB.
pub const IMAGES_IN_FIRST_SHARD: usize = 256;
/// The version of the manifest's form.
pub const MANIFEST_VERSION: u32 = 1;

/// A file of the data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// What the data set consists of: `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`].
    pub version: u32,
    /// Shards of the training images, in order.
    pub train_images: Vec<Shard>,
    /// Shards of the test images, in order.
    pub test_images: Vec<Shard>,
    /// The labels of the training images.
    pub train_labels: Shard,
    /// The labels of the test images.
    pub test_labels: Shard,
    /// The decoder that the page shows before anything is trained, and the codes of so many test images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pretrained: Option<Shard>,
}

/// Why a file of the data set isn't taken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ShardError {
    /// The manifest isn't what this program writes.
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

impl Manifest {
    /// Reads a manifest and checks that its numbers agree with one another, before anything is allocated for them.
    pub fn parse(json: &[u8]) -> Result<Self, ShardError> {
        let wrong = |why: String| ShardError::Manifest(why);
        let manifest: Self = serde_json::from_slice(json).map_err(|error| wrong(error.to_string()))?;
        if manifest.version != MANIFEST_VERSION {
            return Err(wrong(format!("version {} instead of {MANIFEST_VERSION}", manifest.version)));
        }
        let images = manifest.train_images.iter().chain(&manifest.test_images).map(|shard| (shard, PIXELS));
        let labels = [&manifest.train_labels, &manifest.test_labels].into_iter().map(|shard| (shard, 1));
        let fits = |(shard, bytes_each): (&Shard, usize)| {
            shard.count <= MOST_IN_A_SHARD && shard.count.checked_mul(bytes_each) == Some(shard.bytes)
        };
        let is_small = |shard: &Shard| shard.bytes <= MOST_PRETRAINED_BYTES;
        let of_mnist = images.chain(labels).map(|(shard, bytes_each)| (shard, fits((shard, bytes_each))));
        let pretrained = manifest.pretrained.iter().map(|shard| (shard, is_small(shard)));
        for (shard, is_sound) in of_mnist.chain(pretrained) {
            let is_plain = shard.file.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
            if !is_sound || !is_plain {
                return Err(wrong(format!("the entry of “{}” is not sound", shard.file)));
            }
        }
        Ok(manifest)
    }
}

/// More images or labels than this are in no shard.
const MOST_IN_A_SHARD: usize = 100_000;
/// Bytes of the pretrained decoder at most, inflated: it has a quarter of a million weights, of a byte each.
const MOST_PRETRAINED_BYTES: usize = 1_000_000;

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

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let shard =
            |file: &str, count, bytes_each| Shard::new(file.into(), count, &vec![7; count * bytes_each], 9);
        Manifest {
            version: MANIFEST_VERSION,
            train_images: vec![shard("a.gz", 2, PIXELS)],
            test_images: vec![shard("b.gz", 1, PIXELS)],
            train_labels: shard("c.gz", 2, 1),
            test_labels: shard("d.gz", 1, 1),
            pretrained: Some(shard("e.gz", 1, 5)),
        }
    }

    fn parse(manifest: &Manifest) -> Result<Manifest, ShardError> {
        Manifest::parse(&serde_json::to_vec(manifest).unwrap())
    }

    #[test]
    fn a_manifest_reads_back() {
        assert_eq!(parse(&manifest()), Ok(manifest()));
        let bare = Manifest { pretrained: None, ..manifest() };
        assert_eq!(parse(&bare), Ok(bare));
    }

    #[test]
    fn a_manifest_that_does_not_add_up_is_refused() {
        let spoil: [fn(&mut Manifest); 6] = [
            |manifest| manifest.version = 2,
            |manifest| manifest.train_images[0].count = 3,
            |manifest| manifest.test_images[0].file = "../b.gz".into(),
            |manifest| (manifest.test_labels.count, manifest.test_labels.bytes) = (usize::MAX, usize::MAX),
            |manifest| manifest.pretrained.as_mut().unwrap().bytes = usize::MAX,
            |manifest| manifest.pretrained.as_mut().unwrap().file = "a/b".into(),
        ];
        for spoil in spoil {
            let mut manifest = manifest();
            spoil(&mut manifest);
            assert!(matches!(parse(&manifest), Err(ShardError::Manifest(_))));
        }
        assert!(matches!(Manifest::parse(b"<!DOCTYPE html>"), Err(ShardError::Manifest(_))));
    }

    #[test]
    fn altered_cut_or_longer_bytes_are_refused() {
        let shard = &manifest().train_images[0];
        let good = vec![7; 2 * PIXELS];
        assert_eq!(shard.verify(&good), Ok(()));
        let mut altered = good.clone();
        altered[5] ^= 1;
        assert_eq!(shard.verify(&altered), Err(ShardError::Hash("a.gz".into())));
        assert!(matches!(shard.verify(&good[1..]), Err(ShardError::Length { .. })));
        assert!(matches!(shard.verify(&[good.as_slice(), &[7]].concat()), Err(ShardError::Length { .. })));
    }
}
