//! What an explorer has of the two sets.

use latent_core::data::{Images, Split};
use std::ops::Range;

/// Both sets, as far as they have arrived.
#[derive(Default)]
pub(super) struct Sets {
    training: LabelledImages,
    test: LabelledImages,
}

/// A set, as far as it has arrived.
#[derive(Default)]
pub(super) struct LabelledImages {
    pub(super) images: Images,
    pub(super) labels: Vec<u8>,
    /// Images that were requested.
    requested: usize,
}

impl Sets {
    /// A set.
    pub(super) fn of(&self, set: Split) -> &LabelledImages {
        match set {
            Split::Training => &self.training,
            Split::Test => &self.test,
        }
    }

    /// A set, to be filled.
    pub(super) fn of_mut(&mut self, set: Split) -> &mut LabelledImages {
        match set {
            Split::Training => &mut self.training,
            Split::Test => &mut self.test,
        }
    }
}

impl LabelledImages {
    /// Which of the first `images` are to be requested now, if any: those that were not requested before. Reserves
    /// their memory at once, because a training set that grows by doubling takes three times its 47 MB.
    pub(super) fn request(&mut self, images: usize) -> Option<Range<usize>> {
        let missing = self.requested..images;
        self.requested = self.requested.max(images);
        self.images.reserve(self.requested);
        (!missing.is_empty()).then_some(missing)
    }

    /// Notes that the images on their way will not arrive.
    pub(super) fn give_up_requests(&mut self) {
        self.requested = self.images.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_for_images_is_reserved_when_they_are_requested() {
        let mut set = LabelledImages::default();
        assert_eq!(set.request(1_500), Some(0..1_500));
        let capacity = set.images.capacity();
        assert!((1_500..1_600).contains(&capacity), "{capacity}");
        for _ in 0..3 {
            set.images.append(&[7; 500 * 784]).unwrap();
        }
        assert_eq!(set.images.capacity(), capacity);
        assert_eq!(set.request(1_500), None);
    }
}
