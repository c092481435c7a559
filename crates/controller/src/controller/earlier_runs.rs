//! Runs that gave way to others, kept as checkpoints, so that each can be opened again.

use super::{Controller, trainer::Requested};
use crate::{Effect, WorkerEvent, WorkerId};
use latent_core::{engine::EngineChoice, training::checkpoint::Checkpoint};
use latent_protocol::{TrainerCommand, TrainerEvent};
use std::sync::Arc;

/// Runs that are kept at most, beside the one before a lesson. A further one replaces the oldest.
const MOST_RUNS: usize = 5;
/// Bytes of their files at most, beside the newest and the one before a lesson.
const MOST_BYTES: usize = 100_000_000;
/// Seconds that a worker has to report the checkpoint of a run that was replaced.
const PATIENCE_S: u32 = 10;

/// A run that gave way to another.
#[derive(Debug)]
pub(super) struct EarlierRun {
    /// Its number, which the person sees and which it keeps.
    number: u32,
    /// Which of the runs that began it was: what its trainer calls it.
    run: u32,
    engine_choice: EngineChoice,
    /// Whether it began with its seed.
    is_from_seed: bool,
    /// The name of the file that it began with.
    opened: Option<String>,
    /// Its trainer has done steps that no checkpoint has yet: it trained, or had just stopped.
    is_ahead: bool,
    /// The newest checkpoint that was reported. `None` until its first one comes.
    file: Option<Arc<Vec<u8>>>,
}

/// A worker whose last task is to report the checkpoint of a run that was replaced.
#[derive(Debug)]
pub(super) struct LeavingWorker {
    pub id: WorkerId,
    waited_s: u32,
}

impl Controller {
    /// Keeps the run that is about to be replaced, if it has any steps or was opened from a file. Its trainer is asked for the
    /// checkpoint that it does not report by itself.
    pub(super) fn keep_run(&mut self) {
        if self.view.steps == 0 && self.opened.is_none() {
            return;
        }
        let origin_steps = self.origin.as_ref().map(|origin| origin.progress.steps);
        let kept_steps = self.checkpoint.as_ref().map(|newest| newest.steps).or(origin_steps);
        let is_ahead = self.view.phase.is_active() || kept_steps != Some(self.view.steps);
        if self.view.phase.is_active() {
            // A trainer that stops reports a checkpoint before it takes the next command.
            self.send(TrainerCommand::Pause);
        }
        let file = match (&self.checkpoint, &self.origin) {
            (Some(newest), _) => Some(newest.file.clone()),
            // What could be read can be written.
            (None, Some(origin)) => origin.to_bytes().ok().map(Arc::new),
            (None, None) => None,
        };
        let (engine_choice, is_from_seed) = (self.view.engine_choice, self.view.is_from_seed);
        let opened = self.opened.clone();
        let (number, run) = (self.view.run, self.run);
        let left = EarlierRun { number, run, engine_choice, is_from_seed, opened, is_ahead, file };
        self.earlier_runs.insert(self.earlier_runs.len() - self.undone, left);
        self.newest_number = self.newest_number.max(number);
        self.limit_earlier_runs();
    }

    /// Forgets the oldest runs beyond the limits, and shows which can be opened.
    fn limit_earlier_runs(&mut self) {
        let size = |run: &EarlierRun| run.file.as_ref().map_or(0, |file| file.len());
        let (mut bytes, mut count) = (0, 0);
        // From the newest on.
        self.earlier_runs.reverse();
        self.earlier_runs.retain(|run| {
            if self.view.before_lesson == Some(run.number) {
                return true;
            }
            (bytes, count) = (bytes + size(run), count + 1);
            count == 1 || count <= MOST_RUNS && bytes <= MOST_BYTES
        });
        self.earlier_runs.reverse();
        self.undone = self.undone.min(self.earlier_runs.len());
        let can_be_opened = |run: &EarlierRun| run.file.is_some().then_some(run.number);
        let (before, _) = self.earlier_runs.split_at(self.earlier_runs.len() - self.undone);
        self.view.undo_to = before.iter().rev().find_map(can_be_opened);
        self.view.earlier_runs = self.earlier_runs.iter().filter_map(can_be_opened).collect();
    }

    /// Opens the run with this number again, paused. The run under way is kept: *Undo* goes back to it.
    pub(super) fn open_run(&mut self, number: u32) {
        self.undone = 0;
        self.reopen(number);
    }

