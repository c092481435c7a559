//! A person's own images: what links, files and messages say of them. The images themselves, and the names of files and
//! classes, are no part of it.

use super::{DatasetSpec, ImageShape};
use serde::{Deserialize, Serialize};

/// Which set of a person's own images a run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSet {
    /// SHA-256 of shape, classes, labels and pixels.
    pub sha256: [u8; 32],
    /// The shape of each image.
    pub shape: ImageShape,
    /// Images to train on.
    pub training_images: usize,
    /// Images to validate with.
    pub test_images: usize,
}

/// What the names of such sets begin with.
const PREFIX: &str = "own-";

impl OwnSet {
    /// Bytes of all pixels at most.
    pub const MOST_PIXEL_BYTES: usize = 200_000_000;
    /// Classes at most.
    pub const MOST_CLASSES: usize = 100;
    /// Images in a split at most.
    pub const MOST_IMAGES: usize = 250_000;
    /// The title of every such set, in sentences.
    pub const TITLE: &str = "your own images";

    /// The name in manifests: `own-` and the hash.
    pub fn name(&self) -> String {
        self.sha256.iter().fold(PREFIX.to_owned(), |name, byte| format!("{name}{byte:02x}"))
    }

    /// The set as text: its name, the shape of its images, and how many there are to train on and to validate with.
    pub fn text(&self) -> String {
        format!("{}-{}-{}-{}", self.name(), self.shape.name(), self.training_images, self.test_images)
    }

    /// Reads what [`OwnSet::text`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix(PREFIX)?.split('-');
        let mut next = || parts.next();
        let (hash, shape, training, test) = (next()?, next()?, next()?, next()?);
        let count = |text: &str| text.parse().ok().filter(|count| (1..=Self::MOST_IMAGES).contains(count));
        let set = Self {
            sha256: hash_of(hash)?,
            shape: ImageShape::from_name(shape)?,
            training_images: count(training)?,
            test_images: count(test)?,
        };
        next().is_none().then_some(set)
    }

    /// The set that a manifest describes, if it is one of this kind.
    pub fn of(dataset: &DatasetSpec) -> Option<Self> {
        let DatasetSpec { name, shape, training_images, test_images, .. } = dataset;
        Self::parse(&format!("{name}-{}-{training_images}-{test_images}", shape.name()))
    }
}

fn hash_of(text: &str) -> Option<[u8; 32]> {
    let is_hash = text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    let byte = |at: usize| text.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    is_hash.then(|| std::array::from_fn(|at| byte(at).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> OwnSet {
        let shape = ImageShape { height: 32, width: 16, channels: 3 };
        OwnSet {
            sha256: std::array::from_fn(|at| 7 * at as u8),
            shape,
            training_images: 450,
            test_images: 50,
        }
    }

    #[test]
    fn a_set_reads_back_from_its_text() {
        let text = set().text();
        assert_eq!(
            text,
            "own-00070e151c232a31383f464d545b626970777e858c939aa1a8afb6bdc4cbd2d9-32x16x3-450-50"
        );
        assert_eq!(OwnSet::parse(&text), Some(set()));
    }

    #[test]
    fn anything_else_is_none() {
        let text = set().text();
        for broken in [
            text.replace("own-", ""),
            text.replace("0007", "000"),
            text.replace("0e15", "0E15"),
            text.replace("32x16x3", "32x16x2"),
            text.replace("-450", "-0"),
            text.replace("-450", "-450000000"),
            format!("{text}-1"),
            text.replace("-50", ""),
            "own-é".into(),
            String::new(),
        ] {
            assert_eq!(OwnSet::parse(&broken), None, "{broken}");
        }
    }
}
