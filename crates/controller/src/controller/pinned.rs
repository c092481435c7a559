//! The pinned run, whose plane stands beside that of the run under way: an explorer of its own has the network that it ended
//! with.

use super::Controller;
use crate::{Effect, PinnedRun, WorkerEvent, WorkerFailure, WorkerId, plain_failure};
use latent_core::{
    engine::{Engine, Program},
    training::checkpoint::Checkpoint,
};
use latent_protocol::{ExplorerCommand, ExplorerEvent, Role};

impl Controller {
    /// Pins the run with this number, in place of the one before: an earlier run, or the one under way. That one is pinned as its
    /// newest checkpoint or the file that it began with has it; where neither has a network, or a trainer that has stopped is
    /// about to report one, as the next checkpoint will.
    pub(super) fn pin(&mut self, number: u32) {
        let is_under_way = number == self.view.run;
        let is_behind = self.steps_at_checkpoint() != self.view.steps;
        let has_network = self.checkpoint.is_some() || self.origin.is_some();
        let is_active = self.view.phase.is_active();
        self.pins_next_checkpoint = is_under_way && (is_behind || is_active) && !(is_active && has_network);
        if self.pins_next_checkpoint {
            return;
        }
        let found = match is_under_way {
            true => self.newest_checkpoint(),
            false => self.file_of_earlier(number).and_then(|file| Checkpoint::parse(&file).ok()),
        };
        let Some(Checkpoint { mut settings, progress, .. }) = found else {
            return self.notify(match is_under_way {
                true => "There is nothing to pin yet: train this run first, if only a step.".into(),
                false => "This run could not be pinned: it has no saved network.".into(),
            });
        };
        if !self.has_images(settings.data) {
            return self.miss_images(settings.data);
        }
        self.unpin();
        let worker = self.new_worker();
        self.push(Effect::Spawn(
            worker,
            Program::of(Engine::Cpu, &settings.model),
            Role::Explorer,
            settings.data,
        ));
        let (model, seed, steps) = (settings.model.clone(), settings.seed, progress.steps);
        settings.learning_rates = settings.learning_rates.held(steps);
        let weights = Some(progress.weights);
        let (run, steps_per_epoch, again) = (number, settings.steps_per_epoch() as u64, None);
        let show = ExplorerCommand::Show { run, model, weights, seed, steps, steps_per_epoch, again };
        self.pinned = Some(worker);
        self.view.pinned = Some(PinnedRun { run, settings, steps });
        self.explore_pinned(show);
        self.explore_pinned(ExplorerCommand::Plot(self.explorer.plotted()));
    }

    /// Ends what shows the pinned run.
    pub(super) fn unpin(&mut self) {
        self.view.pinned = None;
        self.pins_next_checkpoint = false;
        if let Some(worker) = self.pinned.take() {
            self.push(Effect::End(worker));
        }
    }

    /// The worker that shows the pinned run.
    pub fn pinned_worker(&self) -> Option<WorkerId> {
        self.pinned
    }

    /// Has the explorer of the pinned run do something, if there is one.
    pub(super) fn explore_pinned(&mut self, command: ExplorerCommand) {
        if let Some(worker) = self.pinned {
            self.push(Effect::SendExplorer(worker, command));
        }
    }

    pub(super) fn hear_pinned(&mut self, event: WorkerEvent) {
        match event {
            WorkerEvent::Explorer(ExplorerEvent::Failed(message)) => self.notify(message),
            WorkerEvent::Explorer(event) => self.push(Effect::ExploredPinned(event)),
            WorkerEvent::Loading(..) | WorkerEvent::Trainer(_) => {}
            WorkerEvent::Failed(failure) => {
                if matches!(failure, WorkerFailure::NotSpawned(_)) {
                    // There is nothing to end.
                    self.pinned = None;
                }
                self.unpin();
                let why = match failure {
                    WorkerFailure::NotHere(why)
                    | WorkerFailure::NotSpawned(why)
                    | WorkerFailure::Missing(why) => why,
                    WorkerFailure::OtherRelease => "the page has to be reloaded for it".into(),
                    WorkerFailure::Died(why) => plain_failure(&why),
                };
                self.notify(format!("The pinned run is not shown any more: {why}."));
            }
        }
    }
}
