//! The decoding of many codes, some images at a time.

use super::shared_network::SharedNetwork;
use latent_cpu::Inference;

/// Images that are decoded in one piece at most, in a millisecond or two.
const BLOCK: usize = 80;

/// The decoding of codes under way.
pub(super) struct CodeDecoding<N> {
    network: SharedNetwork<N>,
    units: usize,
    codes: Vec<f32>,
    /// Codes that are decoded, of `codes`.
    decoded: usize,
    /// Their images, `[n, height, width, channels]`.
    images: Vec<u8>,
}

impl<N: Inference> CodeDecoding<N> {
    /// Begins to decode codes, `[n, units]`, which have as many units as the network's.
    pub(super) fn new(network: SharedNetwork<N>, units: usize, codes: Vec<f32>) -> Self {
        Self { network, units, codes, decoded: 0, images: Vec::new() }
    }

    /// Decodes the next images. Returns all of them once the last is decoded.
    pub(super) fn advance(&mut self) -> Option<Vec<u8>> {
        let (units, count) = (self.units, self.codes.len() / self.units);
        let end = count.min(self.decoded + self.network.images_at_once(BLOCK));
        let block = self.network.decode(&self.codes[self.decoded * units..end * units]);
        if self.decoded == 0 && end > 0 {
            self.images.reserve_exact(block.len() / end * count);
        }
        self.images.extend(block);
        self.decoded = end;
        (end == count).then(|| std::mem::take(&mut self.images))
    }
}
