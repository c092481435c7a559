//! A network for inference on the CPU, by the engine within that trains its model.

use super::{DenseNetwork, LayeredNetwork};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, TrainerError},
    weights::Weights,
};
use std::ops::Range;

/// A network for inference: weights, and buffers for a few hundred images.
pub enum CpuNetwork {
    /// Deterministic dense networks.
    Dense(DenseNetwork),
    /// Every other model.
    Layered(LayeredNetwork),
}

impl CpuNetwork {
    /// A network with these weights.
    pub fn new(model: &ModelSpec, weights: &Weights) -> Result<Self, TrainerError> {
        Ok(match model.beyond_dense() {
            None => Self::Dense(DenseNetwork::new(model, weights)?),
            Some(_) => Self::Layered(LayeredNetwork::new(model, weights)?),
        })
    }

    /// Copies other weights into the network. If they don't fit, the network stays as it is.
    pub fn load(&mut self, weights: &Weights) -> Result<(), TrainerError> {
        match self {
            Self::Dense(network) => network.load(weights),
            Self::Layered(network) => network.load(weights),
        }
    }

    /// The codes of these images, of a variational model their means: `[which, code]`.
    pub fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32> {
        match self {
            Self::Dense(network) => network.encode(images, which),
            Self::Layered(network) => network.encode(images, which),
        }
    }

    /// The logarithms of the variances of these images' codes, `[which, code]`. None where codes are points.
    pub fn log_variances(&mut self, images: &Images, which: Range<usize>) -> Option<Vec<f32>> {
        match self {
            Self::Dense(_) => None,
            Self::Layered(network) => network.log_variances(images, which),
        }
    }

    /// The images at these codes (`[n, code]`), about 0..=1: `[n, pixels]`.
    pub fn decode(&mut self, codes: &[f32]) -> Vec<f32> {
        match self {
            Self::Dense(network) => network.decode(codes),
            Self::Layered(network) => network.decode(codes),
        }
    }

    /// The losses over these images.
    pub fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Losses {
        match self {
            Self::Dense(network) => Losses::deterministic(network.evaluate(images, which)),
            Self::Layered(network) => network.evaluate(images, which),
        }
    }
}
