//! The loss over both whole sets, measured a block of images at a time.

use super::{encoding::BLOCK, images::Sets, shared_network::SharedNetwork};
use latent_core::data::{DatasetId, Split};
use latent_cpu::Inference;
use latent_protocol::ExplorerEvent;

/// An evaluation under way: first of the test set, then of the training set.
pub(super) struct Evaluation<N> {
    dataset: DatasetId,
    network: SharedNetwork<N>,
    steps: u64,
    set: Split,
    images: usize,
    /// The sum of the images' losses.
    sum: f64,
}

impl<N: Inference> Evaluation<N> {
    /// Begins to evaluate a network that was trained so many steps.
    pub(super) fn new(dataset: DatasetId, network: SharedNetwork<N>, steps: u64) -> Self {
        Self { dataset, network, steps, set: Split::Test, images: 0, sum: 0.0 }
    }

    /// Whether the images of the next block have arrived.
    pub(super) fn can_advance(&self, sets: &Sets) -> bool {
        self.end() <= sets.of(self.set).images.len()
    }

    /// Evaluates the next block. Returns the error of the set that ends with it.
    pub(super) fn advance(&mut self, sets: &Sets) -> Option<ExplorerEvent> {
        let which = self.images..self.end();
        let images = &sets.of(self.set).images;
        self.sum += which.len() as f64 * self.network.evaluate(images, which.clone());
        self.images = which.end;
        (self.images == self.set_images()).then(|| self.finish_set())
    }

    /// Whether both sets are evaluated.
    pub(super) fn is_done(&self) -> bool {
        self.set == Split::Training && self.images == self.set_images()
    }

    /// Images of the set that is evaluated.
    fn set_images(&self) -> usize {
        self.dataset.images(self.set)
    }

    fn end(&self) -> usize {
        self.set_images().min(self.images + self.network.images_at_once(BLOCK))
    }

    fn finish_set(&mut self) -> ExplorerEvent {
        let images = self.set_images();
        let &mut Self { steps, set, sum, .. } = self;
        if set == Split::Test {
            (self.set, self.images, self.sum) = (Split::Training, 0, 0.0);
        }
        ExplorerEvent::Measured { steps, set, loss: sum / images as f64 }
    }
}
