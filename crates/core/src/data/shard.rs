//! Shards: pieces of 1,000 images (or a file of labels), gzipped, listed with their hashes in a manifest.

use crate::settings::PIXELS;
use sha2::{Digest, Sha256};
use std::fmt::{self, Display};
use thiserror::Error;

/// Images in a shard of images.
pub const IMAGES_PER_SHARD: usize = 1_000;
/// Training images in the first shard, the rest of its thousand being in the second: the tutorial's first batch, so that
/// training starts with the first 40 KB.
pub const IMAGES_IN_FIRST_SHARD: usize = 256;
/// A manifest's first line, which tells its form.
const FORM: &str = "latent playground's data set, form 2";

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

/// What the data set consists of: `manifest.txt`, a line that tells the form and then one for each file: what it is, its
/// name, count, bytes packed and inflated, and SHA-256. No JSON, since a reader for that would be a tenth of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Shards of the training images, in order.
    pub train_images: Vec<Shard>,
    /// Shards of the test images, in order.
    pub test_images: Vec<Shard>,
    /// The labels of the training images.
    pub train_labels: Shard,
    /// The labels of the test images.
    pub test_labels: Shard,
    /// The decoder that the page shows before anything is trained, and the codes of so many test images.
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

/// What a line of the manifest may be about.
const KINDS: [&str; 5] = ["train-images", "test-images", "train-labels", "test-labels", "pretrained"];

impl Display for Manifest {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = std::slice::from_ref;
        let files = [
            &self.train_images[..],
            &self.test_images,
            one(&self.train_labels),
            one(&self.test_labels),
            self.pretrained.as_slice(),
        ];
        writeln!(to, "{FORM}")?;
        for (kind, shards) in KINDS.into_iter().zip(files) {
            for Shard { file, count, bytes_gzip, bytes, sha256 } in shards {
                writeln!(to, "{kind} {file} {count} {bytes_gzip} {bytes} {sha256}")?;
            }
        }
        Ok(())
    }
}

impl Manifest {
    /// Reads a manifest and checks that its numbers agree with one another, before anything is allocated for them.
    pub fn parse(text: &[u8]) -> Result<Self, ShardError> {
        let wrong = |why: String| ShardError::Manifest(why);
        let mut lines = std::str::from_utf8(text).unwrap_or_default().lines();
        if lines.next() != Some(FORM) {
            return Err(wrong("it is of another form".into()));
        }
        let mut files: [Vec<Shard>; 5] = Default::default();
        for line in lines {
            let (kind, shard) = entry(line).ok_or_else(|| wrong(format!("“{}”", start(line))))?;
            files[kind].push(shard);
        }
        let [train_images, test_images, mut train_labels, mut test_labels, mut pretrained] = files;
        let only = |labels: &mut Vec<Shard>| labels.pop().filter(|_| labels.is_empty());
        let labels = only(&mut train_labels).zip(only(&mut test_labels));
        let (Some((train_labels, test_labels)), true) = (labels, pretrained.len() <= 1) else {
            return Err(wrong("it has not one file of labels for each set".into()));
        };
        let pretrained = pretrained.pop();
        Ok(Self { train_images, test_images, train_labels, test_labels, pretrained })
    }
}

/// A line's kind, as a place in [`KINDS`], and its file, if both are sound.
fn entry(line: &str) -> Option<(usize, Shard)> {
    let mut words = line.split(' ');
    let kind = words.next().and_then(|word| KINDS.iter().position(|kind| *kind == word))?;
    let file = words.next()?;
    let [count, bytes_gzip, bytes] =
        [words.next()?, words.next()?, words.next()?].map(|word| word.parse().ok());
    let shard = Shard {
        file: file.into(),
        count: count?,
        bytes_gzip: bytes_gzip?,
        bytes: bytes?,
        sha256: words.next()?.into(),
    };
    let adds_up = |bytes_each| {
        shard.count <= MOST_IN_A_SHARD && shard.count.checked_mul(bytes_each) == Some(shard.bytes)
    };
    let is_sound = match kind {
        0 | 1 => adds_up(PIXELS),
        2 | 3 => adds_up(1),
        _ => shard.bytes <= MOST_PRETRAINED_BYTES,
    };
    let is_plain = file.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
    (is_sound && is_plain && words.next().is_none()).then_some((kind, shard))
}

/// A line's beginning, for a message.
fn start(line: &str) -> String {
    line.chars().take(40).collect()
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
            train_images: vec![shard("a.gz", 2, PIXELS)],
            test_images: vec![shard("b.gz", 1, PIXELS)],
            train_labels: shard("c.gz", 2, 1),
            test_labels: shard("d.gz", 1, 1),
            pretrained: Some(shard("e.gz", 1, 5)),
        }
    }

    fn parse(manifest: &Manifest) -> Result<Manifest, ShardError> {
        Manifest::parse(manifest.to_string().as_bytes())
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
            |manifest| manifest.train_labels.file = "c.gz 2".into(),
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
        let text = manifest().to_string();
        let twice = format!("{text}{}", text.lines().last().unwrap());
        let without_labels: String =
            text.lines().filter(|line| !line.contains("c.gz")).map(|line| format!("{line}\n")).collect();
        let other_form = text.replacen('2', "3", 1);
        for text in ["", "<!DOCTYPE html>", "\u{0}", &twice, &without_labels, &other_form] {
            assert!(matches!(Manifest::parse(text.as_bytes()), Err(ShardError::Manifest(_))), "{text}");
        }
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
