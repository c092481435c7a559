//! Dense networks that several workers train.
//!
//! With one hidden layer each worker owns columns of the two large layers, and what passes through the latent layer is exchanged
//! (`training/column_worker.rs`). Deeper ones divide images, then weights (`training/data_worker.rs`). Either exchanges twice a
//! step, and adds up in the order of a single worker.

use super::{dense_trainer::DenseTrainerOf, tensors::COLUMN_BLOCKS, training::Payload};
use latent_core::{
    data::Images,
    team::{BatchAndNext, Communicator, Rank, StateKind, TeamTrainer},
    training::{Losses, TrainerError},
};

/// The largest number of workers that can train any network that several can train.
pub const MAX_WORKERS: usize = COLUMN_BLOCKS;

fn payload(kind: StateKind) -> Payload {
    match kind {
        StateKind::Weights => Payload::Weights,
        StateKind::Progress => Payload::Progress,
    }
}

impl<const LARGE: bool> DenseTrainerOf<LARGE> {
    fn write(
        &mut self,
        rank: Rank,
        payload: Payload,
        received: Vec<(usize, Vec<u8>)>,
    ) -> Result<(), TrainerError> {
        let worker = self.training.as_team_worker();
        for (from, bytes) in received {
            let written = worker.write(rank.with_index(from), payload, &bytes);
            written.map_err(|error| TrainerError::Team(error.to_string()))?;
        }
        Ok(())
    }
}

impl<const LARGE: bool> TeamTrainer for DenseTrainerOf<LARGE> {
    fn most_workers(&mut self, _images: usize) -> usize {
        MAX_WORKERS
    }

    fn take_rank(&mut self, rank: Rank) -> Result<(), TrainerError> {
        if rank.of > MAX_WORKERS {
            let why =
                format!("a dense network is divided among at most {MAX_WORKERS} workers, not {}", rank.of);
            return Err(TrainerError::Team(why));
        }
        self.training.as_team_worker().take_rank(rank);
        Ok(())
    }

    async fn step_with(
        &mut self,
        rank: Rank,
        communicator: &mut impl Communicator,
        images: &Images,
        (batch, next): BatchAndNext<'_>,
        learning_rate: f32,
    ) -> Result<Losses, TrainerError> {
        let (worker, pool) = (self.training.as_team_worker(), &mut self.workspace.pool);
        worker.begin(pool, images, batch, learning_rate)?;
        communicator.send(&worker.read(Payload::First));
        worker.while_first(images, next);
        let received = communicator.recv().await?;
        self.write(rank, Payload::First, received)?;

        let (worker, pool) = (self.training.as_team_worker(), &mut self.workspace.pool);
        worker.go_on(pool);
        communicator.send(&worker.read(Payload::Second));
        worker.while_second(pool);
        let received = communicator.recv().await?;
        self.write(rank, Payload::Second, received)?;

        Ok(self.training.as_team_worker().end(&mut self.workspace.pool))
    }

    fn owned_state(&mut self, kind: StateKind) -> Result<Vec<u8>, TrainerError> {
        Ok(self.training.as_team_worker().read(payload(kind)))
    }

    fn take_states(
        &mut self,
        rank: Rank,
        kind: StateKind,
        states: Vec<(usize, Vec<u8>)>,
    ) -> Result<(), TrainerError> {
        self.write(rank, payload(kind), states)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ColumnParallelTrainer, DenseTrainer, Instructions};
    use futures_util::future::join_all;
    use latent_core::{
        data::mnist::PIXELS,
        model::{Activation, Corruption, Latent, Loss, LossKind, ModelSpec, Reduction},
        noise::Noise,
        team::{InProcess, Worker},
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
        let mut trainer = DenseTrainer::with_threads(1, Instructions::best(), model, progress).unwrap();
        trainer.set_noise(Noise::seeded(7));
        trainer
    }

    fn worker(model: &ModelSpec, rank: Rank) -> Result<Worker<DenseTrainer>, TrainerError> {
        let mut worker = Worker::new(trainer(model));
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
        let leaky = [&[7][..], &[90], &[40, 9], &[90, 30, 12]].map(dense);
        let smooth = leaky.clone().map(|model| ModelSpec {
            activation: Activation::Sigmoid,
            latent: Latent::Deterministic { units: 3, activation: Some(Activation::Tanh) },
            output: Activation::Sigmoid,
            loss: Loss { kind: LossKind::BinaryCrossEntropy, reduction: Reduction::Mean },
            ..model
        });
        let variational = ModelSpec {
            latent: Latent::Variational { units: 3, beta: 2.0 },
            output: Activation::Sigmoid,
            ..dense(&[40])
        };
        let denoising = ModelSpec { corruption: Corruption::Gaussian { deviation: 0.4 }, ..dense(&[90]) };
        for model in leaky.into_iter().chain(smooth).chain([variational, denoising]) {
            let mut alone = trainer(&model);
            let losses = block_on(alone.train(&images, &batches, 0.01)).unwrap();
            let progress = block_on(alone.progress()).unwrap();
            for of in 1..=MAX_WORKERS {
                let start = |index| worker(&model, Rank { index, of }).unwrap();
                let mut workers: Vec<_> = (0..of).map(start).zip(InProcess::between(of)).collect();
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
    fn more_workers_than_blocks_are_refused() {
        for hidden in [&[9][..], &[9, 8]] {
            assert_eq!(Worker::new(trainer(&dense(hidden))).most_workers(256), MAX_WORKERS);
            assert!(worker(&dense(hidden), Rank { index: 0, of: MAX_WORKERS + 1 }).is_err());
        }
    }

    #[test]
    fn the_trainer_without_deep_kernels_gives_the_same_bits_and_refuses_deep_networks() {
        let (images, model) = (images(), dense(&[30]));
        let progress = Progress::initial(&model, 4);
        let batches: [&[u32]; 2] = [&[3, 0, 2, 2, 1, 8, 7, 5, 4], &[4, 1]];
        let mut any = trainer_from(&model, &progress);
        let start =
            |model, progress| ColumnParallelTrainer::with_threads(1, Instructions::best(), model, progress);
        let mut column_parallel = start(&model, &progress).unwrap();
        let losses = block_on(any.train(&images, &batches, 0.01)).unwrap();
        assert_eq!(block_on(column_parallel.train(&images, &batches, 0.01)).unwrap(), losses);
        assert_eq!(block_on(column_parallel.progress()), block_on(any.progress()));
        let decoded = block_on(any.decode(&[0.5, -1.0, 2.0])).unwrap();
        assert_eq!(block_on(column_parallel.decode(&[0.5, -1.0, 2.0])).unwrap(), decoded);
        let deep = dense(&[9, 8]);
        let refused = start(&deep, &Progress::initial(&deep, 4)).err();
        let said = refused.map(|error| error.to_string());
        assert_eq!(said.as_deref(), Some("this engine cannot train several hidden layers"));
    }
}
