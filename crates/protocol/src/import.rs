//! Messages between the page and the program that imports a person's own images.

use latent_core::data::{DatasetId, OwnSet, Recipe};
use serde::{Deserialize, Serialize};

/// What the page asks of the import program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportCommand {
    /// Looks at files, which come with the command: an array of pairs of path and file. If they are one file of a set, the set is
    /// imported.
    Survey {
        /// The person's name for what was given.
        title: String,
        /// Whether more than one file or folder was given: names of archives are folders then.
        several: bool,
    },
    /// Shows what a recipe makes of some of the pictures.
    Sample(Recipe),
    /// Makes one image of a picture, whose file comes with the command.
    Picture(PictureUse),
    /// Imports the files by a recipe, and stores the set in the browser.
    Import(Recipe),
}

/// How a picture becomes one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureUse {
    /// As the pictures of a set of the person's own images became its images.
    Recipe(Recipe),
    /// What it shows, placed as in the images of this data set.
    Drawing(DatasetId),
}

/// What the import program reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportEvent {
    /// So many percent of the files have been read.
    Progress(u8),
    /// What the files hold.
    Surveyed(SurveyReport),
    /// Some of the pictures as the recipe makes them: `[pictures, height, width, channels]`.
    Sampled(Recipe, #[serde(with = "serde_bytes")] Vec<u8>),
    /// The picture as an image, `[height, width, channels]`.
    Picture(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The set is stored in the browser.
    Imported {
        /// Which set it is.
        set: OwnSet,
        /// What was skipped.
        skipped: SkippedReport,
    },
    /// There is no set. Why, as a sentence.
    Failed(String),
}

/// What files hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyReport {
    /// All images.
    pub images: usize,
    /// Those that the files name as a test set.
    pub test_images: usize,
    /// The names of the classes and their images, in the order of the labels.
    pub classes: Vec<(String, usize)>,
    /// Width and height of images, and how many have them: the most frequent ones, these first.
    pub sizes: Vec<([u32; 2], usize)>,
    /// Whether there are more sizes.
    pub has_more_sizes: bool,
    /// What was skipped.
    pub skipped: SkippedReport,
}

/// Files that are no part of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedReport {
    /// How many there are.
    pub files: usize,
    /// The paths of the first ones, and why they were skipped.
    pub listed: Vec<(String, String)>,
}
