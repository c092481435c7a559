//! What a session reports of its run.

use super::{
    input::Output,
    state::{Goal, Session},
};
use latent_core::training::{Trainer, TrainerError, run::RunError};
use latent_protocol::{Phase, Snapshot, TrainerEvent};
use web_time::Instant;

impl<T: Trainer, Emit: Fn(Output)> Session<T, Emit> {
    pub(super) fn report(&self, event: TrainerEvent) {
        (self.emit)(Output::Event(event));
    }

    /// Enters a phase.
    pub(super) fn enter(&mut self, phase: Phase) {
        if self.phase != phase || phase == Phase::Idle {
            self.phase = phase;
            self.report(TrainerEvent::Entered(self.number, phase));
        }
    }

    /// Stops the run with a sentence.
    pub(super) fn fail(&mut self, message: String) {
        self.goal = Goal::Nothing;
        self.report(TrainerEvent::Failed { run: self.number, message });
        self.enter(Phase::Failed);
    }

    /// Stops the run because of an error. Without its device or its helpers this worker can train nothing more, so
    /// another one has to go on. Any other error is the run's.
    pub(super) fn fail_with(&mut self, error: RunError) {
        let lost = match error {
            RunError::Trainer(TrainerError::Device(why)) => {
                TrainerEvent::Lost(format!("its GPU failed ({why})"))
            }
            RunError::Trainer(TrainerError::Team(why)) => TrainerEvent::Lost(why),
            RunError::Trainer(TrainerError::Wrong(what)) => TrainerEvent::Wrong(what),
            error => return self.fail(error.to_string()),
        };
        (self.goal, self.current) = (Goal::Nothing, None);
        self.report(lost);
    }

    /// Reports how many workers train, if that has changed.
    pub(super) fn report_workers(&mut self) {
        let workers = self.current.as_mut().map_or(1, |current| current.run.trainer().workers());
        if self.workers != workers {
            self.workers = workers;
            self.report(TrainerEvent::Workers(workers));
        }
    }

    /// Makes a snapshot, and reports it.
    pub(super) async fn snapshot(&mut self) {
        self.send_weights().await;
        if let Some(current) = &self.current {
            let (run, steps) = (current.number, current.run.steps());
            self.report(TrainerEvent::Snapshot { run, steps });
        }
        self.snapshot_at = Instant::now();
    }

    /// Sends the newest weights to the explorer, if there is one.
    pub(super) async fn send_weights(&mut self) {
        let Some(current) = self.current.as_mut().filter(|_| self.has_explorer) else { return };
        let (run, steps) = (current.number, current.run.steps());
        match current.run.trainer().weights().await {
            Ok(weights) => (self.emit)(Output::Snapshot(Snapshot { run, steps, weights })),
            Err(error) => self.fail_with(error.into()),
        }
    }
}
