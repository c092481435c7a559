//! Workers that train one network of any kind together without shared memory: each computes some shards of every batch.
//!
//! Every worker holds all images and all weights. Once a step they exchange the sums of the largest subtrees of shards that each
//! one has; then all add them up in the same tree, and update their weights alike.

use super::{LayeredTrainer, shards};
use crate::team::{Communicator, MAX_WORKERS, Rank, StateKind};
use latent_core::{
    data::Images,
    training::{Losses, TrainerError},
};
use std::ops::Range;

/// A trainer that can be one of several workers.
pub struct LayeredWorker {
    trainer: LayeredTrainer,
    rank: Rank,
}

impl LayeredWorker {
    /// The only worker of a run.
    pub fn new(trainer: LayeredTrainer) -> Self {
        Self { trainer, rank: Rank::SINGLE }
    }

    /// Sets the worker's rank. All workers of a run set theirs with the same progress. More workers than a batch has shards are
    /// refused; only of a batch with fewer images than workers, some have none.
    pub fn set_rank(&mut self, rank: Rank) -> Result<(), TrainerError> {
        if rank.of > MAX_WORKERS.min(shards::FEW) || rank.index >= rank.of {
            return Err(TrainerError::Team(format!("a batch has no shards for {} workers", rank.of)));
        }
        self.rank = rank;
        Ok(())
    }

    /// Trains one step on each batch. All workers call this with the same batches and noise at the same time; see
    /// [`Trainer::train`](latent_core::training::Trainer::train).
    pub async fn train(
        &mut self,
        communicator: &mut impl Communicator,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let mut losses = Vec::with_capacity(batches.len());
        for batch in batches {
            losses.push(self.step(communicator, images, batch, learning_rate).await?);
        }
        Ok(losses)
    }

    async fn step(
        &mut self,
        communicator: &mut impl Communicator,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<Losses, TrainerError> {
        let Rank { index, of } = self.rank;
        let LayeredTrainer { training, workspace, noise, .. } = &mut self.trainer;
        let shards = training.shards(batch.len());
        let own = |worker| shards::of_worker(worker, of, shards);
        let subtrees = |worker| shards::subtrees(0..shards, &own(worker));
        training.gradients(workspace, images, batch, own(index), noise)?;
        communicator.send(&training.read_sums(workspace, &subtrees(index)));
        for (from, bytes) in communicator.recv().await? {
            training.write_sums(&subtrees(from), &bytes).map_err(|expected| {
                let found = bytes.len();
                TrainerError::Team(format!(
                    "another worker sent {found} bytes where {expected} were expected"
                ))
            })?;
        }
        let done: Vec<Range<usize>> = (0..of).flat_map(subtrees).collect();
        Ok(training.update(workspace, batch.len(), &done, learning_rate))
    }

    /// What no other worker has: nothing.
    pub fn owned_state(&mut self, _: StateKind) -> Result<Vec<u8>, TrainerError> {
        Ok(Vec::new())
    }

    /// Takes the [`LayeredWorker::owned_state`] of other workers.
    pub fn gather(&mut self, _: StateKind, states: Vec<(usize, Vec<u8>)>) -> Result<(), TrainerError> {
        match states.iter().all(|(_, state)| state.is_empty()) {
            true => Ok(()),
            false => Err(TrainerError::Team("another worker sent a state that it does not own".into())),
        }
    }

    /// The trainer, which has the whole network at all times.
    pub fn trainer(&mut self) -> &mut LayeredTrainer {
        &mut self.trainer
    }
}

#[cfg(test)]
#[path = "layered_worker_tests.rs"]
mod tests;
