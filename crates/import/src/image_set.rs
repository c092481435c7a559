//! A set of images of one shape, and what identifies it.

use latent_core::data::ImageShape;
use sha2::{Digest, Sha256};

/// The images of a split.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Bytes row by row, channels innermost, image after image.
    pub pixels: Vec<u8>,
    /// The class of each image, as a place among the names of the classes; 0 where there are none.
    pub labels: Vec<u8>,
}

impl Part {
    /// How many images there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

/// Images to train on, and images to validate with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageSet {
    /// The shape of every image.
    pub shape: ImageShape,
    /// The names of the classes, in the order of the labels. Empty where no image has a label.
    pub classes: Vec<String>,
    /// The images to train on, in an order that the recipe's seed gives.
    pub training: Part,
    /// The images to validate with.
    pub test: Part,
}

impl ImageSet {
    /// SHA-256, in hexadecimal, of shape, names of the classes, and labels and pixels of both splits. Names of files are no
    /// part of it.
    pub fn sha256(&self) -> String {
        self.hash().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether each label is that of a class; 0 where there are no classes.
    pub(crate) fn has_sound_labels(&self) -> bool {
        let labels = [&self.training, &self.test].into_iter().flat_map(|part| &part.labels);
        labels.copied().all(|label| usize::from(label) < self.classes.len().max(1))
    }

    /// The same in bytes.
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"latent playground's image set, form 1\n");
        hash.update(self.shape.name());
        let number = |hash: &mut Sha256, number: usize| hash.update((number as u64).to_le_bytes());
        number(&mut hash, self.classes.len());
        for name in &self.classes {
            number(&mut hash, name.len());
            hash.update(name);
        }
        for part in [&self.training, &self.test] {
            number(&mut hash, part.len());
            hash.update(&part.labels);
            hash.update(&part.pixels);
        }
        hash.finalize().into()
    }
}
