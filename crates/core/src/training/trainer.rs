//! The interface of every engine.

use crate::{
    data::Images,
    model::ModelSpec,
    noise::{Noise, NoiseError},
    settings::SettingError,
    weights::Weights,
};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use thiserror::Error;

/// All that training has changed: with the settings, everything that is needed to go on elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The weights.
    pub weights: Weights,
    /// Adam's mean of the gradients.
    pub first_moment: Weights,
    /// Adam's mean of the squared gradients.
    pub second_moment: Weights,
    /// Steps done.
    pub steps: u64,
}

impl Progress {
    /// The start of a run.
    pub fn initial(model: &ModelSpec, seed: u64) -> Self {
        Self::with_weights(model, Weights::initial(model, seed))
    }

    /// The start of a run from given weights.
    pub fn with_weights(model: &ModelSpec, weights: Weights) -> Self {
        let zeros = Weights::zeros(model);
        Self { weights, first_moment: zeros.clone(), second_moment: zeros, steps: 0 }
    }
}

/// What a step or an evaluation found, as means over the images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Losses {
    /// What training makes small: `reconstruction + β · divergence`.
    pub total: f64,
    /// How far the reconstructions are from the images.
    pub reconstruction: f64,
    /// How far the codes' distributions are from the prior, unweighted. Deterministic models have none.
    pub divergence: Option<f64>,
}

impl Losses {
    /// No losses yet, to be added to.
    pub const ZERO: Self = Self { total: 0.0, reconstruction: 0.0, divergence: None };

    /// The losses of a deterministic model.
    pub fn deterministic(reconstruction: f64) -> Self {
        Self { total: reconstruction, reconstruction, divergence: None }
    }

    /// The losses of a variational model.
    pub fn variational(reconstruction: f64, divergence: f64, beta: f32) -> Self {
        let total = reconstruction + f64::from(beta) * divergence;
        Self { total, reconstruction, divergence: Some(divergence) }
    }

    /// Each of them divided by this number.
    pub fn divided_by(self, divisor: f64) -> Self {
        Self {
            total: self.total / divisor,
            reconstruction: self.reconstruction / divisor,
            divergence: self.divergence.map(|divergence| divergence / divisor),
        }
    }

    /// The sum of these losses and `weight` times the others, which makes the mean over all images from means over some.
    pub fn plus(self, weight: f64, other: Self) -> Self {
        let divergence =
            other.divergence.map(|divergence| self.divergence.unwrap_or(0.0) + weight * divergence);
        Self {
            total: self.total + weight * other.total,
            reconstruction: self.reconstruction + weight * other.reconstruction,
            divergence: divergence.or(self.divergence),
        }
    }
}

/// Why an engine cannot train a model, as part of a sentence: "this engine cannot train …".
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("this engine cannot train {0}")]
pub struct Unsupported(pub String);

/// Why an engine failed.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum TrainerError {
    /// Settings out of their limits.
    #[error(transparent)]
    Settings(#[from] SettingError),
    /// Weights that are not the network's.
    #[error(transparent)]
    Weights(#[from] crate::weights::WeightsError),
    /// The model is beyond this engine.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// Supplied random numbers that are not the model's, or too few.
    #[error(transparent)]
    Noise(#[from] NoiseError),
    /// The device refused or is gone.
    #[error("the device failed: {0}")]
    Device(String),
    /// One of several workers is gone, or doesn't keep up with the others.
    #[error("the workers can't go on together: {0}")]
    Team(String),
    /// The device computed a wrong result, which a part of a sentence describes.
    #[error("the GPU computed a wrong result ({0})")]
    Wrong(String),
}

/// A network in training on some engine: steps, evaluation, both halves by themselves, weights in and out.
///
/// The methods are async because a GPU's results arrive later; a CPU's futures are ready at once. Images are
/// named by their index in `images`, and naming one that isn't there is a mistake of the caller (a panic).
#[expect(async_fn_in_trait, reason = "workers have one thread: no future needs to be Send")]
pub trait Trainer: Sized {
    /// What the engine needs besides the model: a device, or how many workers it may use.
    type Context;

    /// Whether this engine can train the model. It is asked before anything is loaded.
    fn supports(model: &ModelSpec) -> Result<(), Unsupported>;

    /// A trainer that goes on from `progress`, whose tensors fit `model`.
    async fn new(
        context: &Self::Context,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError>;

    /// Takes the random numbers of training from here from now on. Until then they are those of the seed 0. Models that draw
    /// none train the same with any.
    fn set_noise(&mut self, noise: Noise);

    /// Trains one step on each of `batches` in turn and gives each one's losses before its update.
    /// Waits for the device once, at the end.
    ///
    /// A variational model draws its codes, dropout drops values, and the encoder reads corrupted images, with the random
    /// numbers of the step ([`Noise`]): the steps done before it are those of [`Progress::steps`] and those trained since.
    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError>;

    /// The losses over these images. The code is the mean, nothing is dropped, and the encoder of a denoising model reads
    /// images with the noise of validation ([`crate::noise::corrupt_for_validation`]).
    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError>;

    /// The codes of these images, of a variational model their means: `[which, code]`.
    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError>;

    /// The logarithms of the variances of these images' codes, `[which, code]`. None where codes are points.
    async fn log_variances(
        &mut self,
        images: &Images,
        which: Range<usize>,
    ) -> Result<Option<Vec<f32>>, TrainerError>;

    /// The images at these codes (`[n, code]`), as the network gives them, about 0..=1: `[n, height, width, channels]`.
    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError>;

    /// A copy of the weights.
    async fn weights(&mut self) -> Result<Weights, TrainerError>;

    /// A copy of all that training has changed.
    async fn progress(&mut self) -> Result<Progress, TrainerError>;

    /// How many workers train now.
    fn workers(&self) -> usize {
        1
    }

    /// How the engine trains this model, in a few words that users read beside the device. Empty if there is nothing
    /// to say.
    fn description(&self) -> String {
        String::new()
    }
}
