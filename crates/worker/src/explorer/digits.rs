//! What an explorer has of the two sets.

use latent_core::data::{Images, Split};
use std::ops::Range;

/// Both sets, as far as they are there.
#[derive(Default)]
pub(super) struct Sets {
    training: Digits,
    test: Digits,
}

/// What of a set is there.
#[derive(Default)]
pub(super) struct Digits {
    pub(super) images: Images,
    pub(super) labels: Vec<u8>,
    /// Images that were asked for.
    asked: usize,
}

impl Sets {
    /// What of a set is there.
    pub(super) fn of(&self, set: Split) -> &Digits {
        match set {
            Split::Training => &self.training,
            Split::Test => &self.test,
        }
    }

    /// The same, to be filled.
    pub(super) fn of_mut(&mut self, set: Split) -> &mut Digits {
        match set {
            Split::Training => &mut self.training,
            Split::Test => &mut self.test,
        }
    }
}

impl Digits {
    /// Which of the first `images` are neither there nor on their way; from now on they are.
    pub(super) fn missing(&mut self, images: usize) -> Option<Range<usize>> {
        let missing = self.asked..images;
        self.asked = self.asked.max(images);
        (!missing.is_empty()).then_some(missing)
    }

    /// Whatever was on its way won't come.
    pub(super) fn gave_up(&mut self) {
        self.asked = self.images.len();
    }
}
