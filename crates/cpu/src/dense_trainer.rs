//! The engine of deterministic dense networks as a [`Trainer`]: of any depth, or with one hidden layer on each side of the
//! code, for a program without the kernels of others.

use super::{
    cpu_trainer::default_threads,
    inference::Workspace,
    instructions::Instructions,
    training::{self, Train},
};
use latent_core::{
    data::Images,
    model::{Activation, ActivationFunction, LossKind, ModelSpec},
    noise::Noise,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use std::ops::Range;

/// Trains deterministic dense networks of any depth.
pub type DenseTrainer = DenseTrainerOf<true>;
/// Trains deterministic dense networks with one hidden layer on each side of the code: those whose steps workers divide by
/// columns. A program that has no other trainer does without the kernels of deeper networks.
pub type ColumnParallelTrainer = DenseTrainerOf<false>;

/// A deterministic dense network in training on the CPU. Results are ready when a method returns.
pub struct DenseTrainerOf<const ANY_DEPTH: bool> {
    pub(super) training: Box<dyn Train>,
    pub(super) workspace: Workspace,
    code: usize,
}

impl<const ANY_DEPTH: bool> DenseTrainerOf<ANY_DEPTH> {
    /// A trainer with these instructions, which must be among [`Instructions::available`], and a thread for each core.
    pub fn with_instructions(
        instructions: Instructions,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        Self::with_threads(default_threads(), instructions, model, progress)
    }

    /// A trainer with so many threads, the caller's included. Results are bit-identical for any number of them.
    pub fn with_threads(
        threads: usize,
        instructions: Instructions,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        assert!(Instructions::available().contains(&instructions), "this machine has no {instructions:?}");
        Self::supports(model)?;
        let training = if ANY_DEPTH {
            training::start(instructions, model, progress)?
        } else {
            training::start_column_parallel(instructions, model, progress)?
        };
        Ok(Self { training, workspace: Workspace::new(threads), code: model.latent_units() })
    }

    /// The share of the decoder's hidden units that were at the boundary of a linear region in the last batch, if the network has
    /// linear regions: about what is left of the output layer's products.
    pub fn boundary_share(&self) -> Option<f64> {
        self.training.boundary_share()
    }
}

impl<const ANY_DEPTH: bool> Trainer for DenseTrainerOf<ANY_DEPTH> {
    type Context = ();

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        if let Some(feature) = model.beyond_dense() {
            return Err(Unsupported(feature.into()));
        }
        if !ANY_DEPTH && !model.is_column_parallel() {
            return Err(Unsupported("several hidden layers".into()));
        }
        // Exhaustive: a new function or loss has to be decided on here.
        for layer in model.layers() {
            match layer.function {
                ActivationFunction::PiecewiseLinear { .. }
                | ActivationFunction::Tanh
                | ActivationFunction::Sigmoid => {}
            }
        }
        match (model.loss.kind, model.output) {
            (LossKind::MeanSquaredError, _) | (LossKind::BinaryCrossEntropy, Activation::Sigmoid) => Ok(()),
            (LossKind::BinaryCrossEntropy, output) => {
                let output = output.name();
                Err(Unsupported(format!("binary cross-entropy behind the output activation {output}")))
            }
        }
    }

    async fn new((): &(), model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Self::with_instructions(Instructions::best(), model, progress)
    }

    fn set_noise(&mut self, _: Noise) {
        // The models that this engine supports draw no random numbers.
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let pool = &mut self.workspace.pool;
        let step =
            |batch: &&[u32]| Losses::deterministic(self.training.step(pool, images, batch, learning_rate));
        Ok(batches.iter().map(step).collect())
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        Ok(Losses::deterministic(self.training.network().evaluate(&mut self.workspace, images, which)))
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        Ok(self.training.network().encode(&mut self.workspace, images, which))
    }

    async fn log_variances(&mut self, _: &Images, _: Range<usize>) -> Result<Option<Vec<f32>>, TrainerError> {
        Ok(None)
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        assert!(codes.len().is_multiple_of(self.code), "codes have {} numbers each", self.code);
        Ok(self.training.network().decode(&mut self.workspace, codes))
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        Ok(self.training.network().weights())
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        Ok(self.training.progress())
    }
}
