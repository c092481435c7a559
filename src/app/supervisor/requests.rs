//! What the person can do.

use super::Supervisor;
use crate::{
    app::{release, state::State},
    display::{chart::Earlier, learning_rate_text, numbers::grouped},
};
use latent_controller::{Action, Event};
use latent_core::{
    engine::EngineChoice,
    link::{Link, View},
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

    /// Opens the run before the one under way.
    pub fn undo(&self) {
        self.go_to_run(Action::Undo);
    }

    /// Opens the earlier run with this number again.
    pub fn open_run(&self, run: u32) {
        self.go_to_run(Action::OpenRun(run));
    }

    /// Opens another run, and says which one it is and where the others are.
    fn go_to_run(&self, action: Action) {
        self.act(action);
        let State { run, earlier_runs, .. } = self.state;
        let rest =
            if earlier_runs.with_untracked(Vec::is_empty) { "" } else { " The others are under Runs." };
        self.answer(format!("Run {} is back.{rest}", run.get_untracked()));
    }

    /// Begins a new run with the settings as the form has them now, and trains it.
    pub fn restart(&self) {
        self.reset();
        self.train();
    }

    /// Sets a field from text. Learning rate and epochs take effect at once, the others when the run starts anew,
    /// which is at once while nothing has been trained.
    pub fn set(&self, field: Field, text: &str) -> Result<(), SettingError> {
        self.state.settings.get_untracked().adjust(self.state.steps.get_untracked(), field, text)?;
        let state = self.state;
        let before = state.run_settings.with_untracked(|run| run.learning_rates.clone());
        self.act(Action::Edit(field, text.into()));
        let (steps, trains) = (state.steps.get_untracked(), state.phase.get_untracked().is_active());
        let told = state.run_settings.with_untracked(|run| match run.learning_rates == before {
            true => None,
            false => learning_rate_text::taken(&run.learning_rates, steps, trains),
        });
        told.into_iter().for_each(|told| self.answer(told));
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

    /// Replays the run up to the step that the link is about.
    pub fn replay(&self) {
        self.act(Action::Replay);
    }

    /// Leaves the run at its beginning.
    pub fn decline_replay(&self) {
        self.act(Action::DeclineReplay);
    }

    /// Goes by another link, in place: its run, and what it says of the plane.
    pub fn open_link(&self, link: &Link) {
        self.act(Action::OpenLink(Box::new(link.clone())));
        self.show_view(&link.view);
    }

    /// Shows what a link says of the plane.
    pub(super) fn show_view(&self, view: &View) {
        let state = self.state;
        let View { code, axes, plotted, shows_map, shows_prior, path } = view;
        if let Some(axes) = axes {
            self.choose_axes(*axes);
        }
        if let Some(code) = code {
            self.explore(code.clone());
        }
        if *plotted != state.plotted.get_untracked() && !state.is_pretrained.get_untracked() {
            self.plot(*plotted);
        }
        if *shows_map != state.shows_map.get_untracked() {
            self.show_map(*shows_map);
        }
        state.shows_prior.set(*shows_prior);
        state.exploration.path.set(path.clone());
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

    /// Drops the earlier runs, from the chart too.
    pub fn forget_earlier_runs(&self) {
        self.act(Action::ForgetEarlierRuns);
        self.state.earlier.update(Earlier::clear);
    }

    /// Says what an action has done, for a moment.
    pub fn answer(&self, sentence: impl Into<String>) {
        let (answer, sentence) = (self.state.answer, sentence.into());
        answer.set(Some(sentence.clone()));
        let forget = move || {
            // A later answer stays for its own time.
            if answer.with_untracked(|shown| shown.as_ref() == Some(&sentence)) {
                answer.set(None);
            }
        };
        set_timeout(forget, Duration::from_secs(4));
    }

    /// Says that the link was copied and what it holds, or shows it to be copied.
    pub fn shared(&self, address: String, link: &Link, is_copied: bool) {
        self.state.to_copy.set((!is_copied).then_some(address));
        if is_copied {
            self.answer(match link.step {
                None if link.lesson.is_some() => "Link copied. It opens this lesson.".into(),
                Some(step) => format!(
                    "Link copied. Whoever opens it can replay this run to step {}: the link has its settings, not its weights.",
                    grouped(step)
                ),
                None if link.model.is_some() => {
                    "Link copied. It has the model that this run began with, not what it was trained here.".into()
                }
                None => "Link copied".to_owned(),
            });
        }
    }
}
