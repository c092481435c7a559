//! The engine of dense networks as a [`Trainer`]: of all that it has kernels for, or of deterministic ones with one hidden layer
//! on each side of the code, for a program without the kernels of others.

use super::{
    cpu_trainer::default_threads,
    inference::{CodePart, Workspace},
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

/// Trains deterministic dense networks of any depth. With one hidden layer on each side of the code they may also be variational,
/// and read corrupted images.
pub type DenseTrainer = DenseTrainerOf<true>;
/// Trains deterministic dense networks with one hidden layer on each side of the code. A program that has no other trainer does
/// without the kernels of deeper networks.
pub type ColumnParallelTrainer = DenseTrainerOf<false>;

/// A dense network in training on the CPU. Results are ready when a method returns. `LARGE` stands for a program with all dense
/// kernels.
pub struct DenseTrainerOf<const LARGE: bool> {
    pub(super) training: Box<dyn Train>,
    pub(super) workspace: Workspace,
    model: ModelSpec,
}

impl<const LARGE: bool> DenseTrainerOf<LARGE> {
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
        let training = if LARGE {
            training::start(instructions, model, progress)?
        } else {
            training::start_column_parallel(instructions, model, progress)?
        };
        Ok(Self { training, workspace: Workspace::new(threads), model: model.clone() })
    }

    /// The share of the decoder's hidden units that were at the boundary of a linear region in the last batch, if the network has
    /// linear regions: about what is left of the output layer's products.
    pub fn boundary_share(&self) -> Option<f64> {
        self.training.boundary_share()
    }
}

impl<const LARGE: bool> Trainer for DenseTrainerOf<LARGE> {
    type Context = ();

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        let has_one_hidden_layer = model.has_only_dense_layers() && model.encoder.len() == 1;
        if let Some(feature) = model.beyond_dense()
            && !(LARGE && has_one_hidden_layer)
        {
            return Err(Unsupported(feature.into()));
        }
        if !LARGE && !model.is_column_parallel() {
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

    fn set_noise(&mut self, noise: Noise) {
        self.training.set_noise(noise);
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let pool = &mut self.workspace.pool;
        let step = |batch: &&[u32]| self.training.step(pool, images, batch, learning_rate);
        Ok(batches.iter().map(step).collect::<Result<_, _>>()?)
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

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::link::Link;

    #[test]
    fn the_larger_engine_trains_random_numbers_behind_one_hidden_layer_and_the_smaller_none() {
        let supported = |fragment: &str| {
            let model = Link::parse(fragment).0.settings.model;
            [DenseTrainer::supports(&model).is_ok(), ColumnParallelTrainer::supports(&model).is_ok()]
        };
        assert_eq!(supported("hidden=9"), [true, true]);
        for fragment in
            ["hidden=9,8", "variational=1", "corruption=gaussian0.4", "variational=1&corruption=masking0.2"]
        {
            assert_eq!(supported(fragment), [true, false], "{fragment}");
        }
        for fragment in [
            "hidden=9,8&variational=1",
            "hidden=9,8&corruption=gaussian0.4",
            "encoder=dense9,dropout0.2",
            "encoder=conv4k3s2",
        ] {
            assert_eq!(supported(fragment), [false, false], "{fragment}");
        }
    }
}
