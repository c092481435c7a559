//! The slices of work that a session does between two looks at its inputs.

use super::{
    input::Output,
    state::{Current, Goal, Session},
};
use latent_core::training::{
    StepLosses, Trainer,
    run::{LONG_SLICE, SHORT_SLICE, Slice},
};
use latent_protocol::{Phase, TrainerEvent};
use web_time::{Duration, Instant};

/// How often a snapshot is made while training.
const SNAPSHOT_EVERY: Duration = Duration::from_millis(250);
/// How often a snapshot is made at the end of an epoch while somebody looks. Each of them becomes a moment of the run, unless
/// epochs are shorter than this.
const END_EVERY: Duration = Duration::from_millis(100);
/// How often a checkpoint is reported while training. It is what a fault costs at most.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(10);

impl<T: Trainer, Emit: Fn(Output)> Session<T, Emit> {
    /// Does the next slice, if the images for it have arrived.
    pub(super) async fn advance(&mut self) {
        let Some(Current { run, .. }) = &mut self.current else { return };
        let most_steps = match self.goal {
            _ if self.is_compiling => 1,
            Goal::OneStep => 1,
            Goal::Until(steps) => usize::try_from(steps.saturating_sub(run.steps())).unwrap_or(usize::MAX),
            Goal::Nothing | Goal::ValidationAfterStep | Goal::End => usize::MAX,
        };
        if most_steps == 0 {
            return self.stop(Phase::Paused).await;
        }
        self.is_waiting = run.is_waiting(&self.data);
        if self.is_waiting
            && let Some(message) = self.load_failure.clone()
        {
            self.report_checkpoint().await;
            return self.fail(message);
        }
        self.enter(match self.is_waiting {
            true => Phase::Loading,
            false if self.is_compiling => Phase::Compiling,
            false => Phase::Training,
        });
        let Some(Current { number, run, history, .. }) = &mut self.current else { return };
        let time = if self.is_watched { SHORT_SLICE } else { LONG_SLICE };
        let slice = run.advance(&self.data, most_steps, time).await;
        let (run, settings) = (*number, run.settings());
        match slice {
            Ok(None) => {}
            Ok(Some(Slice::Trained { steps_before, losses })) => {
                self.is_compiling = false;
                let losses = StepLosses::of(&losses);
                history.trained(losses.clone());
                let learning_rate = settings.learning_rates.after(steps_before);
                self.report(TrainerEvent::Trained { run, steps_before, losses, learning_rate });
                let is_there = match self.goal {
                    Goal::OneStep => true,
                    Goal::Until(steps) => {
                        self.current.as_ref().is_some_and(|current| current.run.steps() >= steps)
                    }
                    Goal::Nothing | Goal::ValidationAfterStep | Goal::End => false,
                };
                self.report_workers();
                if is_there {
                    self.goal = Goal::ValidationAfterStep;
                }
                self.after_slice().await;
            }
            Ok(Some(Slice::Validating)) => self.report(TrainerEvent::Alive),
            Ok(Some(Slice::Validated { epochs, losses })) => {
                let (loss, parts) = (losses.kept_total(), losses.parts());
                let _ = history.validated(loss, parts);
                self.report(TrainerEvent::Validated { run, epochs, loss, parts });
                self.after_slice().await;
            }
            Ok(Some(Slice::Finished)) => self.stop(Phase::Finished).await,
            Err(error) => self.fail_with(error),
        }
    }

    /// Stops training in this phase, with a snapshot and a checkpoint.
    pub(super) async fn stop(&mut self, phase: Phase) {
        self.goal = Goal::Nothing;
        self.enter(phase);
        self.snapshot().await;
        self.report_checkpoint().await;
    }

    async fn after_slice(&mut self) {
        let is_due = self.current.as_ref().is_some_and(|current| current.run.validation_is_due());
        let is_end = is_due && self.end_at.is_none_or(|at| at.elapsed() >= END_EVERY);
        if self.goal == Goal::ValidationAfterStep && !is_due {
            self.stop(Phase::Paused).await;
        } else if self.is_watched && (is_end || self.snapshot_at.elapsed() >= SNAPSHOT_EVERY) {
            // A page that nobody sees decodes nothing.
            if is_end {
                self.end_at = Some(Instant::now());
            }
            self.snapshot().await;
        }
        if self.checkpoint_at.elapsed() >= CHECKPOINT_EVERY {
            self.report_checkpoint().await;
        }
    }
}
