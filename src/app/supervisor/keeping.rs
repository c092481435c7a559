//! The page may die, too: the newest checkpoint is kept in the browser, and offered at the next visit.

use super::{Supervisor, recovering::Kept};
use crate::app::{
    state::Resumable,
    store::{self, NotKept, Record},
};
use latent_core::{engine::EngineChoice, training::checkpoint::Checkpoint};
use latent_protocol::TrainerCommand;
use leptos::{ev, prelude::*, task::spawn_local};

impl Supervisor {
    /// Offers what an earlier visit has kept, and has the trainer make a checkpoint whenever the page is hidden: it
    /// may never be shown again. Until it is, training needs to show nothing.
    pub(super) fn watch_over_page(&self) {
        let supervisor = *self;
        spawn_local(async move { supervisor.look_for_kept().await });
        let hidden = window_event_listener(ev::Custom::new("visibilitychange"), move |_: web_sys::Event| {
            if document().hidden() {
                supervisor.send(&TrainerCommand::Keep);
            }
            supervisor.tell_whether_watched();
        });
        on_cleanup(move || hidden.remove());
    }

    /// Says so to the trainer; a new one takes the page to be seen.
    pub(super) fn tell_whether_watched(&self) {
        self.send(&TrainerCommand::Watched(!document().hidden()));
    }

    async fn look_for_kept(&self) {
        let Some((Record { epoch, engine }, file)) = store::newest().await else { return };
        let state = self.state;
        let is_untouched = self.is_fresh() && self.origin.with_value(Option::is_none);
        if is_untouched {
            self.resumable.set_value(Some((engine, file)));
            state.resumable.set(Some(Resumable { epoch }));
        }
    }

    /// Goes on with what an earlier visit has kept.
    pub fn resume(&self) {
        let Some((engine, file)) = self.withdraw_offer() else { return };
        match Checkpoint::parse(&file) {
            Ok(checkpoint) => {
                if let Some(choice) = EngineChoice::from_name(&engine) {
                    self.state.engine_choice.set(choice);
                }
                let is_finished = checkpoint.progress.steps >= checkpoint.settings.steps();
                self.begin(checkpoint.settings.clone(), Some(checkpoint));
                if !is_finished {
                    self.train();
                }
            }
            Err(error) => self.notify(format!("What was kept can't be taken up: {error}.")),
        }
    }

    /// Leaves what an earlier visit has kept where it is: it stays until this visit has kept two checkpoints of its own.
    pub fn leave_kept(&self) {
        drop(self.withdraw_offer());
    }

    pub(super) fn withdraw_offer(&self) -> Option<(String, Vec<u8>)> {
        if self.state.resumable.with_untracked(Option::is_some) {
            self.state.resumable.set(None);
        }
        self.resumable.try_update_value(Option::take).flatten()
    }

    /// Keeps a checkpoint in the browser: this one, or a newer one that comes while another is being written.
    pub(super) fn keep_in_browser(&self) {
        if self.is_keeping.get_value() {
            return;
        }
        self.is_keeping.set_value(true);
        let supervisor = *self;
        spawn_local(async move {
            let newest = || supervisor.kept.get_value();
            while let Some(Kept { steps, file }) = newest() {
                supervisor.write(steps, &file).await;
                if supervisor.kept.with_value(|kept| kept.as_ref().is_none_or(|kept| kept.steps == steps)) {
                    break;
                }
            }
            supervisor.is_keeping.set_value(false);
        });
    }

    async fn write(&self, steps: u64, file: &[u8]) {
        let state = self.state;
        let steps_per_epoch = state.run_settings.with_untracked(|settings| settings.steps_per_epoch()) as u64;
        let engine = state.engine_choice.get_untracked().name().into();
        let record = Record { epoch: steps.div_ceil(steps_per_epoch), engine };
        match store::keep(file, &record).await {
            Ok(()) => state.saved.set(Some(steps)),
            Err(NotKept::Elsewhere) => self.say_once(
                "Another tab keeps its training over a reload, so this one can't: save the model to keep it."
                    .into(),
            ),
            Err(NotKept::Refused(why)) => self.say_once(format!(
                "The browser does not keep this training over a reload ({why}): save the model to keep it."
            )),
        }
    }

    fn say_once(&self, sentence: String) {
        if !self.has_said_not_kept.get_value() {
            self.has_said_not_kept.set_value(true);
            self.notify(sentence);
        }
    }
}
