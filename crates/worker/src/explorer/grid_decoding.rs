//! The decoding of a grid of codes, some images at a time.

use super::shared_network::SharedNetwork;
use latent_core::plane::Grid;
use latent_cpu::Inference;
use latent_protocol::ExplorerEvent;

/// Images that are decoded in one piece at most, in a millisecond or two.
const BLOCK: usize = 80;

/// The decoding of a grid under way.
pub(super) struct GridDecoding<N> {
    network: SharedNetwork<N>,
    grid: Grid,
    codes: Vec<f32>,
    /// Codes that are decoded, of `codes`.
    decoded: usize,
    /// Their images, `[n, height, width, channels]`.
    images: Vec<u8>,
}

impl<N: Inference> GridDecoding<N> {
    /// Begins to decode a grid, whose codes have as many units as the network's.
    pub(super) fn new(network: SharedNetwork<N>, grid: Grid) -> Self {
        Self { network, codes: grid.codes(), decoded: 0, images: Vec::new(), grid }
    }

    /// Decodes the next images. Returns all of them once the grid is decoded.
    pub(super) fn advance(&mut self) -> Option<ExplorerEvent> {
        let (units, count) = (self.grid.units(), self.codes.len() / self.grid.units());
        let end = count.min(self.decoded + self.network.images_at_once(BLOCK));
        let block = self.network.decode(&self.codes[self.decoded * units..end * units]);
        if self.decoded == 0 && end > 0 {
            self.images.reserve_exact(block.len() / end * count);
        }
        self.images.extend(block);
        self.decoded = end;
        let mapped =
            || ExplorerEvent::Mapped { grid: self.grid.clone(), images: std::mem::take(&mut self.images) };
        (end == count).then(mapped)
    }
}
