//! What the person does.

use super::{Controller, candidate::CandidateState, trainer::Requested};
use crate::{Action, Effect, Replay, own_images::missing};
use latent_core::{
    engine::EngineChoice,
    model::presets::Preset,
    settings::{Field, Settings},
    training::{checkpoint::Checkpoint, history::History},
};
use latent_protocol::{Phase, TrainerCommand};

impl Controller {
    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Train => self.request(Requested::Train),
            Action::Step => self.request(Requested::Step { is_trained: false }),
            Action::Pause => self.pause(),
            Action::Extend(epochs) => self.extend(epochs),
            Action::Reset => self.reset(),
            Action::Undo => self.undo(),
            Action::OpenRun(run) => self.open_run(run),
            Action::BeginLesson => self.begin_lesson(),
            Action::LeaveLesson { returns } => self.leave_lesson(returns),
            Action::ForgetEarlierRuns => self.forget_earlier_runs(),
            Action::Edit(field, text) => self.edit(field, &text),
            Action::ChooseModel(preset) => self.choose_model(preset),
            Action::RevertEdits => self.revert_edits(),
            Action::ChooseEngine(choice) => self.choose_engine(choice),
            Action::Resume => self.resume(),
            Action::DeclineResume => drop(self.withdraw_resumable()),
            Action::SaveModel => self.save_model(),
            Action::OpenModel(name, file) => self.open_model(&name, &file),
            Action::AcceptOffered => self.accept_offered(),
            Action::DeclineOffered => self.decline_offered(),
            Action::Replay => {
                if let Some(Replay { steps, .. }) = self.view.replay {
                    self.request(Requested::Replay(steps));
                }
            }
            Action::DeclineReplay => self.view.replay = None,
            Action::OpenLink(link) => self.open_link(&link),
            Action::AcceptLinked => {
                if let Some(linked) = &self.view.linked {
                    self.push(Effect::FetchModel(linked.address.clone()));
                }
            }
            Action::DeclineLinked => self.view.linked = None,
            Action::Explore(command) => self.explore(command),
            Action::LookBack(steps) => self.look_back(steps),
            Action::Pin(Some(run)) => self.pin(run),
            Action::Pin(None) => self.unpin(),
            Action::ExplorePinned(command) => self.explore_pinned(command),
            Action::Notify(message) => self.notify(message),
            Action::Dismiss(at) => {
                if at < self.view.notices.len() {
                    self.view.notices.remove(at);
                }
            }
        }
    }

    /// Begins a new run with the settings of the form. A learning rate that was entered for the run under way holds in the new
    /// one from its beginning, so that two runs can be compared that differ in nothing else.
    fn reset(&mut self) {
        let mut settings = self.view.settings.clone();
        if let Some(entered) = self.entered_rates.take().filter(|_| !self.has_next_rate) {
            settings.learning_rates = entered;
        }
        self.begin(settings, None);
    }

    /// Makes the form's settings those of the run again.
    fn revert_edits(&mut self) {
        if std::mem::take(&mut self.has_next_rate) {
            self.entered_rates = None;
        }
        self.view.settings = self.view.run_settings.clone();
    }

    /// Sets a field of the form. Learning rate and epochs take effect at once, the others when the run starts anew,
    /// which is at once while nothing has been trained. A learning rate that waits for a new run is that run's until it begins.
    fn edit(&mut self, field: Field, text: &str) {
        let mut settings = self.view.settings.clone();
        let mut entered = None;
        if field == Field::LearningRate {
            let mut alone = settings.clone();
            entered = alone.set(field, text).ok().map(|_| alone.learning_rates);
            // Where a rate waits for a new run, the field does not show that of the run.
            settings.learning_rates = self.view.run_settings.learning_rates.clone();
        }
        if let Err(error) = settings.adjust(self.view.steps, field, text) {
            return self.notify(format!("{error}."));
        }
        if !self.has_images(settings.data) {
            return self.notify(format!("{} are not in this browser.", missing(settings.data)));
        }
        self.view.settings = settings;
        let is_for_later = field == Field::LearningRate && (self.has_next_rate || self.view.is_over());
        self.has_next_rate &= field != Field::LearningRate;
        self.entered_rates = entered.or(self.entered_rates.take());
        if is_for_later {
            self.keep_for_later();
        } else if field.is_live() {
            self.adjust();
        } else if self.view.is_fresh() {
            self.begin_as_set();
        }
    }

    /// Keeps a learning rate for a new run: one that was entered in the place of a rate that waited for it, or once the run had
    /// ended. No step of the run has that rate, unless one that had ended gets more epochs.
    fn keep_for_later(&mut self) {
        let (steps, run) = (self.view.steps, &self.view.run_settings.learning_rates);
        if self.view.settings.learning_rates == *run {
            return;
        }
        let entered = self.entered_rates.clone();
        self.view.settings.learning_rates =
            entered.unwrap_or_else(|| self.view.settings.learning_rates.after(steps).into());
        self.has_next_rate = true;
    }

    /// Has the run go on with the form's learning rates and epochs. A trainer that has done more steps than it has
    /// reported takes the rates from its next step on, and its reports tell which one that was.
    fn adjust(&mut self) {
        let (steps, was_over) = (self.view.steps, self.view.is_over());
        let (form, run) = (&mut self.view.settings, &mut self.view.run_settings);
        // Fewer epochs than have begun are for the next run.
        if u64::from(form.epochs) * run.steps_per_epoch() as u64 >= steps {
            run.epochs = form.epochs;
        }
        if self.has_next_rate && was_over && steps < run.steps() && form.model == run.model {
            // It goes on beyond its end with the rate that was entered there.
            let rates = run.learning_rates.followed_by(steps, &form.learning_rates);
            if rates.check().is_ok() {
                form.learning_rates = rates;
                self.has_next_rate = false;
            }
        }
        if !self.has_next_rate {
            run.learning_rates = form.learning_rates.clone();
        }
        let (learning_rates, epochs) = (run.learning_rates.clone(), run.epochs);
        self.send(TrainerCommand::Adjust { learning_rates, epochs });
    }

    /// Takes a preset's model with its batch size and its learning rate: at once while nothing has been trained, else when
    /// the run starts anew. The run under way keeps its learning rate until then. Epochs, seed and images stay.
    fn choose_model(&mut self, preset: &Preset) {
        let Settings { mut model, batch, learning_rates, .. } = preset.settings();
        model.input = self.view.settings.data.shape();
        self.has_next_rate = !self.view.is_fresh() && learning_rates != self.view.run_settings.learning_rates;
        let form = &mut self.view.settings;
        (form.model, form.batch, form.learning_rates) = (model, batch, learning_rates);
        if self.view.is_fresh() {
            self.begin_as_set();
        }
    }

    fn extend(&mut self, epochs: u32) {
        let was_over = self.view.phase == Phase::Finished || self.view.steps > 0 && self.view.is_over();
        let all = self.view.run_settings.epochs.saturating_add(epochs);
        match self.view.settings.set(Field::Epochs, &all.to_string()) {
            Ok(()) => {
                self.adjust();
                if was_over && !self.view.phase.is_active() {
                    self.request(Requested::Train);
                }
            }
            Err(error) => self.notify(format!("No more epochs: {error}.")),
        }
    }

    /// Takes another engine: at once while nothing has been trained, else when the run starts anew. The CPU engine is
    /// taken at its word at once: the GPU is not compared any more.
    fn choose_engine(&mut self, choice: EngineChoice) {
        self.view.engine_choice = choice;
        if self.view.is_fresh() {
            self.begin_as_set();
        } else if choice == EngineChoice::Cpu {
            self.dismiss_candidate(CandidateState::NotTried);
        }
    }

    /// Begins with the form's settings, before anything was trained. A model that was opened stays, unless the form
    /// describes another network: the page asks about that.
    fn begin_as_set(&mut self) {
        let settings = self.view.settings.clone();
        match &self.origin {
            None => self.begin(settings, None),
            Some(origin) if settings.model == self.view.run_settings.model => {
                let progress = origin.progress.clone();
                let history = History::resumed(progress.steps);
                self.begin(settings.clone(), Some(Checkpoint { settings, progress, history }));
            }
            Some(_) => {}
        }
    }
}
