//! Workers that train one network together without shared memory.
//!
//! Every worker holds all images and executes the same steps. In each step they exchange sums, which are added in an order that
//! does not depend on when they arrive. What workers divide, and whether results are bit-identical for any number of them, is the
//! trainer's.

#[cfg(not(target_family = "wasm"))]
mod delayed; // what a network would cost
#[cfg(not(target_family = "wasm"))]
mod in_process; // ranks on threads
#[cfg(not(target_family = "wasm"))]
mod rank_trainer; // a rank as a trainer

#[cfg(not(target_family = "wasm"))]
pub use self::{delayed::Delayed, in_process::InProcess, rank_trainer::RankTrainer};

use crate::{
    data::Images,
    training::{Losses, Trainer, TrainerError},
};

/// A worker's position among the workers of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The worker's number, from 0.
    pub index: usize,
    /// How many workers there are.
    pub of: usize,
}

impl Rank {
    /// The only worker of a run.
    pub const SINGLE: Self = Self { index: 0, of: 1 };

    /// The rank of another worker of the same run.
    pub fn with_index(self, index: usize) -> Self {
        Self { index, ..self }
    }
}

/// A worker's connection to all other workers of a run: message ports in a browser, channels between threads, MPI between
/// machines. Training does not know which.
#[expect(async_fn_in_trait, reason = "workers have one thread: no future needs to be Send")]
pub trait Communicator {
    /// Sends a message to every other worker.
    fn send(&mut self, bytes: &[u8]);
    /// Receives the next message of every other worker, with the sender's index.
    async fn recv(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError>;
}

impl<C: Communicator> Communicator for &mut C {
    fn send(&mut self, bytes: &[u8]) {
        (**self).send(bytes);
    }

    async fn recv(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        (**self).recv().await
    }
}

/// How much of the training state is exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateKind {
    /// The weights.
    Weights,
    /// The weights and Adam's moments.
    Progress,
}

/// A trainer whose steps several workers can share.
#[expect(async_fn_in_trait, reason = "workers have one thread: no future needs to be Send")]
pub trait TeamTrainer: Trainer {
    /// Among how many workers a step on so many images can be divided: 1 if the network has only one worker.
    fn most_workers(&mut self, images: usize) -> usize;

    /// Prepares for this rank. Fails if the network cannot be divided so.
    fn take_rank(&mut self, rank: Rank) -> Result<(), TrainerError>;

    /// Trains one step together with the workers of all other ranks.
    async fn step_with(
        &mut self,
        rank: Rank,
        communicator: &mut impl Communicator,
        images: &Images,
        batches: BatchAndNext<'_>,
        learning_rate: f32,
    ) -> Result<Losses, TrainerError>;

    /// The state that no other worker has up to date. By default nothing: every worker has the whole network at all times.
    fn owned_state(&mut self, _kind: StateKind) -> Result<Vec<u8>, TrainerError> {
        Ok(Vec::new())
    }

    /// Takes the [`TeamTrainer::owned_state`] of other workers, each with its index.
    fn take_states(
        &mut self,
        _rank: Rank,
        _kind: StateKind,
        states: Vec<(usize, Vec<u8>)>,
    ) -> Result<(), TrainerError> {
        match states.iter().all(|(_, state)| state.is_empty()) {
            true => Ok(()),
            false => Err(TrainerError::Team("another worker sent a state that it does not own".into())),
        }
    }
}

/// A step's batch, and the one after it, if that is known: its images can be gathered while messages are under way.
pub type BatchAndNext<'a> = (&'a [u32], Option<&'a [u32]>);

/// A trainer that can be one of several workers. As the only worker it trains any network of its kind; with others, networks
/// that can be divided among several ([`TeamTrainer::most_workers`]).
pub struct Worker<T> {
    trainer: T,
    rank: Rank,
}

impl<T: TeamTrainer> Worker<T> {
    /// The only worker of a run.
    pub fn new(trainer: T) -> Self {
        Self { trainer, rank: Rank::SINGLE }
    }

    /// The worker of this rank, for a run whose batches have so many images. Fails if there are more ranks than such a batch can
    /// be divided among.
    pub fn of_rank(mut trainer: T, rank: Rank, batch: usize) -> Result<Self, TrainerError> {
        let most = trainer.most_workers(batch);
        if rank.of > most {
            return Err(TrainerError::Team(match most {
                1 => "only one worker can train this network".into(),
                most => format!(
                    "batches of {batch} images of this model are divided among at most {most}, and there are {}",
                    rank.of
                ),
            }));
        }
        let mut worker = Self::new(trainer);
        if rank != Rank::SINGLE {
            worker.set_rank(rank)?;
        }
        Ok(worker)
    }

    /// The worker's rank.
    pub fn rank(&self) -> Rank {
        self.rank
    }

    /// Among how many workers a step on so many images can be divided.
    pub fn most_workers(&mut self, images: usize) -> usize {
        self.trainer.most_workers(images)
    }

    /// Sets the worker's rank. All workers of a run set theirs with the same progress.
    pub fn set_rank(&mut self, rank: Rank) -> Result<(), TrainerError> {
        if rank.index >= rank.of {
            return Err(TrainerError::Team(format!("there is no worker {} of {}", rank.index, rank.of)));
        }
        self.rank = rank;
        self.trainer.take_rank(rank)
    }

    /// Trains one step on each batch. All workers call this with the same batches and noise at the same time; see
    /// [`Trainer::train`].
    pub async fn train(
        &mut self,
        communicator: &mut impl Communicator,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let mut losses = Vec::with_capacity(batches.len());
        for (at, batch) in batches.iter().enumerate() {
            let batches = (*batch, batches.get(at + 1).copied());
            losses
                .push(self.trainer.step_with(self.rank, communicator, images, batches, learning_rate).await?);
        }
        Ok(losses)
    }

    /// The state that no other worker has up to date.
    pub fn owned_state(&mut self, kind: StateKind) -> Result<Vec<u8>, TrainerError> {
        self.trainer.owned_state(kind)
    }

    /// Takes the [`Worker::owned_state`] of other workers, each with its index. With that of all of them this worker's
    /// network is complete.
    pub fn gather(&mut self, kind: StateKind, states: Vec<(usize, Vec<u8>)>) -> Result<(), TrainerError> {
        self.trainer.take_states(self.rank, kind, states)
    }

    /// The trainer. It trains while it is the only worker; its network is as complete as it was gathered.
    pub fn trainer(&mut self) -> &mut T {
        &mut self.trainer
    }
}
