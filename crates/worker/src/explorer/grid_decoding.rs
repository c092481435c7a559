//! The decoding of a grid of codes.

use super::{code_decoding::CodeDecoding, shared_network::SharedNetwork};
use latent_core::plane::Grid;
use latent_cpu::Inference;
use latent_protocol::ExplorerEvent;

/// The decoding of a grid under way.
pub(super) struct GridDecoding<N> {
    grid: Grid,
    decoding: CodeDecoding<N>,
}

impl<N: Inference> GridDecoding<N> {
    /// Begins to decode a grid, whose codes have as many units as the network's.
    pub(super) fn new(network: SharedNetwork<N>, grid: Grid) -> Self {
        Self { decoding: CodeDecoding::new(network, grid.units(), grid.codes()), grid }
    }

    /// Decodes the next images. Returns all of them once the grid is decoded.
    pub(super) fn advance(&mut self) -> Option<ExplorerEvent> {
        let images = self.decoding.advance()?;
        Some(ExplorerEvent::Mapped { grid: self.grid.clone(), images })
    }
}
