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
use crate::{
    data::Images,
    kernels::cpu::{
        CpuTrainer,
        team::{CpuMember, Kept, MOST_MEMBERS, Seat},
    },
    network::Weights,
    protocol::{HelperCommand, Role},
    settings::Architecture,
    training::{Progress, Trainer, TrainerError},
};
use futures_util::future::{Either, select};
use std::{ops::Range, pin::pin};

/// A network in training on the CPU, by as many workers as the page allows.
pub struct TeamTrainer {
    architecture: Architecture,
    member: CpuMember,
    help: Help,
    /// What was gathered from the helpers since the last step.
    gathered: Option<Kept>,
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
                let members = allowed().min(MOST_MEMBERS);
                self.help = match members > 1 && self.member.is_divisible() {
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

    async fn begin_together(&mut self) -> Result<(), TrainerError> {
        let progress = self.member.alone().progress().await?;
        let Help::Called(helpers) = std::mem::replace(&mut self.help, Help::Nobody) else { return Ok(()) };
        match helpers.join(&self.architecture, &progress) {
            Ok(ports) => {
                self.member.sit(Seat { member: helpers.count(), of: 1 + helpers.count() })?;
                self.help = Help::AtWork(helpers, ports);
            }
            Err(why) => self.help = give_up(why),
        }
        Ok(())
    }

    /// Has everything here that the helpers own.
    async fn gather(&mut self, kept: Kept) -> Result<(), TrainerError> {
        let helpers = match &mut self.help {
            Help::AtWork(helpers, _) if self.gathered < Some(kept) => helpers,
            Help::Lost(error) => return Err(error.clone()),
            _ => return Ok(()),
        };
        helpers.tell(&HelperCommand::Give { moments: kept == Kept::Progress });
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

/// So many workers may train, as this one's name says.
fn allowed() -> usize {
    match super::worker::role() {
        Some(Role::Trainer { workers }) => workers,
        _ => 1,
    }
}

fn give_up(why: String) -> Help {
    web_sys::console::warn_1(&format!("This worker trains without helpers: {why}.").into());
    Help::Nobody
}

impl Trainer for TeamTrainer {
    async fn new(architecture: &Architecture, progress: &Progress) -> Result<Self, TrainerError> {
        let member = CpuMember::new(CpuTrainer::new(architecture, progress).await?);
        Ok(Self { architecture: architecture.clone(), member, help: Help::Uncalled, gathered: None })
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<f32>, TrainerError> {
        self.gather_team(images).await?;
        let Help::AtWork(helpers, ports) = &mut self.help else {
            return self.member.alone().train(images, batches, learning_rate).await;
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
        self.or_lost(trained)
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<f64, TrainerError> {
        self.gather(Kept::Weights).await?;
        self.member.alone().evaluate(images, which).await
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        self.gather(Kept::Weights).await?;
        self.member.alone().encode(images, which).await
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        self.gather(Kept::Weights).await?;
        self.member.alone().decode(codes).await
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        self.gather(Kept::Weights).await?;
        self.member.alone().weights().await
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        self.gather(Kept::Progress).await?;
        self.member.alone().progress().await
    }

    fn workers(&self) -> usize {
        match &self.help {
            Help::AtWork(helpers, _) => 1 + helpers.count(),
            _ => 1,
        }
    }
}
