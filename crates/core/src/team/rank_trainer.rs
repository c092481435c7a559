//! A rank of a run as a [`Trainer`](crate::training::Trainer), so that the step loop drives every rank as it drives one
//! trainer.

use super::{Communicator, StateKind, TeamTrainer, Worker};
use crate::{
    data::Images,
    model::ModelSpec,
    noise::Noise,
    training::{Losses, Progress, Tensors, TrainerError, Wrapper},
};
use std::convert::Infallible;

/// One of several ranks that train one network.
///
/// All ranks begin with the same progress and call the same methods in the same order, on the same images and batches. How many
/// batches a call of `train` has may differ between them, so they may cut a run into slices as they like.
pub struct RankTrainer<T, C> {
    worker: Worker<T>,
    communicator: C,
    /// What was gathered from the other ranks since the last step.
    gathered: Option<StateKind>,
}

impl<T: TeamTrainer, C: Communicator> RankTrainer<T, C> {
    /// A rank whose messages to the others go this way.
    pub fn new(worker: Worker<T>, communicator: C) -> Self {
        Self { worker, communicator, gathered: Some(StateKind::Progress) }
    }

    /// Sends a message to all other ranks and receives one of each, with its index. All ranks call this at the same time.
    pub async fn exchange(&mut self, bytes: &[u8]) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        self.communicator.send(bytes);
        self.communicator.recv().await
    }
}

impl<T: TeamTrainer, C: Communicator> Wrapper for RankTrainer<T, C> {
    type Inner = T;
    /// It is made by [`RankTrainer::new`] only.
    type Context = Infallible;

    async fn new(context: &Infallible, _: &ModelSpec, _: &Progress) -> Result<Self, TrainerError> {
        match *context {}
    }

    fn set_noise(&mut self, noise: Noise) {
        self.worker.trainer().set_noise(noise);
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        self.gathered = None;
        self.worker.train(&mut self.communicator, images, batches, learning_rate).await
    }

    /// Every rank gathers the state of all others, so that each has the whole network.
    async fn up_to_date(&mut self, tensors: Tensors) -> Result<&mut T, TrainerError> {
        let kind = match tensors {
            Tensors::Weights => StateKind::Weights,
            Tensors::WeightsAndMoments => StateKind::Progress,
        };
        if self.worker.rank().of > 1 && self.gathered < Some(kind) {
            let own = self.worker.owned_state(kind)?;
            let states = self.exchange(&own).await?;
            self.worker.gather(kind, states)?;
            self.gathered = Some(kind);
        }
        Ok(self.worker.trainer())
    }

    fn workers(&self) -> usize {
        self.worker.rank().of
    }
}
