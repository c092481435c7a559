//! What a data set is: its name, the shape of its images, its classes and counts.

use super::{ImageShape, Split};

/// Labels are bytes.
const MOST_CLASSES: usize = 256;
/// Bytes of a name, a title or a licence at most.
const MOST_TEXT: usize = 200;

/// The description of a data set: labelled images of one shape, in a training set and a test set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetSpec {
    /// The name in links and files: lower-case letters, numerals and hyphens.
    pub name: String,
    /// The name in sentences.
    pub title: String,
    /// The shape of each image.
    pub shape: ImageShape,
    /// The name of each class, in the order of the labels. None where images have no labels.
    pub classes: Vec<String>,
    /// Images in the training set.
    pub training_images: usize,
    /// Images in the test set.
    pub test_images: usize,
    /// The licence of the images, with its address.
    pub licence: String,
}

impl DatasetSpec {
    /// How many images a set has.
    pub fn images(&self, set: Split) -> usize {
        match set {
            Split::Training => self.training_images,
            Split::Test => self.test_images,
        }
    }

    /// Whether the description is sound: what is wrong with it, if anything is.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let is_text = |text: &str| {
            !text.trim().is_empty() && text.len() <= MOST_TEXT && !text.chars().any(char::is_control)
        };
        let is_name_letter = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if !is_text(&self.name) || !self.name.bytes().all(is_name_letter) {
            return Err("its name is not made of lower-case letters, numerals and hyphens");
        }
        if !is_text(&self.title) || !is_text(&self.licence) {
            return Err("it has no title or no licence");
        }
        if !self.shape.is_supported() {
            return Err("the shape of its images is not supported");
        }
        if self.classes.len() > MOST_CLASSES || !self.classes.iter().all(|name| is_text(name)) {
            return Err("the names of its classes are empty or too many");
        }
        Ok(())
    }
}
