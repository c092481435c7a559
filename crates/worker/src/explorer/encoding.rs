//! The encoding of the plotted images, a block at a time.

use super::shared_network::SharedNetwork;
use latent_core::data::Images;
use latent_cpu::Inference;

/// Images that are encoded or measured in one piece at most. It takes a millisecond or two, which the pointer may have to wait.
pub(super) const BLOCK: usize = 250;

/// An encoding under way.
pub(super) struct Encoding<N> {
    network: SharedNetwork<N>,
    units: usize,
    codes: Vec<f32>,
}

impl<N: Inference> Encoding<N> {
    /// Begins to encode so many images into codes of so many units.
    pub(super) fn new(network: SharedNetwork<N>, units: usize, images: usize) -> Self {
        Self { network, units, codes: Vec::with_capacity(images * units) }
    }

    /// Encodes the next block. Returns all codes once the first `count` images are encoded.
    pub(super) fn advance(&mut self, images: &Images, count: usize) -> Option<Vec<f32>> {
        let start = self.codes.len() / self.units;
        let end = count.min(start + self.network.images_at_once(BLOCK));
        self.codes.extend(self.network.encode(images, start..end));
        (end == count).then(|| std::mem::take(&mut self.codes))
    }
}
