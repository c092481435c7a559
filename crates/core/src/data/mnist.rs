//! MNIST's sizes and names. This is the only place that knows them: other code reads a [`DatasetSpec`].

use super::{DatasetSpec, ImageShape};

/// Pixels along each side of an image.
pub const SIDE: usize = 28;
/// The shape of an image: grey.
pub const SHAPE: ImageShape = ImageShape { height: SIDE, width: SIDE, channels: 1 };
/// Pixels of an image.
pub const PIXELS: usize = SHAPE.values();
/// Images in the training set.
pub const TRAINING_IMAGES: usize = 60_000;
/// Images in the test set, on which the validation loss is taken.
pub const TEST_IMAGES: usize = 10_000;
/// One image, in sentences.
pub const SAMPLE: &str = "digit";
/// Several images, in sentences.
pub const SAMPLES: &str = "digits";
/// Classes: the digits 0 to 9.
pub const CLASSES: usize = 10;

impl DatasetSpec {
    /// MNIST, which the project serves, and which every link and file means that names no data set.
    pub fn mnist() -> Self {
        Self {
            name: "mnist".into(),
            title: "MNIST".into(),
            shape: SHAPE,
            classes: (0..CLASSES).map(|digit| digit.to_string()).collect(),
            training_images: TRAINING_IMAGES,
            test_images: TEST_IMAGES,
            licence: "CC BY-SA 3.0, https://creativecommons.org/licenses/by-sa/3.0/".into(),
        }
    }
}
