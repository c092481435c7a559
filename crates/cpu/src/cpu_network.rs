//! A network for inference on the CPU, by the engine within that trains its model.

use super::{ColumnParallelNetwork, DenseNetwork, LayeredNetwork};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, TrainerError},
    weights::Weights,
};
use std::ops::Range;

/// A network for inference: the weights of a model, and buffers for a few hundred images.
pub trait Inference: Sized {
    /// A network with these weights. Fails if the type has no kernels for the model.
    fn new(model: &ModelSpec, weights: &Weights) -> Result<Self, TrainerError>;
    /// Copies other weights into the network. If they don't fit, the network stays as it is.
    fn load(&mut self, weights: &Weights) -> Result<(), TrainerError>;
    /// The codes of these images, of a variational model their means: `[which, code]`.
    fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32>;
    /// The logarithms of the variances of these images' codes, `[which, code]`. None where codes are points.
    fn log_variances(&mut self, _images: &Images, _which: Range<usize>) -> Option<Vec<f32>> {
        None
    }
    /// This image as validation corrupts it, a byte a value. None where the model corrupts nothing.
    fn corrupted(&self, _images: &Images, _image: usize) -> Option<Vec<u8>> {
        None
    }
    /// The images at these codes (`[n, code]`), about 0..=1: `[n, height, width, channels]`.
    fn decode(&mut self, codes: &[f32]) -> Vec<f32>;
    /// The losses over these images, as validation takes them.
    fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Losses;
}

/// A network of any kind for inference.
pub enum CpuNetwork {
    /// Deterministic dense networks.
    Dense(DenseNetwork),
    /// Every other model.
    Layered(LayeredNetwork),
}

/// Calls a method of the network within.
macro_rules! within {
    ($network:expr, $within:ident => $call:expr) => {
        match $network {
            CpuNetwork::Dense($within) => $call,
            CpuNetwork::Layered($within) => $call,
        }
    };
}

impl Inference for CpuNetwork {
    fn new(model: &ModelSpec, weights: &Weights) -> Result<Self, TrainerError> {
        Ok(match model.beyond_dense() {
            None => Self::Dense(DenseNetwork::new(model, weights)?),
            Some(_) => Self::Layered(LayeredNetwork::new(model, weights)?),
        })
    }

    fn load(&mut self, weights: &Weights) -> Result<(), TrainerError> {
        within!(self, network => network.load(weights))
    }

    fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32> {
        within!(self, network => network.encode(images, which))
    }

    fn log_variances(&mut self, images: &Images, which: Range<usize>) -> Option<Vec<f32>> {
        match self {
            Self::Dense(_) => None,
            Self::Layered(network) => network.log_variances(images, which),
        }
    }

    fn corrupted(&self, images: &Images, image: usize) -> Option<Vec<u8>> {
        match self {
            Self::Dense(_) => None,
            Self::Layered(network) => network.corrupted(images, image),
        }
    }

    fn decode(&mut self, codes: &[f32]) -> Vec<f32> {
        within!(self, network => network.decode(codes))
    }

    fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Losses {
        within!(self, network => network.evaluate(images, which))
    }
}

impl Inference for ColumnParallelNetwork {
    fn new(model: &ModelSpec, weights: &Weights) -> Result<Self, TrainerError> {
        Self::new(model, weights)
    }

    fn load(&mut self, weights: &Weights) -> Result<(), TrainerError> {
        self.load(weights)
    }

    fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32> {
        self.encode(images, which)
    }

    fn decode(&mut self, codes: &[f32]) -> Vec<f32> {
        self.decode(codes)
    }

    fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Losses {
        self.evaluate(images, which)
    }
}