    /// Opens a run again. The run under way takes its place between those before and those that were undone.
    fn reopen(&mut self, number: u32) {
        let is_it = |run: &EarlierRun| run.number == number && run.file.is_some();
        let Some(at) = self.earlier_runs.iter().position(is_it) else { return };
        let EarlierRun { run, engine_choice, is_from_seed, opened, file, .. } = self.earlier_runs.remove(at);
        self.undone = self.undone.min(self.earlier_runs.len());
        self.view.before_lesson.take_if(|before| *before == number);
        let read = file.and_then(|file| Some((Checkpoint::parse(&file).ok()?, file)));
        let Some((checkpoint, file)) = read else {
            self.limit_earlier_runs();
            return self.notify("This run could not be opened again.".into());
        };
        let steps = checkpoint.progress.steps;
        self.push(Effect::UnarchiveRun(number));
        drop(self.withdraw_resumable());
        self.view.engine_choice = engine_choice;
        self.reopened = Some(run);
        self.take_up(checkpoint.settings.clone(), Some(checkpoint));
        self.view.run = number;
        self.view.is_from_seed = is_from_seed;
        self.opened = opened;
        if steps > 0 {
            // The browser has the run that was left, which a reload would bring back.
            self.checkpoint_made(steps, file);
        }
        self.limit_earlier_runs();
        if self.view.is_over() {
            // A finished run is shown as it was.
            self.request(Requested::Train);
        }
    }

    /// Keeps the run under way until the person returns from lessons. Where one lesson follows another, that is the run before
    /// the first.
    pub(super) fn begin_lesson(&mut self) {
        let is_worth_it = self.view.steps > 0 || self.opened.is_some();
        if self.view.before_lesson.is_none() && is_worth_it {
            self.view.before_lesson = Some(self.view.run);
        }
    }

    /// Opens the run again that gave way to a lesson, or keeps it no longer than others.
    pub(super) fn leave_lesson(&mut self, returns: bool) {
        match self.view.before_lesson {
            Some(run) if returns => self.open_run(run),
            _ => {
                self.view.before_lesson = None;
                self.limit_earlier_runs();
            }
        }
    }

    /// The file of the earlier run with this number, if it has one.
    pub(super) fn file_of_earlier(&self, number: u32) -> Option<Arc<Vec<u8>>> {
        self.earlier_runs.iter().find(|run| run.number == number)?.file.clone()
    }

    /// Opens the run before the one under way. That one is then behind it.
    pub(super) fn undo(&mut self) {
        let Some(number) = self.view.undo_to else { return };
        let Some(at) = self.earlier_runs.iter().position(|run| run.number == number) else { return };
        // What lies behind it and cannot be opened is passed over.
        self.undone = self.earlier_runs.len() - at - 1;
        let before = self.earlier_runs.len() - 1;
        self.reopen(number);
        self.undone += usize::from(self.earlier_runs.len() > before);
        self.limit_earlier_runs();
    }

    pub(super) fn forget_earlier_runs(&mut self) {
        self.earlier_runs.clear();
        self.view.before_lesson = None;
        self.limit_earlier_runs();
    }

    /// Takes the checkpoint of a run that was replaced, by the number that its trainer has for it.
    pub(super) fn earlier_checkpoint(&mut self, run: u32, file: Vec<u8>) {
        if let Some(left) = self.earlier_runs.iter_mut().find(|left| left.run == run) {
            left.file = Some(file.into());
            self.limit_earlier_runs();
        }
    }

    /// Ends the trainer of a run that was replaced, once it has reported that run's checkpoint.
    pub(super) fn let_trainer_leave(&mut self) {
        let is_awaited = self.earlier_runs.iter().any(|left| left.is_ahead && left.run + 1 == self.run);
        match self.trainer.worker().filter(|_| is_awaited) {
            Some(id) => {
                self.end_leaving();
                self.leaving = Some(LeavingWorker { id, waited_s: 0 });
                self.trainer = super::TrainerState::Absent;
            }
            None => self.end_trainer(),
        }
    }

    pub(super) fn hear_leaving(&mut self, event: WorkerEvent) {
        match event {
            WorkerEvent::Trainer(TrainerEvent::Checkpoint { run, file, .. }) => {
                self.earlier_checkpoint(run, file);
                self.end_leaving();
            }
            WorkerEvent::Trainer(
                TrainerEvent::NoCheckpoint { .. }
                | TrainerEvent::Failed { .. }
                | TrainerEvent::Lost(_)
                | TrainerEvent::Wrong(_),
            )
            | WorkerEvent::Failed(_) => self.end_leaving(),
            _ => {}
        }
    }

    pub(super) fn watch_leaving(&mut self) {
        if let Some(leaving) = &mut self.leaving {
            leaving.waited_s += 1;
            if leaving.waited_s >= PATIENCE_S {
                self.end_leaving();
            }
        }
    }

    fn end_leaving(&mut self) {
        if let Some(LeavingWorker { id, .. }) = self.leaving.take() {
            self.push(Effect::End(id));
        }
    }
}
