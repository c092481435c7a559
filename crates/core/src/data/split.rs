//! How MNIST is split.

use crate::settings::{TEST_IMAGES, TRAINING_IMAGES};
use serde::{Deserialize, Serialize};

/// One of MNIST's two sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Split {
    /// 60,000 images to learn from.
    Training,
    /// 10,000 images that are never learned from.
    Test,
}

impl Split {
    /// How many images the set has.
    pub fn images(self) -> usize {
        match self {
            Self::Training => TRAINING_IMAGES,
            Self::Test => TEST_IMAGES,
        }
    }

    /// The set's name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Test => "test",
        }
    }
}
