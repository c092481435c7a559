//! What a session does with the page's commands.

use super::{
    input::Output,
    state::{Current, Goal, Session},
};
use latent_core::{
    settings::{LearningRates, Settings},
    training::{Progress, Trainer, TrainerError, history::History, run::Run},
};
use latent_protocol::{Phase, TrainerCommand, TrainerEvent};
use web_time::{Duration, Instant};

/// A change of the settings that comes sooner than this after a checkpoint does not cause another one.
const CHECKPOINT_AGAIN_AFTER: Duration = Duration::from_secs(1);

impl<T: Trainer, Emit: Fn(Output)> Session<T, Emit> {
    /// Does what the page asks for.
    pub(super) async fn obey(&mut self, command: TrainerCommand) {
        match command {
            TrainerCommand::Start { run, settings, progress, history } => {
                self.start(run, settings, progress.map(|progress| *progress), *history).await;
            }
            TrainerCommand::Train => self.pursue(Goal::End),
            TrainerCommand::Step => self.pursue(Goal::OneStep),
            TrainerCommand::TrainTo(steps) => self.pursue(Goal::Until(steps)),
            // `Train` may have come just before, and no slice been done since.
            TrainerCommand::Pause if self.goal != Goal::Nothing || self.phase.is_active() => {
                self.stop(Phase::Paused).await;
            }
            TrainerCommand::Pause => {}
            TrainerCommand::Adjust { learning_rates, epochs } => self.adjust(&learning_rates, epochs).await,
            TrainerCommand::Save => self.report_model().await,
            TrainerCommand::Checkpoint => self.report_checkpoint().await,
            TrainerCommand::Watched(is_watched) => self.is_watched = is_watched,
            TrainerCommand::ConnectExplorer => {
                self.has_explorer = true;
                self.send_weights().await;
            }
        }
    }

    async fn start(&mut self, number: u32, settings: Settings, progress: Option<Progress>, history: History) {
        (self.number, self.goal, self.current) = (number, Goal::Nothing, None);
        let made = match settings.check() {
            Ok(()) => {
                let initial = || Progress::initial(&settings.model, settings.seed);
                let progress = progress.unwrap_or_else(initial);
                Run::<T>::new(&self.engine.context, settings, &progress).await
            }
            Err(error) => Err(TrainerError::Settings(error)),
        };
        match made {
            Ok(mut run) => {
                let description = run.trainer().description();
                if !description.is_empty() {
                    let device = &self.engine.device;
                    self.report(TrainerEvent::Ready(format!("{device} · {description}")));
                }
                let checkpoint_steps = run.steps();
                let current = Current { number, run, history, checkpoint_steps, has_no_checkpoint: false };
                self.current = Some(current);
                self.enter(Phase::Idle);
                if self.load_failure.take().is_some() {
                    (self.emit)(Output::LoadAgain);
                }
            }
            Err(error) => self.fail_with(error.into()),
        }
    }

    fn pursue(&mut self, goal: Goal) {
        if self.current.is_some() && !matches!(self.phase, Phase::Failed | Phase::Finished) {
            if self.goal == Goal::Nothing {
                self.checkpoint_at = Instant::now();
            }
            self.goal = goal;
        }
    }

    async fn adjust(&mut self, learning_rates: &LearningRates, epochs: u32) {
        // If the losses explode from here on, nothing that was trained before is lost.
        if self.goal != Goal::Nothing && self.checkpoint_at.elapsed() >= CHECKPOINT_AGAIN_AFTER {
            self.report_checkpoint().await;
        }
        let Some(current) = &mut self.current else { return };
        match current.run.adjust(learning_rates, epochs) {
            Ok(()) if self.phase == Phase::Finished => self.enter(Phase::Paused),
            Ok(()) => {}
            Err(error) => self.fail(error.to_string()),
        }
    }
}
