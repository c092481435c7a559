//! The error over both whole sets, a block of images at a time.

use super::{BLOCK, digits::Sets};
use latent_core::data::Split;
use latent_cpu::CpuNetwork;
use latent_protocol::ExplorerEvent;

/// The error over whole sets, on its way. The network stays as it was when this began.
pub(super) struct Measuring {
    network: CpuNetwork,
    steps: u64,
    set: Split,
    images: usize,
    squares: f64,
}

impl Measuring {
    /// Begins with the test set. The network was trained so many steps.
    pub(super) fn new(network: CpuNetwork, steps: u64) -> Self {
        Self { network, steps, set: Split::Test, images: 0, squares: 0.0 }
    }

    /// Whether the next images are there.
    pub(super) fn can_go_on(&self, sets: &Sets) -> bool {
        self.next() <= sets.of(self.set).images.len()
    }

    /// Measures the next images. Gives the measure of the set that is done with them.
    pub(super) fn go_on(&mut self, sets: &Sets) -> Option<ExplorerEvent> {
        let which = self.images..self.next();
        let images = &sets.of(self.set).images;
        self.squares += which.len() as f64 * self.network.evaluate(images, which.clone());
        self.images = which.end;
        (self.images == self.set.images()).then(|| self.measured())
    }

    /// Whether both sets are measured.
    pub(super) fn is_done(&self) -> bool {
        self.set == Split::Training && self.images == self.set.images()
    }

    fn next(&self) -> usize {
        self.set.images().min(self.images + BLOCK)
    }

    /// The measure of the set, and on to the other.
    fn measured(&mut self) -> ExplorerEvent {
        let &mut Self { steps, set, squares, .. } = self;
        if set == Split::Test {
            (self.set, self.images, self.squares) = (Split::Training, 0, 0.0);
        }
        ExplorerEvent::Measured { steps, set, loss: squares / set.images() as f64 }
    }
}
