//! The CPU engine as a [`Trainer`]: of the engines within, the one that trains a model fastest.

use super::{DenseTrainer, Instructions, LayeredTrainer};
use latent_core::{
    data::Images,
    model::ModelSpec,
    noise::Noise,
    team::{BatchAndNext, Communicator, Rank, StateKind, TeamTrainer},
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use std::{num::NonZero, ops::Range, thread};

/// A network in training on the CPU. Results are ready when a method returns.
///
/// A program that trains the models of one engine only names that engine, and does without the kernels of the others.
pub enum CpuTrainer {
    /// Those of dense layers for which it has kernels.
    Dense(DenseTrainer),
    /// Every other model.
    Layered(LayeredTrainer),
}

/// Calls a method of the trainer within.
macro_rules! within {
    ($trainer:expr, $within:ident => $call:expr) => {
        match $trainer {
            CpuTrainer::Dense($within) => $call,
            CpuTrainer::Layered($within) => $call,
        }
    };
}

impl CpuTrainer {
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
        Ok(match DenseTrainer::supports(model) {
            Ok(()) => Self::Dense(DenseTrainer::with_threads(threads, instructions, model, progress)?),
            Err(_) => Self::Layered(LayeredTrainer::with_threads(threads, instructions, model, progress)?),
        })
    }

    /// The share of the decoder's hidden units that were at the boundary of a linear region in the last batch. `None` for a
    /// network without linear regions.
    pub fn boundary_share(&self) -> Option<f64> {
        match self {
            Self::Dense(trainer) => trainer.boundary_share(),
            Self::Layered(_) => None,
        }
    }
}

/// How many threads this machine runs at once. A browser's worker is one.
pub fn default_threads() -> usize {
    if cfg!(target_family = "wasm") { 1 } else { thread::available_parallelism().map_or(1, NonZero::get) }
}

impl Trainer for CpuTrainer {
    type Context = ();

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        DenseTrainer::supports(model).or_else(|_| LayeredTrainer::supports(model))
    }

    async fn new((): &(), model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Self::with_instructions(Instructions::best(), model, progress)
    }

    fn set_noise(&mut self, noise: Noise) {
        within!(self, trainer => trainer.set_noise(noise));
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        within!(self, trainer => trainer.train(images, batches, learning_rate).await)
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        within!(self, trainer => trainer.evaluate(images, which).await)
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        within!(self, trainer => trainer.encode(images, which).await)
    }

    async fn log_variances(
        &mut self,
        images: &Images,
        which: Range<usize>,
    ) -> Result<Option<Vec<f32>>, TrainerError> {
        within!(self, trainer => trainer.log_variances(images, which).await)
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        within!(self, trainer => trainer.decode(codes).await)
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        within!(self, trainer => trainer.weights().await)
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        within!(self, trainer => trainer.progress().await)
    }
}

impl TeamTrainer for CpuTrainer {
    fn most_workers(&mut self, images: usize) -> usize {
        within!(self, trainer => trainer.most_workers(images))
    }

    fn take_rank(&mut self, rank: Rank) -> Result<(), TrainerError> {
        within!(self, trainer => trainer.take_rank(rank))
    }

    async fn step_with(
        &mut self,
        rank: Rank,
        communicator: &mut impl Communicator,
        images: &Images,
        batches: BatchAndNext<'_>,
        learning_rate: f32,
    ) -> Result<Losses, TrainerError> {
        within!(self, trainer => trainer.step_with(rank, communicator, images, batches, learning_rate).await)
    }

    fn owned_state(&mut self, kind: StateKind) -> Result<Vec<u8>, TrainerError> {
        within!(self, trainer => trainer.owned_state(kind))
    }

    fn take_states(
        &mut self,
        rank: Rank,
        kind: StateKind,
        states: Vec<(usize, Vec<u8>)>,
    ) -> Result<(), TrainerError> {
        within!(self, trainer => trainer.take_states(rank, kind, states))
    }
}
