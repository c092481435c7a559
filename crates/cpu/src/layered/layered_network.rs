//! A network of any kind for inference, with the fastest instructions that this machine has.

use super::{
    LayeredTrainer,
    inference::{self, Infer},
    workspace::Workspace,
};
use crate::{
    inference::CodePart,
    instructions::{Instructions, with_vectors},
};
use latent_core::{
    data::Images,
    model::{Corruption, ModelSpec},
    noise::{self, Key},
    training::{Losses, Trainer, TrainerError},
    weights::Weights,
};
use std::ops::Range;

/// A network of any kind for inference: weights, and buffers for a few images.
pub struct LayeredNetwork {
    network: Box<dyn Infer>,
    workspace: Workspace,
    model: ModelSpec,
}

impl LayeredNetwork {
    /// A network with these weights.
    pub fn new(model: &ModelSpec, weights: &Weights) -> Result<Self, TrainerError> {
        LayeredTrainer::supports(model)?;
        let network = with_vectors!(Instructions::best(), inference::network(model));
        let mut network = Self { network, workspace: Workspace::new(1), model: model.clone() };
        network.load(weights)?;
        Ok(network)
    }

    /// Copies other weights into the network. If they don't fit, the network stays as it is.
    pub fn load(&mut self, weights: &Weights) -> Result<(), TrainerError> {
        self.network.load(&mut self.workspace, weights)
    }

    /// The codes of these images, of a variational model their means: `[which, code]`.
    pub fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32> {
        self.network.encode(&mut self.workspace, images, which, CodePart::Mean)
    }

    /// The logarithms of the variances of these images' codes, `[which, code]`. None where codes are points.
    pub fn log_variances(&mut self, images: &Images, which: Range<usize>) -> Option<Vec<f32>> {
        let Self { network, workspace, model } = self;
        model.is_variational().then(|| network.encode(workspace, images, which, CodePart::LogVariance))
    }

    /// This image as validation corrupts it, a byte a value. None where the model corrupts nothing.
    pub fn corrupted(&self, images: &Images, image: usize) -> Option<Vec<u8>> {
        let corruption = self.model.corruption;
        (corruption != Corruption::None).then(|| {
            let mut values = images.gather([image]);
            let count = values.len();
            noise::corrupt_for_validation(corruption, image, Key::normals, &mut values, count);
            values.iter().map(|value| (value * 255.0).round() as u8).collect()
        })
    }

    /// The images at these codes (`[n, code]`), about 0..=1: `[n, pixels]`.
    pub fn decode(&mut self, codes: &[f32]) -> Vec<f32> {
        let code = self.model.latent_units();
        assert!(codes.len().is_multiple_of(code), "codes have {code} numbers each");
        self.network.decode(&mut self.workspace, codes)
    }

    /// The losses over these images, as validation takes them.
    pub fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Losses {
        self.network.evaluate(&mut self.workspace, images, which)
    }
}
