//! Trainers that add something to another trainer.

use super::{Losses, Progress, Trainer, TrainerError, Unsupported};
use crate::{data::Images, model::ModelSpec, noise::Noise, weights::Weights};
use std::ops::Range;

/// Which of the tensors that training changes are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tensors {
    /// The weights.
    Weights,
    /// The weights and Adam's moments.
    WeightsAndMoments,
}

/// A [`Trainer`] that trains in its own way and leaves everything else to the trainer within.
#[expect(async_fn_in_trait, reason = "workers have one thread: no future needs to be Send")]
pub trait Wrapper: Sized {
    /// The trainer within.
    type Inner: Trainer;
    /// As [`Trainer::Context`].
    type Context;

    /// As [`Trainer::new`].
    async fn new(
        context: &Self::Context,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError>;

    /// As [`Trainer::set_noise`].
    fn set_noise(&mut self, noise: Noise);

    /// As [`Trainer::train`].
    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError>;

    /// The trainer within, which has the newest of these tensors.
    async fn up_to_date(&mut self, tensors: Tensors) -> Result<&mut Self::Inner, TrainerError>;

    /// As [`Trainer::workers`].
    fn workers(&self) -> usize {
        1
    }

    /// As [`Trainer::description`].
    fn description(&self) -> String {
        String::new()
    }
}

impl<W: Wrapper> Trainer for W {
    type Context = <W as Wrapper>::Context;

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        <W as Wrapper>::Inner::supports(model)
    }

    async fn new(
        context: &Self::Context,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        <W as Wrapper>::new(context, model, progress).await
    }

    fn set_noise(&mut self, noise: Noise) {
        <W as Wrapper>::set_noise(self, noise);
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        <W as Wrapper>::train(self, images, batches, learning_rate).await
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        self.up_to_date(Tensors::Weights).await?.evaluate(images, which).await
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        self.up_to_date(Tensors::Weights).await?.encode(images, which).await
    }

    async fn log_variances(
        &mut self,
        images: &Images,
        which: Range<usize>,
    ) -> Result<Option<Vec<f32>>, TrainerError> {
        self.up_to_date(Tensors::Weights).await?.log_variances(images, which).await
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        self.up_to_date(Tensors::Weights).await?.decode(codes).await
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        self.up_to_date(Tensors::Weights).await?.weights().await
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        self.up_to_date(Tensors::WeightsAndMoments).await?.progress().await
    }

    fn workers(&self) -> usize {
        <W as Wrapper>::workers(self)
    }

    fn description(&self) -> String {
        <W as Wrapper>::description(self)
    }
}
