//! The encoding of the plotted images, a block at a time, and the error of each.

use super::{half_precision::HalfWeights, networks::Explored, shared_network::SharedNetwork};
use latent_core::{data::Images, plane::Plotted};
use latent_cpu::Inference;
use std::{mem::take, rc::Rc};

/// Images that are encoded or measured in one piece at most. It takes a millisecond or two, which the pointer may have to wait.
pub(super) const BLOCK: usize = 250;

/// An encoding under way.
pub(super) struct Encoding<N> {
    network: SharedNetwork<N>,
    /// The network's weights as they are kept, of a run.
    pub(super) weights: Option<Rc<HalfWeights>>,
    /// The images that are plotted.
    pub(super) plotted: Plotted,
    steps: u64,
    units: usize,
    /// Images that are done.
    images: usize,
    codes: Codes,
    /// Their errors, if they are measured.
    errors: Option<Vec<f32>>,
}

/// What an encoding gives.
pub(super) struct Encoded {
    pub(super) units: usize,
    /// Steps that the network had been trained.
    pub(super) steps: u64,
    pub(super) codes: Vec<f32>,
    /// Empty if they were not measured.
    pub(super) errors: Vec<f32>,
}

/// The codes of the images.
enum Codes {
    /// Those that came with the pretrained decoder, of all images.
    Known(Vec<f32>),
    /// Those of the images that are done.
    Encoded(Vec<f32>),
}

impl<N: Inference> Encoding<N> {
    /// Begins to encode the plotted images, and to measure what the network makes of their codes if it `measures`.
    pub(super) fn new(explored: &Explored<N>, plotted: Plotted, measures: bool) -> Self {
        let units = explored.model.latent_units();
        let codes = match &explored.codes {
            Some(known) => Codes::Known(known.clone()),
            None => Codes::Encoded(Vec::new()),
        };
        let (network, weights) = (explored.network.clone(), explored.kept.clone());
        let errors = measures.then(Vec::new);
        Self { network, weights, plotted, steps: explored.steps, units, images: 0, codes, errors }
    }

    /// Does the next block. Returns the codes once the first `count` images are done.
    pub(super) fn advance(&mut self, images: &Images, count: usize) -> Option<Encoded> {
        let count = match &self.codes {
            Codes::Known(known) => count.min(known.len() / self.units),
            Codes::Encoded(_) => count,
        };
        let block = self.images..count.min(self.images + self.network.images_at_once(BLOCK));
        if let Codes::Encoded(codes) = &mut self.codes {
            codes.extend(self.network.encode(images, block.clone()));
        }
        let (Codes::Known(codes) | Codes::Encoded(codes)) = &mut self.codes;
        if let Some(errors) = &mut self.errors {
            let of_block = &codes[block.start * self.units..block.end * self.units];
            errors.extend(self.network.errors(of_block, images, block.clone()));
        }
        self.images = block.end;
        (self.images == count).then(|| Encoded {
            units: self.units,
            steps: self.steps,
            codes: take(codes),
            errors: self.errors.take().unwrap_or_default(),
        })
    }
}
