//! How a data set places what an image shows.

use crate::data::{DatasetId, fashion_mnist, mnist};

/// Where a drawing lies in an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// The sides of the box that a drawing fills in its own proportions, as a share of the image's sides.
    pub box_share: f32,
    /// What comes to lie in the middle of the image.
    pub centre: Centre,
}

/// What comes to lie in the middle of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Centre {
    /// The centre of mass.
    Mass,
    /// The middle of the box around the drawing.
    Box,
}

impl Placement {
    /// As the images of this data set are placed. On a person's own images drawings lie as on MNIST's.
    pub fn of(dataset: DatasetId) -> Self {
        match dataset {
            DatasetId::Mnist | DatasetId::Own(_) => mnist::PLACEMENT,
            DatasetId::FashionMnist => fashion_mnist::PLACEMENT,
        }
    }

    /// How far ink has to be moved along an axis of `side` pixels, in whole pixels: to where MNIST's images have their centre,
    /// half a pixel behind the middle. `at` is the centre now, in pixels from the axis' start to the middles of pixels.
    pub(super) fn shift(side: usize, at: f64) -> i64 {
        let shift = side as f64 / 2.0 - at;
        // Not `round`, which takes half a pixel away from zero: the centre may be half a pixel before its place, and not behind
        // it.
        (shift + 0.5).floor() as i64
    }
}
