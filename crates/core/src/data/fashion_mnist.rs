//! Fashion-MNIST's sizes and names. It was made to take MNIST's place: shapes and counts are the same.
//!
//! The classes are those of the table "Labels" in <https://github.com/zalandoresearch/fashion-mnist>.

use super::{ImageShape, dataset_id::Words, mnist};
use crate::drawing::{Centre, Placement};

/// The name in sentences.
pub(super) const TITLE: &str = "Fashion-MNIST";
/// The shape of an image.
pub(super) const SHAPE: ImageShape = mnist::SHAPE;
/// Where the items lie: as large as the image, in its middle.
pub(crate) const PLACEMENT: Placement = Placement { box_share: 1.0, centre: Centre::Box };
/// Images in the training set.
pub(super) const TRAINING_IMAGES: usize = mnist::TRAINING_IMAGES;
/// Images in the test set.
pub(super) const TEST_IMAGES: usize = mnist::TEST_IMAGES;
/// The words for its images.
pub(super) const WORDS: Words = Words {
    sample: "item",
    samples: "items",
    about: "Pictures of clothes, shoes and bags: harder to reconstruct than MNIST, and 31 MB to load instead of 11.",
};
/// The names of the classes, in the order of the labels.
pub(super) const CLASS_NAMES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];
/// The licence of the images, with its address.
pub(super) const LICENCE: &str = "MIT, https://github.com/zalandoresearch/fashion-mnist/blob/master/LICENSE";
