//! Workers that train one network of any kind together without shared memory: each computes some shards of every batch.
//!
//! Every worker holds all images and all weights. Once a step they exchange the sums of the largest subtrees of shards that each
//! one has; then all add them up in the same tree, and update their weights alike.

use super::{LayeredTrainer, shards};
use latent_core::{
    data::Images,
    team::{BatchAndNext, Communicator, Rank, TeamTrainer},
    training::{Losses, TrainerError},
};
use std::ops::Range;

impl TeamTrainer for LayeredTrainer {
    /// As many as the batch has shards.
    fn most_workers(&mut self, images: usize) -> usize {
        self.training.shards(images)
    }

    /// More workers than any batch has shards are refused. Of a batch with fewer shards than workers, such as the last one of an
    /// epoch, some have none.
    fn take_rank(&mut self, rank: Rank) -> Result<(), TrainerError> {
        match rank.of <= shards::MOST {
            true => Ok(()),
            false => Err(TrainerError::Team(format!("a batch has no shards for {} workers", rank.of))),
        }
    }

    async fn step_with(
        &mut self,
        Rank { index, of }: Rank,
        communicator: &mut impl Communicator,
        images: &Images,
        (batch, _): BatchAndNext<'_>,
        learning_rate: f32,
    ) -> Result<Losses, TrainerError> {
        let Self { training, workspace, noise, .. } = self;
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
}

#[cfg(test)]
#[path = "layered_team_tests.rs"]
mod tests;
