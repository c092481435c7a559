//! MNIST's sizes and names. This is the only place that knows them: other code reads a [`DatasetSpec`](super::DatasetSpec) or
//! asks a [`DatasetId`](super::DatasetId).

use super::{ImageShape, dataset_id::Words};
use crate::drawing::{Centre, Placement};

/// The name in sentences.
pub(super) const TITLE: &str = "MNIST";
/// Pixels along each side of an image.
pub const SIDE: usize = 28;
/// The shape of an image: grey.
pub const SHAPE: ImageShape = ImageShape { height: SIDE, width: SIDE, channels: 1 };
/// Pixels of an image.
pub const PIXELS: usize = SHAPE.values();
/// Where the digits lie: in a box of 20 pixels, their centre of mass in the middle.
pub(crate) const PLACEMENT: Placement = Placement { box_share: 20.0 / SIDE as f32, centre: Centre::Mass };
/// Images in the training set.
pub const TRAINING_IMAGES: usize = 60_000;
/// Images in the test set, on which the validation loss is taken.
pub const TEST_IMAGES: usize = 10_000;
/// The words for its images.
pub(super) const WORDS: Words =
    Words { sample: "digit", samples: "digits", about: "Handwritten digits, 0 to 9." };
/// Classes: the digits 0 to 9.
pub const CLASSES: usize = CLASS_NAMES.len();
/// The names of the classes, in the order of the labels.
pub(super) const CLASS_NAMES: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/// The licence of the images, with its address.
pub(super) const LICENCE: &str = "CC BY-SA 3.0, https://creativecommons.org/licenses/by-sa/3.0/";
