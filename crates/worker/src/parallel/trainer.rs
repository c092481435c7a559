//! The trainer of a network that several workers train.

use super::{communicator::Ports, helper_group::Helpers, pace::Pace};
use futures_util::future::{Either, select};
use latent_core::{
    data::Images,
    model::ModelSpec,
    noise::Noise,
    team::{Rank, StateKind, TeamTrainer, Worker},
    training::{Losses, Progress, Tensors, TrainerError, Wrapper},
};
use latent_cpu::MAX_WORKERS;
use latent_protocol::HelperCommand;
use std::pin::pin;
use web_time::Instant;

/// Slices after which helpers must have made training faster.
const TRIAL_SLICES: usize = 20;

/// How many workers may train.
#[derive(Clone, Copy, Debug)]
pub struct Workers {
    /// Their number, the trainer included.
    pub count: usize,
    /// Whether exactly that number is asked for, even if fewer are faster.
    pub is_asked: bool,
}

impl Default for Workers {
    fn default() -> Self {
        Self { count: 1, is_asked: false }
    }
}

/// A network in training on the CPU, by this worker and its helpers, which all train it with a `T`.
pub struct ParallelTrainer<T> {
    workers: Workers,
    model: ModelSpec,
    member: Worker<T>,
    /// Where the random numbers of the steps come from. The helpers draw them, too.
    noise: Noise,
    state: State,
    /// What was gathered from the helpers since the last step.
    gathered: Option<StateKind>,
    alone: Pace,
    together: Pace,
}

/// Who trains.
enum State {
    /// This worker. Helpers are spawned when training begins.
    NotSpawned,
    /// This worker, while the helpers load and get the images.
    Spawned(Helpers),
    /// This worker and the helpers.
    Together(Helpers, Ports),
    /// This worker, for good.
    Alone,
    /// Nobody: a helper failed, and the tensors that it owned are lost.
    Lost(TrainerError),
}

impl<T: TeamTrainer<Context = ()>> ParallelTrainer<T> {
    /// Takes the next step towards training with helpers. A failure here costs speed and nothing else.
    async fn prepare_helpers(&mut self, images: &Images) -> Result<(), TrainerError> {
        match &mut self.state {
            State::NotSpawned => {
                let members = self.workers.count.min(MAX_WORKERS);
                // Supplied random numbers stay here.
                let can_share = self.noise.supplied.is_none() && self.member.most_workers(MAX_WORKERS) > 1;
                self.state = match members > 1 && can_share {
                    true => Helpers::spawn(members - 1).map_or_else(alone, State::Spawned),
                    false => State::Alone,
                };
            }
            State::Spawned(helpers) => match helpers.are_ready(images) {
                Ok(false) => {}
                Ok(true) => return self.begin_together().await,
                Err(why) => self.state = alone(why),
            },
            State::Together(helpers, _) => helpers.send_all_images(images),
            State::Alone => {}
            State::Lost(error) => return Err(error.clone()),
        }
        Ok(())
    }

    async fn begin_together(&mut self) -> Result<(), TrainerError> {
        let progress = self.member.trainer().progress().await?;
        let State::Spawned(helpers) = std::mem::replace(&mut self.state, State::Alone) else { return Ok(()) };
        match helpers.join(&self.model, &progress, self.noise.seed) {
            Ok(ports) => {
                self.member.set_rank(Rank { index: helpers.count(), of: 1 + helpers.count() })?;
                self.state = State::Together(helpers, ports);
            }
            Err(why) => self.state = alone(why),
        }
        Ok(())
    }

    /// Goes on alone where that is faster: some cores are much slower than others, and every step waits for the slowest.
    async fn end_slow_helpers(&mut self) -> Result<(), TrainerError> {
        let is_fast = self.together.step_ms < self.alone.step_ms;
        if self.workers.is_asked || self.together.slices != TRIAL_SLICES || is_fast {
            return Ok(());
        }
        self.gather(StateKind::Progress).await?;
        self.member.set_rank(Rank { index: 0, of: 1 })?;
        self.state = alone("they would slow it down".into());
        Ok(())
    }

    /// Gathers the tensors that the helpers own.
    async fn gather(&mut self, tensors: StateKind) -> Result<(), TrainerError> {
        let helpers = match &mut self.state {
            State::Together(helpers, _) if self.gathered < Some(tensors) => helpers,
            State::Lost(error) => return Err(error.clone()),
            _ => return Ok(()),
        };
        helpers.send(&HelperCommand::Give { moments: tensors == StateKind::Progress });
        let gathered = match helpers.gather().await {
            Ok(given) => self.member.gather(tensors, given),
            Err(error) => Err(error),
        };
        self.or_lost(gathered)?;
        self.gathered = Some(tensors);
        Ok(())
    }

    /// Without one of its helpers the trainer can do nothing more. Another trainer has to go on.
    fn or_lost<R>(&mut self, result: Result<R, TrainerError>) -> Result<R, TrainerError> {
        if let Err(error) = &result {
            self.state = State::Lost(error.clone());
        }
        result
    }
}

fn alone(why: String) -> State {
    web_sys::console::warn_1(&format!("This worker trains without helpers: {why}.").into());
    State::Alone
}

impl<T: TeamTrainer<Context = ()>> Wrapper for ParallelTrainer<T> {
    type Inner = T;
    type Context = Workers;

    async fn new(workers: &Workers, model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let member = Worker::new(T::new(&(), model, progress).await?);
        Ok(Self {
            workers: *workers,
            model: model.clone(),
            member,
            noise: Noise::default(),
            state: State::NotSpawned,
            gathered: None,
            alone: Pace::default(),
            together: Pace::default(),
        })
    }

    /// Called before the first step: helpers that have joined keep the random numbers that they joined with.
    fn set_noise(&mut self, noise: Noise) {
        self.noise = noise.clone();
        self.member.trainer().set_noise(noise);
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        self.prepare_helpers(images).await?;
        let began = Instant::now();
        let State::Together(helpers, ports) = &mut self.state else {
            let trained = self.member.trainer().train(images, batches, learning_rate).await;
            self.alone.note(began, batches.len());
            return trained;
        };
        self.gathered = None;
        let batches_of_helpers = batches.iter().map(|batch| batch.to_vec()).collect();
        helpers.send(&HelperCommand::Train { batches: batches_of_helpers, learning_rate });
        let trained = {
            let training = pin!(self.member.train(ports, images, batches, learning_rate));
            match select(training, pin!(helpers.failure())).await {
                Either::Left((trained, _)) => trained,
                Either::Right((error, _)) => Err(error),
            }
        };
        let trained = self.or_lost(trained)?;
        self.together.note(began, batches.len());
        self.end_slow_helpers().await?;
        Ok(trained)
    }

    async fn up_to_date(&mut self, tensors: Tensors) -> Result<&mut T, TrainerError> {
        self.gather(match tensors {
            Tensors::Weights => StateKind::Weights,
            Tensors::WeightsAndMoments => StateKind::Progress,
        })
        .await?;
        Ok(self.member.trainer())
    }

    fn workers(&self) -> usize {
        match &self.state {
            State::Together(helpers, _) => 1 + helpers.count(),
            _ => 1,
        }
    }
}
