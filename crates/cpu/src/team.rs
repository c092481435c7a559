//! Workers that train one network together without shared memory: each owns columns of the two large layers.
//!
//! Every worker holds all images and executes the same steps. Twice a step the workers exchange what passes through the
//! latent layer (`training/column_parallel.rs`). Sums over column blocks are made in the blocks' order, so losses are
//! bit-identical for any number of workers.

use super::{
    dense_trainer::DenseTrainer,
    tensors::COLUMN_BLOCKS,
    thread_pool::ThreadPool,
    training::{ColumnWorker, Payload},
};
use latent_core::{
    data::Images,
    training::{Losses, TrainerError},
};
use std::ops::Range;

/// The largest number of workers that can train one network.
pub const MAX_WORKERS: usize = COLUMN_BLOCKS;

/// A worker's position among the workers of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The worker's number, from 0.
    pub index: usize,
    /// How many workers there are, at most [`MAX_WORKERS`].
    pub of: usize,
}

/// A worker's connection to all other workers of a run.
#[expect(async_fn_in_trait, reason = "workers have one thread: no future needs to be Send")]
pub trait Communicator {
    /// Sends a message to every other worker.
    fn send(&mut self, bytes: &[u8]);
    /// Receives the next message of every other worker, with the sender's index.
    async fn recv(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError>;
}

/// How much of the training state is exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateKind {
    /// The weights.
    Weights,
    /// The weights and Adam's moments.
    Progress,
}

impl StateKind {
    fn payload(self) -> Payload {
        match self {
            Self::Weights => Payload::Weights,
            Self::Progress => Payload::Progress,
        }
    }
}

impl Rank {
    /// The only worker of a run.
    pub const SINGLE: Self = Self { index: 0, of: 1 };

    /// The column blocks that this worker owns.
    fn blocks(self) -> Range<usize> {
        COLUMN_BLOCKS * self.index / self.of..COLUMN_BLOCKS * (self.index + 1) / self.of
    }

    /// The rank of another worker of the same run.
    fn with_index(self, index: usize) -> Self {
        Self { index, ..self }
    }
}

/// A trainer that can be one of several workers. As the only worker it trains any network; with others, networks for
/// which [`CpuWorker::is_column_parallel`] holds.
pub struct CpuWorker {
    trainer: DenseTrainer,
    rank: Rank,
}

impl CpuWorker {
    /// The only worker of a run.
    pub fn new(trainer: DenseTrainer) -> Self {
        Self { trainer, rank: Rank::SINGLE }
    }

    /// Whether several workers can train the network: it has one hidden layer on each side of its code.
    pub fn is_column_parallel(&mut self) -> bool {
        self.trainer.training.as_column_worker().is_some()
    }

    /// Sets the worker's rank. All workers of a run set theirs with the same progress.
    pub fn set_rank(&mut self, rank: Rank) -> Result<(), TrainerError> {
        self.rank = rank;
        self.column_worker()?.0.own(rank.blocks());
        Ok(())
    }

    /// Trains one step on each batch. All workers call this with the same batches at the same time; see
    /// [`Trainer::train`](latent_core::training::Trainer::train).
    pub async fn train(
        &mut self,
        communicator: &mut impl Communicator,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let mut losses = Vec::with_capacity(batches.len());
        for (at, batch) in batches.iter().enumerate() {
            let next = batches.get(at + 1).copied();
            losses.push(self.step(communicator, images, (batch, next), learning_rate).await?);
        }
        Ok(losses)
    }

    async fn step(
        &mut self,
        communicator: &mut impl Communicator,
        images: &Images,
        (batch, next): (&[u32], Option<&[u32]>),
        learning_rate: f32,
    ) -> Result<Losses, TrainerError> {
        let (worker, pool) = self.column_worker()?;
        worker.encode(pool, images, batch, learning_rate);
        communicator.send(&worker.read(Payload::CodeSums));
        if let Some(next) = next {
            worker.prefetch(images, next);
        }
        let received = communicator.recv().await?;
        self.write(Payload::CodeSums, received)?;

        let (worker, pool) = self.column_worker()?;
        worker.decode(pool);
        communicator.send(&worker.read(Payload::BackwardSums));
        worker.update_output(pool);
        let received = communicator.recv().await?;
        self.write(Payload::BackwardSums, received)?;

        let (worker, pool) = self.column_worker()?;
        Ok(Losses::deterministic(worker.update_rest(pool)))
    }

    /// The state of the columns that this worker owns, which no other worker has up to date.
    pub fn owned_state(&mut self, kind: StateKind) -> Result<Vec<u8>, TrainerError> {
        Ok(self.column_worker()?.0.read(kind.payload()))
    }

    /// Takes the [`CpuWorker::owned_state`] of other workers, each with its index. With that of all of them this worker's
    /// network is complete.
    pub fn gather(&mut self, kind: StateKind, states: Vec<(usize, Vec<u8>)>) -> Result<(), TrainerError> {
        self.write(kind.payload(), states)
    }

    /// The trainer. It trains while it is the only worker; its network is as complete as it was gathered.
    pub fn trainer(&mut self) -> &mut DenseTrainer {
        &mut self.trainer
    }

