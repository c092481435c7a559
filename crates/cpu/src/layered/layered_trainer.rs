//! The layered engine as a [`Trainer`].

use super::{train::Train, training, workspace::Workspace};
use crate::{
    cpu_trainer::default_threads,
    inference::CodePart,
    instructions::{Instructions, with_vectors},
};
use latent_core::{
    data::Images,
    model::{Activation, LossKind, ModelSpec},
    noise::Noise,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use std::ops::Range;

/// A network of any kind in training on the CPU. Results are ready when a method returns.
pub struct LayeredTrainer {
    pub(super) training: Box<dyn Train>,
    pub(super) workspace: Workspace,
    pub(super) noise: Noise,
    model: ModelSpec,
}

impl LayeredTrainer {
    /// A trainer with these instructions, which must be among [`Instructions::available`], and so many threads, the caller's
    /// included. Results are bit-identical for any number of them.
    pub fn with_threads(
        threads: usize,
        instructions: Instructions,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        assert!(Instructions::available().contains(&instructions), "this machine has no {instructions:?}");
        Self::supports(model)?;
        let mut workspace = Workspace::new(threads);
        let training = with_vectors!(instructions, training::start(model, progress, &mut workspace))?;
        Ok(Self { training, workspace, noise: Noise::default(), model: model.clone() })
    }

    fn step(&mut self, images: &Images, batch: &[u32], learning_rate: f32) -> Result<Losses, TrainerError> {
        let Self { training, workspace, noise, .. } = self;
        let shards = training.shards(batch.len());
        training.gradients(workspace, images, batch, 0..shards, noise)?;
        Ok(training.update(workspace, batch.len(), &[], learning_rate))
    }
}

impl Trainer for LayeredTrainer {
    type Context = ();

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        match (model.loss.kind, model.output) {
            (LossKind::MeanSquaredError, _) | (LossKind::BinaryCrossEntropy, Activation::Sigmoid) => Ok(()),
            (LossKind::BinaryCrossEntropy, output) => {
                let output = output.name();
                Err(Unsupported(format!("binary cross-entropy behind the output activation {output}")))
            }
        }
    }

    async fn new((): &(), model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Self::with_threads(default_threads(), Instructions::best(), model, progress)
    }

    fn set_noise(&mut self, noise: Noise) {
        self.noise = noise;
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        batches.iter().map(|batch| self.step(images, batch, learning_rate)).collect()
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        Ok(self.training.network().evaluate(&mut self.workspace, images, which))
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        Ok(self.training.network().encode(&mut self.workspace, images, which, CodePart::Mean))
    }

    async fn log_variances(
        &mut self,
        images: &Images,
        which: Range<usize>,
    ) -> Result<Option<Vec<f32>>, TrainerError> {
        let network = self.training.network();
        let encode = || network.encode(&mut self.workspace, images, which, CodePart::LogVariance);
        Ok(self.model.is_variational().then(encode))
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        let code = self.model.latent_units();
        assert!(codes.len().is_multiple_of(code), "codes have {code} numbers each");
        Ok(self.training.network().decode(&mut self.workspace, codes))
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        Ok(self.training.network().weights())
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        Ok(self.training.progress())
    }
}
