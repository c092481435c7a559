//! Checkpoints: what a dead worker leaves, what the browser saves over a reload, and models as files.

use super::{Controller, trainer::Requested};
use crate::{Effect, NotSaved, Resumable, SavedRecord, SavedRun, own_images::missing};
use latent_core::{
    engine::EngineChoice,
    training::{Progress, checkpoint::Checkpoint, history::History},
};
use latent_protocol::{Phase, TrainerCommand};
use std::sync::Arc;

/// Seconds that the browser has to save a checkpoint before the next one is tried.
const PATIENCE_S: u32 = 60;

/// The newest checkpoint of the run.
#[derive(Debug)]
pub(super) struct NewestCheckpoint {
    /// Steps done by then.
    pub steps: u64,
    /// The model as a file, which is megabytes: shared with whoever writes it.
    pub file: Arc<Vec<u8>>,
}

/// What the browser does with checkpoints.
#[derive(Debug)]
pub(super) enum Saving {
    /// Nothing.
    Idle,
    /// It saves the one of `steps` of the run with this number, for so many seconds by now.
    Writing { run: u32, steps: u64, waited_s: u32 },
}

impl Controller {
    /// The newest checkpoint, or the run's beginning; `None`: the run began with its seed, and has no checkpoint.
    pub(super) fn newest_checkpoint(&mut self) -> Option<Checkpoint> {
        match self.checkpoint.as_ref().map(|newest| Checkpoint::parse(&newest.file)) {
            Some(Ok(checkpoint)) => Some(checkpoint),
            // What the trainer has written can be read.
            Some(Err(error)) => {
                self.notify(format!("The last checkpoint can't be read: {error}."));
                self.forget_checkpoint();
                self.roll_back();
                self.origin.clone()
            }
            None => self.origin.clone(),
        }
    }

    pub(super) fn forget_checkpoint(&mut self) {
        self.checkpoint = None;
        self.view.checkpoint_steps = None;
        self.view.saved_steps = None;
    }

    pub(super) fn checkpoint_made(&mut self, steps: u64, file: Arc<Vec<u8>>) {
        self.checkpoint = Some(NewestCheckpoint { steps, file });
        self.view.checkpoint_steps = Some(steps);
        self.save_in_browser();
        self.hand_over_if_ready();
        if self.pins_next_checkpoint {
            self.pin(self.view.run);
        }
    }

    /// Saves the newest checkpoint in the browser, unless another is being written: then it comes after that.
    fn save_in_browser(&mut self) {
        let (Saving::Idle, Some(newest)) = (&self.saving, &self.checkpoint) else { return };
        let steps_per_epoch = self.view.run_settings.steps_per_epoch() as u64;
        let engine = self.view.engine_choice.name().into();
        let record = SavedRecord { epoch: newest.steps.div_ceil(steps_per_epoch), engine };
        self.saving = Saving::Writing { run: self.run, steps: newest.steps, waited_s: 0 };
        self.push(Effect::SaveCheckpoint(newest.steps, newest.file.clone(), record));
    }

    pub(super) fn checkpoint_saved(&mut self, written: u64, result: Result<(), NotSaved>) {
        let Saving::Writing { run, steps, .. } = self.saving else { return };
        if written != steps {
            return;
        }
        self.saving = Saving::Idle;
        match result {
            Ok(()) if run == self.run && self.checkpoint.is_some() => self.view.saved_steps = Some(steps),
            Ok(()) => {}
            Err(NotSaved::OtherTab) => self.tell_not_saved(
                "Another tab keeps its training over a reload, so this one can't: save the model to keep it."
                    .into(),
            ),
            Err(NotSaved::Refused(why)) => self.tell_not_saved(format!(
                "The browser does not keep this training over a reload ({why}): save the model to keep it."
            )),
        }
        if self.checkpoint.as_ref().is_some_and(|newest| newest.steps != steps || run != self.run) {
            self.save_in_browser();
        }
    }

    pub(super) fn watch_saving(&mut self) {
        if let Saving::Writing { waited_s, .. } = &mut self.saving {
            *waited_s += 1;
            if *waited_s >= PATIENCE_S {
                self.saving = Saving::Idle;
            }
        }
    }

    fn tell_not_saved(&mut self, sentence: String) {
        if !self.has_told_not_saved {
            self.has_told_not_saved = true;
            self.notify(sentence);
        }
    }

    pub(super) fn checkpoint_loaded(&mut self, saved: Option<SavedRun>) {
        let is_untouched = self.view.is_fresh() && self.origin.is_none();
        if let Some(saved) = saved.filter(|_| is_untouched) {
            self.view.resumable = Some(Resumable { epoch: saved.record.epoch });
            self.resumable = Some(saved);
        }
    }

    /// Withdraws the offer to go on with a saved run: it stays in the browser until this visit has saved two
    /// checkpoints of its own.
    pub(super) fn withdraw_resumable(&mut self) -> Option<SavedRun> {
        self.view.resumable = None;
        self.resumable.take()
    }

    pub(super) fn resume(&mut self) {
        let Some(SavedRun { record, file }) = self.withdraw_resumable() else { return };
        match Checkpoint::parse(&file) {
            Ok(Checkpoint { settings, .. }) if !self.has_images(settings.data) => {
                self.miss_images(settings.data);
                self.notify(format!(
                    "The saved run could not be restored: it was trained on {}, which are no longer in this browser.",
                    missing(settings.data)
                ));
            }
            Ok(checkpoint) => {
                if let Some(choice) = EngineChoice::from_name(&record.engine) {
                    self.view.engine_choice = choice;
                }
                self.begin(checkpoint.settings.clone(), Some(checkpoint));
                // A finished run is shown as it was.
                self.request(Requested::Train);
            }
            Err(error) => self.notify(format!("The saved run could not be restored: {error}.")),
        }
    }

    /// Offers the model as a file: as it is now, or as it was when training began if it hasn't.
    pub(super) fn save_model(&mut self) {
        if self.trainer.worker().is_some() && self.view.phase != Phase::Failed {
            // The answer is heard as `Saved`.
            return self.send(TrainerCommand::Save);
        }
        // The settings of the run may have changed since its checkpoint.
        let settings = self.view.run_settings.clone();
        let (progress, history) = match self.newest_checkpoint() {
            Some(newest) => (newest.progress, newest.history),
            None => (Progress::initial(&settings.model, settings.seed), History::default()),
        };
        match (Checkpoint { settings, progress, history }).to_bytes() {
            Ok(file) => self.push(Effect::OfferModel(file.into())),
            Err(error) => self.notify(format!("The model could not be saved: {error}.")),
        }
    }
}