    fn write(&mut self, payload: Payload, received: Vec<(usize, Vec<u8>)>) -> Result<(), TrainerError> {
        let rank = self.rank;
        let (worker, _) = self.column_worker()?;
        for (from, bytes) in received {
            let written = worker.write(rank.with_index(from).blocks(), payload, &bytes);
            written.map_err(|error| TrainerError::Team(error.to_string()))?;
        }
        Ok(())
    }

    fn column_worker(&mut self) -> Result<(&mut dyn ColumnWorker, &mut ThreadPool), TrainerError> {
        let worker = self.trainer.training.as_column_worker();
        let worker =
            worker.ok_or_else(|| TrainerError::Team("only one worker can train this network".into()))?;
        Ok((worker, &mut self.trainer.workspace.pool))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Instructions, test_channels::channels};
    use futures_util::future::join_all;
    use latent_core::{
        data::mnist::PIXELS,
        model::{Activation, Latent, Loss, LossKind, ModelSpec, Reduction},
        training::{Progress, Trainer},
    };
    use pollster::block_on;

    fn dense(hidden: &[usize]) -> ModelSpec {
        ModelSpec::dense(hidden, 3, 0.3)
    }

    fn trainer(model: &ModelSpec) -> DenseTrainer {
        trainer_from(model, &Progress::initial(model, 4))
    }

    fn trainer_from(model: &ModelSpec, progress: &Progress) -> DenseTrainer {
        DenseTrainer::with_threads(1, Instructions::best(), model, progress).unwrap()
    }

    fn worker(model: &ModelSpec, rank: Rank) -> Result<CpuWorker, TrainerError> {
        let mut worker = CpuWorker::new(trainer(model));
        worker.set_rank(rank).map(|()| worker)
    }

    fn images() -> Images {
        let mut images = Images::default();
        let shade = |at: usize| if at * 7 % 31 < 8 { (at % 256) as u8 } else { 0 };
        (0..9).for_each(|image| {
            images.append(&(image..PIXELS + image).map(shade).collect::<Vec<_>>()).unwrap()
        });
        images
    }

    #[test]
    fn results_are_bit_identical_for_any_number_of_workers() {
        let images = images();
        // The last batch of an epoch is smaller than those before it.
        let batches: [&[u32]; 4] = [&[3, 0, 2, 2, 1, 8, 7, 5, 4], &[4, 1], &[6; 9], &[8, 8, 0]];
        let leaky = [7, 90].map(|hidden| dense(&[hidden]));
        let smooth = leaky.clone().map(|model| ModelSpec {
            activation: Activation::Sigmoid,
            latent: Latent::Deterministic { units: 3, activation: Some(Activation::Tanh) },
            output: Activation::Sigmoid,
            loss: Loss { kind: LossKind::BinaryCrossEntropy, reduction: Reduction::Mean },
            ..model
        });
        for model in leaky.into_iter().chain(smooth) {
            let mut alone = trainer(&model);
            let losses = block_on(alone.train(&images, &batches, 0.01)).unwrap();
            let progress = block_on(alone.progress()).unwrap();
            for of in 1..=MAX_WORKERS {
                let start = |index| worker(&model, Rank { index, of }).unwrap();
                let mut workers: Vec<_> = (0..of).map(start).zip(channels(of)).collect();
                let trained = workers.iter_mut().map(|(worker, channels)| {
                    let (images, batches) = (&images, &batches);
                    async move { worker.train(channels, images, batches, 0.01).await.unwrap() }
                });
                assert_eq!(block_on(join_all(trained)), vec![losses.clone(); of], "{of} workers");
                let mut states = |kind| {
                    let states = workers
                        .iter_mut()
                        .enumerate()
                        .map(|(index, (worker, _))| (index, worker.owned_state(kind).unwrap()));
                    states.skip(1).collect::<Vec<_>>()
                };
                let (weights, all) = (states(StateKind::Weights), states(StateKind::Progress));
                let first = &mut workers[0].0;
                first.gather(StateKind::Weights, weights).unwrap();
                assert_eq!(block_on(first.trainer().weights()).unwrap(), progress.weights);
                first.gather(StateKind::Progress, all).unwrap();
                assert_eq!(block_on(first.trainer().progress()).unwrap(), progress);
                first.set_rank(Rank::SINGLE).unwrap();
                let goes_on = block_on(first.trainer().train(&images, &batches, 0.01));
                assert_eq!(goes_on, block_on(trainer_from(&model, &progress).train(&images, &batches, 0.01)));
            }
        }
    }

    #[test]
    fn a_message_of_another_length_is_refused() {
        let mut worker = worker(&dense(&[9]), Rank { index: 0, of: 2 }).unwrap();
        let refused = worker.gather(StateKind::Weights, vec![(1, vec![0; 12])]);
        assert!(matches!(refused, Err(TrainerError::Team(_))));
    }

    #[test]
    fn networks_with_several_hidden_layers_have_one_worker() {
        assert!(!CpuWorker::new(trainer(&dense(&[9, 8]))).is_column_parallel());
        assert!(worker(&dense(&[9, 8]), Rank { index: 0, of: 2 }).is_err());
        assert!(CpuWorker::new(trainer(&dense(&[9]))).is_column_parallel());
    }
}
