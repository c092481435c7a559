//! What an explorer has of the two sets.

use latent_core::data::{DatasetId, Images, Split};
use std::ops::Range;

/// Both sets of a data set, as far as they have arrived.
pub(super) struct Sets {
    dataset: DatasetId,
    training: LabelledImages,
    test: LabelledImages,
}

/// A set, as far as it has arrived.
pub(super) struct LabelledImages {
    pub(super) images: Images,
    pub(super) labels: Vec<u8>,
    /// Images that were requested.
    requested: usize,
}

impl Sets {
    /// No images yet, of this data set.
    pub(super) fn new(dataset: DatasetId) -> Self {
        let [training, test] = [(); 2].map(|()| LabelledImages::new(dataset));
        Self { dataset, training, test }
    }

    /// The data set.
    pub(super) fn dataset(&self) -> DatasetId {
        self.dataset
    }

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
    fn new(dataset: DatasetId) -> Self {
        Self { images: Images::new(dataset.shape()), labels: Vec::new(), requested: 0 }
    }

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
        let mut set = LabelledImages::new(DatasetId::Mnist);
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
