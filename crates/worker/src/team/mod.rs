//! The CPU engine's trainer in a browser: alone, or with helpers, workers of the same engine that own columns of its
//! network's large layers (`kernels/cpu/team.rs`).
//!
//! The trainer begins alone, so that the first step waits for nobody. Helpers join between two slices, when they are
//! loaded and have all images that the trainer has; numbers are the same whoever computes them, so nobody can tell
//! when. What the helpers own comes back when the whole network is asked for.

mod helper;
mod helpers;
mod ports;

pub use self::helper::help;
use self::{helpers::Helpers, ports::Ports};
use futures_util::future::{Either, select};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use latent_cpu::{
    CpuTrainer,
    team::{CpuWorker, MAX_WORKERS, Rank, StateKind},
};
use latent_protocol::{HelperCommand, Role};
use std::{ops::Range, pin::pin};
use web_time::Instant;

/// Slices after which helpers must have shown that they are worth their while.
const TRIAL: usize = 20;

/// A network in training on the CPU, by as many workers as the page allows.
pub struct TeamTrainer {
    model: ModelSpec,
    member: CpuWorker,
    help: Help,
    /// What was gathered from the helpers since the last step.
    gathered: Option<StateKind>,
    alone: Pace,
    together: Pace,
}

/// How fast a way to train is.
#[derive(Default)]
struct Pace {
    slices: usize,
    /// The least that a step took on the average of a slice: what else the machine does only ever adds to it.
    step_ms: Option<f64>,
}

impl Pace {
    fn note(&mut self, began: Instant, steps: usize) {
        let step_ms = began.elapsed().as_secs_f64() * 1e3 / steps as f64;
        self.step_ms = Some(self.step_ms.map_or(step_ms, |least| least.min(step_ms)));
        self.slices += 1;
    }
}

/// Who helps.
enum Help {
    /// Nobody yet: helpers are called when training begins.
    Uncalled,
    /// They load, and then get the images.
    Called(Helpers),
    AtWork(Helpers, Ports),
    /// Nobody, for good.
    Nobody,
    /// A helper broke when it was at work: what it owned is lost.
    Lost(TrainerError),
}

impl TeamTrainer {
    /// Takes the next step towards a team. What fails here costs speed and nothing else.
    async fn gather_team(&mut self, images: &Images) -> Result<(), TrainerError> {
        match &mut self.help {
            Help::Uncalled => {
                let members = allowed().0.min(MAX_WORKERS);
                self.help = match members > 1 && self.member.is_column_parallel() {
                    true => Helpers::call(members - 1).map_or_else(give_up, Help::Called),
                    false => Help::Nobody,
                };
            }
            Help::Called(helpers) => match helpers.are_ready(images) {
                Ok(false) => {}
                Ok(true) => return self.begin_together().await,
                Err(why) => self.help = give_up(why),
            },
            Help::AtWork(helpers, _) => helpers.hand_all(images),
            Help::Nobody => {}
            Help::Lost(error) => return Err(error.clone()),
        }
        Ok(())
    }

    /// Goes on alone where that is faster: some cores are much slower than others, and the slowest sets the pace.
    async fn end_slow_team(&mut self) -> Result<(), TrainerError> {
        let (_, is_asked) = allowed();
        if is_asked || self.together.slices != TRIAL || self.together.step_ms < self.alone.step_ms {
            return Ok(());
        }
        self.gather(StateKind::Progress).await?;
        self.member.set_rank(Rank::SINGLE)?;
        self.help = give_up("they would slow it down".into());
        Ok(())
    }

    async fn begin_together(&mut self) -> Result<(), TrainerError> {
        let progress = self.member.trainer().progress().await?;
        let Help::Called(helpers) = std::mem::replace(&mut self.help, Help::Nobody) else { return Ok(()) };
        match helpers.join(&self.model, &progress) {
            Ok(ports) => {
                self.member.set_rank(Rank { index: helpers.count(), of: 1 + helpers.count() })?;
                self.help = Help::AtWork(helpers, ports);
            }
            Err(why) => self.help = give_up(why),
        }
        Ok(())
    }

    /// Has everything here that the helpers own.
    async fn gather(&mut self, kept: StateKind) -> Result<(), TrainerError> {
        let helpers = match &mut self.help {
            Help::AtWork(helpers, _) if self.gathered < Some(kept) => helpers,
            Help::Lost(error) => return Err(error.clone()),
            _ => return Ok(()),
        };
        helpers.tell(&HelperCommand::Give { moments: kept == StateKind::Progress });
        let gathered = match helpers.gather().await {
            Ok(given) => self.member.gather(kept, given),
            Err(error) => Err(error),
        };
        self.or_lost(gathered)?;
        self.gathered = Some(kept);
        Ok(())
    }

    /// Without one of its members the team is none: it ends here, and whoever goes on begins with another trainer.
    fn or_lost<R>(&mut self, result: Result<R, TrainerError>) -> Result<R, TrainerError> {
        if let Err(error) = &result {
            self.help = Help::Lost(error.clone());
        }
        result
    }
}

/// So many workers may train, and whether they have to, as this one's name says.
fn allowed() -> (usize, bool) {
    match super::worker::role() {
        Some(Role::Trainer { workers, is_asked }) => (workers, is_asked),
        _ => (1, false),
    }
}

fn give_up(why: String) -> Help {
    web_sys::console::warn_1(&format!("This worker trains without helpers: {why}.").into());
    Help::Nobody
}

impl Trainer for TeamTrainer {
    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        CpuTrainer::supports(model)
    }

    async fn new(model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let member = CpuWorker::new(CpuTrainer::new(model, progress).await?);
        Ok(Self {
            model: model.clone(),
            member,
            help: Help::Uncalled,
            gathered: None,
            alone: Pace::default(),
            together: Pace::default(),
        })
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        self.gather_team(images).await?;
        let began = Instant::now();
        let Help::AtWork(helpers, ports) = &mut self.help else {
            let trained = self.member.trainer().train(images, batches, learning_rate).await;
            self.alone.note(began, batches.len());
            return trained;
        };
        self.gathered = None;
        let batches_of_helpers = batches.iter().map(|batch| batch.to_vec()).collect();
        helpers.tell(&HelperCommand::Train { batches: batches_of_helpers, learning_rate });
        let trained = {
            let training = pin!(self.member.train(ports, images, batches, learning_rate));
            match select(training, pin!(helpers.broken())).await {
                Either::Left((trained, _)) => trained,
                Either::Right((error, _)) => Err(error),
            }
        };
        let trained = self.or_lost(trained)?;
        self.together.note(began, batches.len());
        self.end_slow_team().await?;
        Ok(trained)
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        self.gather(StateKind::Weights).await?;
        self.member.trainer().evaluate(images, which).await
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        self.gather(StateKind::Weights).await?;
        self.member.trainer().encode(images, which).await
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        self.gather(StateKind::Weights).await?;
        self.member.trainer().decode(codes).await
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        self.gather(StateKind::Weights).await?;
        self.member.trainer().weights().await
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        self.gather(StateKind::Progress).await?;
        self.member.trainer().progress().await
    }

    fn workers(&self) -> usize {
        match &self.help {
            Help::AtWork(helpers, _) => 1 + helpers.count(),
            _ => 1,
        }
    }
}
