//! What the person can do.

use super::Supervisor;
use crate::{app::release, app::state::Shared, display::chart::Earlier};
use latent_controller::{Action, Event};
use latent_core::{
    engine::EngineChoice,
    model::presets::Preset,
    settings::{Field, SettingError},
};
use leptos::prelude::*;
use std::time::Duration;

impl Supervisor {
    pub(super) fn act(&self, action: Action) {
        self.handle(Event::User(action));
    }

    /// Trains, or goes on.
    pub fn train(&self) {
        self.act(Action::Train);
    }

    /// Trains one step, then pauses.
    pub fn step(&self) {
        self.act(Action::Step);
    }

    /// Stops after the steps in flight.
    pub fn pause(&self) {
        self.act(Action::Pause);
    }

    /// Plans so many epochs more, and trains them if all others are done.
    pub fn extend(&self, epochs: u32) {
        self.act(Action::Extend(epochs));
    }

    /// A new run from its seed, with the settings as the form has them now.
    pub fn reset(&self) {
        self.act(Action::Reset);
    }

    /// Sets a field from text. Learning rate and epochs take effect at once, the others when the run starts anew,
    /// which is at once while nothing has been trained.
    pub fn set(&self, field: Field, text: &str) -> Result<(), SettingError> {
        self.state.settings.get_untracked().adjust(self.state.steps.get_untracked(), field, text)?;
        self.act(Action::Edit(field, text.into()));
        Ok(())
    }

    /// Takes a preset's model, and the batch size and the learning rate that go with it: at once while nothing has been
    /// trained, else when the run starts anew.
    pub fn choose_model(&self, preset: &'static Preset) {
        self.act(Action::ChooseModel(preset));
    }

    /// Gives up what the form has changed: its settings are those of the run again.
    pub fn revert_edits(&self) {
        self.act(Action::RevertEdits);
    }

    /// Takes another engine: at once while nothing has been trained, else when the run starts anew.
    pub fn choose_engine(&self, choice: EngineChoice) {
        self.act(Action::ChooseEngine(choice));
    }

    /// Goes on with the run that an earlier visit has saved.
    pub fn resume(&self) {
        self.act(Action::Resume);
    }

    /// Leaves that run where it is: it stays until this visit has saved two checkpoints of its own.
    pub fn decline_resume(&self) {
        self.act(Action::DeclineResume);
    }

    /// Offers the model as a file: as it is now, or as it was when training began if it hasn't.
    pub fn save(&self) {
        self.act(Action::SaveModel);
    }

    /// Goes on with the model in a file, if it is one; asks first where something was trained.
    pub fn open(&self, name: &str, file: &[u8]) {
        self.act(Action::OpenModel(name.into(), file.to_vec()));
    }

    /// Opens the file that was asked about.
    pub fn accept_offered(&self) {
        self.act(Action::AcceptOffered);
    }

    /// Leaves it.
    pub fn decline_offered(&self) {
        self.act(Action::DeclineOffered);
    }

    /// Fetches the model that the link brings, and opens it.
    pub fn accept_linked(&self) {
        self.act(Action::AcceptLinked);
    }

    /// Leaves it where it is.
    pub fn decline_linked(&self) {
        self.act(Action::DeclineLinked);
    }

    /// Takes the newer release that waits: reloads the page.
    pub fn take_release(&self) {
        release::take();
    }

    /// Says something that the person should read.
    pub fn notify(&self, message: String) {
        self.act(Action::Notify(message));
    }

    /// Takes a notice away.
    pub fn dismiss(&self, at: usize) {
        self.act(Action::Dismiss(at));
    }

    /// Takes earlier runs off the chart.
    pub fn forget_earlier_runs(&self) {
        self.state.earlier.update(Earlier::clear);
    }

    /// Shows that the link was copied, for a moment; or the link to be copied, until the next time.
    pub fn shared(&self, address: String, is_copied: bool) {
        let shared = self.state.shared;
        shared.set(Some(Shared { address, is_copied }));
        if is_copied {
            set_timeout(move || shared.set(None), Duration::from_secs(4));
        }
    }
}
