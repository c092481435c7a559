//! A deterministic dense network for inference, with the fastest instructions that this machine has.

use super::{
    dense_trainer::DenseTrainerOf,
    inference::{self, CodePart, Infer, Workspace},
    instructions::Instructions,
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use std::ops::Range;

/// A deterministic dense network of any depth for inference.
pub type DenseNetwork = DenseNetworkOf<true>;
/// A deterministic dense network with one hidden layer on each side of the code for inference, as
/// [`ColumnParallelTrainer`](super::ColumnParallelTrainer) trains it.
pub type ColumnParallelNetwork = DenseNetworkOf<false>;

/// A deterministic dense network for inference: weights, and buffers for a few hundred images.
pub struct DenseNetworkOf<const LARGE: bool> {
    network: Box<dyn Infer>,
    workspace: Workspace,
    code: usize,
}

impl<const LARGE: bool> DenseNetworkOf<LARGE> {
    /// A network with these weights.
    pub fn new(model: &ModelSpec, weights: &Weights) -> Result<Self, TrainerError> {
        DenseTrainerOf::<LARGE>::supports(model)?;
        if let Some(feature) = model.beyond_dense() {
            return Err(Unsupported(feature.into()).into());
        }
        let network = if LARGE {
            inference::network(Instructions::best(), model)
        } else {
            inference::column_parallel_network(Instructions::best(), model)
        };
        let mut network = Self { network, workspace: Workspace::new(1), code: model.latent_units() };
        network.load(weights)?;
        Ok(network)
    }

    /// Copies other weights into the network, without allocating. If they don't fit, the network stays as it is.
    pub fn load(&mut self, weights: &Weights) -> Result<(), TrainerError> {
        self.network.load(weights)
    }

    /// The codes of these images: `[which, code]`.
    pub fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32> {
        self.network.encode(&mut self.workspace, images, which, CodePart::Mean)
    }

    /// The images at these codes (`[n, code]`), about 0..=1: `[n, pixels]`.
    pub fn decode(&mut self, codes: &[f32]) -> Vec<f32> {
        assert!(codes.len().is_multiple_of(self.code), "codes have {} numbers each", self.code);
        self.network.decode(&mut self.workspace, codes)
    }

    /// The losses over these images.
    pub fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Losses {
        self.network.evaluate(&mut self.workspace, images, which)
    }
}
