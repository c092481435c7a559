//! Between the page and its workers: the person's wishes become commands, the workers' events become state.

mod challenging;
mod exploring;
mod keeping;
mod models;
mod recovering;
mod releases;
mod training;

use super::{
    preflight,
    state::{EngineInUse, Measures, Shared, State},
};
use crate::display::{chart::Earlier, numbers::grouped};
use challenging::Rival;
use latent_browser::worker_handle::WorkerHandle;
use latent_controller::{
    contest::Verdict,
    engine_selection::{Adapter, advice, choose, is_worth_a_try},
    recovery::{Recovery, Watchdog},
};
use latent_core::{
    engine::{Engine, EngineChoice},
    plane::Grid,
    settings::{Field, SettingError, Settings},
    training::{
        Progress,
        checkpoint::Checkpoint,
        history::{History, Speedometer},
    },
};
use latent_protocol::{Download, ExplorerCommand, Phase, TrainerCommand};
use leptos::{prelude::*, task::spawn_local};
use recovering::Kept;
use std::time::Duration;

/// The page's hands: what its buttons do. Copy; every view takes it from the context.
#[derive(Clone, Copy)]
pub struct Supervisor {
    state: State,
    adapter: StoredValue<Option<Adapter>>,
    explorer: StoredValue<Option<WorkerHandle<ExplorerCommand>>, LocalStorage>,
    /// The network that the explorer was given last, as it was told.
    shown: StoredValue<Option<ExplorerCommand>>,
    explorer_recovery: StoredValue<Recovery>,
    trainer: StoredValue<Option<WorkerHandle<TrainerCommand>>, LocalStorage>,
    /// The WebGPU engine, while the CPU engine has the run.
    rival: StoredValue<Option<Rival>, LocalStorage>,
    /// The GPU was tried in this run, or is being tried.
    is_challenged: StoredValue<bool>,
    /// The number of the run under way: events of earlier ones are ignored.
    run: StoredValue<u32>,
    /// Where the run under way began, if that was a model from a file and not its seed.
    origin: StoredValue<Option<Progress>>,
    /// The newest checkpoint of the run under way, if there is one since it began.
    kept: StoredValue<Option<Kept>>,
    /// What the person has asked the trainer for and it is about.
    wanted: StoredValue<Option<TrainerCommand>>,
    recovery: StoredValue<Recovery>,
    watchdog: StoredValue<Watchdog>,
    /// Another worker is about to be spawned.
    is_reviving: StoredValue<bool>,
    /// What was said of the last death or failure.
    trouble_told: StoredValue<Option<String>>,
    /// What an earlier visit has kept, and its choice of engine.
    resumable: StoredValue<Option<(String, Vec<u8>)>>,
    /// A checkpoint is being written.
    is_keeping: StoredValue<bool>,
    has_said_not_kept: StoredValue<bool>,
    /// The model of a file that the person was asked about.
    offered: StoredValue<Option<Checkpoint>>,
    /// What the pretrained plane can do without has been asked for.
    has_rest: StoredValue<bool>,
    /// The grid that the explorer decodes.
    mapped: StoredValue<Option<Grid>>,
    speedometer: StoredValue<Speedometer>,
}

impl Supervisor {
    /// Starts the explorer, and looks at the GPU.
    pub fn new(state: State) -> Self {
        let supervisor = Self {
            state,
            adapter: StoredValue::new(None),
            explorer: StoredValue::new_local(None),
            shown: StoredValue::new(None),
            explorer_recovery: StoredValue::new(Recovery::default()),
            trainer: StoredValue::new_local(None),
            rival: StoredValue::new_local(None),
            is_challenged: StoredValue::new(false),
            run: StoredValue::new(1),
            origin: StoredValue::new(None),
            kept: StoredValue::new(None),
            wanted: StoredValue::new(None),
            recovery: StoredValue::new(Recovery::default()),
            watchdog: StoredValue::new(Watchdog::default()),
            is_reviving: StoredValue::new(false),
            trouble_told: StoredValue::new(None),
            resumable: StoredValue::new(None),
            is_keeping: StoredValue::new(false),
            has_said_not_kept: StoredValue::new(false),
            offered: StoredValue::new(None),
            has_rest: StoredValue::new(false),
            mapped: StoredValue::new(None),
            speedometer: StoredValue::new(Speedometer::default()),
        };
        supervisor.watch_releases();
        supervisor.watch_over_trainer();
        supervisor.watch_over_page();
        supervisor.open_explorer();
        supervisor.take_up_view();
        spawn_local(async move {
            supervisor.adapter.set_value(Some(preflight::adapter().await));
            supervisor.settle_engine();
        });
        supervisor
    }

    /// A new run from its seed, with the settings as the form has them now.
    pub fn reset(&self) {
        self.begin(self.state.settings.get_untracked(), None);
    }

    /// Sets a field from text. Learning rate and epochs take effect at once, the others when the run starts anew,
    /// which is at once while nothing has been trained.
    pub fn set(&self, field: Field, text: &str) -> Result<(), SettingError> {
        let State { settings, run_settings, .. } = self.state;
        settings.try_update(|settings| settings.set(field, text)).unwrap_or(Ok(()))?;
        let Settings { learning_rate, epochs, .. } = settings.get_untracked();
        if field.is_live() {
            run_settings.update(|run| (run.learning_rate, run.epochs) = (learning_rate, epochs));
            self.send(&TrainerCommand::Adjust { learning_rate, epochs });
        } else if self.is_fresh() {
            self.begin_as_set();
        }
        Ok(())
    }

    /// Begins with the form's settings, before anything was trained. A model that was opened stays, unless another
    /// network is wanted: that is asked about.
    fn begin_as_set(&self) {
        let (settings, run) = (self.state.settings.get_untracked(), self.state.run_settings.get_untracked());
        match self.origin.get_value() {
            None => self.reset(),
            Some(progress) if settings.model == run.model => {
                let history = History::resumed(progress.steps);
                let opened = Checkpoint { settings: settings.clone(), progress, history };
                self.begin(settings, Some(opened));
            }
            Some(_) => {}
        }
    }

    /// Gives up what the form has changed: its settings are those of the run again.
    pub fn keep_settings(&self) {
        self.state.settings.set(self.state.run_settings.get_untracked());
    }

    /// Takes another engine: at once while nothing has been trained, else when the run starts anew.
    pub fn choose_engine(&self, choice: EngineChoice) {
        self.state.engine_choice.set(choice);
        if self.is_fresh() {
            self.begin_as_set();
        }
    }

    /// Takes a notice away.
    pub fn dismiss(&self, at: usize) {
        self.state.notices.update(|notices| drop((at < notices.len()).then(|| notices.remove(at))));
    }

    /// Says something that the person should read.
    pub fn notify(&self, message: String) {
        self.state.notices.update(|notices| {
            if !notices.contains(&message) {
                notices.push(message);
            }
        });
    }

    /// Tells that the link was given away: for a moment when it was copied, until the next time when it has to be.
    pub fn shared(&self, address: String, is_copied: bool) {
        let shared = self.state.shared;
        shared.set(Some(Shared { address, is_copied }));
        if is_copied {
            set_timeout(move || shared.set(None), Duration::from_secs(4));
        }
    }

    /// Whether nothing has been trained, nor is about to be.
    fn is_fresh(&self) -> bool {
        self.state.steps.get_untracked() == 0 && !self.state.phase.get_untracked().is_active()
    }

    /// Begins a run: from its seed, or where a model from a file left off.
    fn begin(&self, settings: Settings, origin: Option<Checkpoint>) {
        let state = self.state;
        if state.phase.get_untracked() == Phase::Failed {
            // Whatever broke the engine, a new one is free of it.
            self.trainer.set_value(None);
        }
        self.keep_for_comparison();
        state.linked.update(|linked| drop(linked.take_if(|linked| linked.is_open)));
        self.forget_trouble();
        self.forget_recovery();
        self.dismiss_rival();
        self.is_challenged.set_value(false);
        self.run.update_value(|run| *run += 1);
        let (progress, history) = match origin {
            Some(Checkpoint { progress, history, .. }) => (Some(progress), history),
            None => (None, History::default()),
        };
        self.clear(progress.as_ref().map_or(0, |progress| progress.steps), history);
        self.origin.set_value(progress);
        state.settings.set(settings.clone());
        state.run_settings.set(settings);
        self.settle_engine();
        self.send(&self.start());
        self.show_before_training();
    }

    /// Keeps the run that ends for the chart, if it was trained at all.
    fn keep_for_comparison(&self) {
        let State { earlier, run_settings, history, engine, steps, .. } = self.state;
        let steps_before = self.origin.with_value(|origin| origin.as_ref().map_or(0, |origin| origin.steps));
        if steps.get_untracked() > steps_before {
            let engine = engine.with_untracked(|in_use| in_use.as_ref().map(|in_use| in_use.engine));
            let settings = run_settings.get_untracked();
            history.with_untracked(|history| earlier.update(|runs| runs.keep(settings, engine, history)));
        }
    }

    /// Takes earlier runs off the chart.
    pub fn forget_earlier_runs(&self) {
        self.state.earlier.update(Earlier::clear);
    }

    fn clear(&self, steps: u64, history: History) {
        let state = self.state;
        state.phase.set(Phase::Idle);
        state.steps.set(steps);
        state.steps_per_second.set(None);
        state.measures.set(Measures::default());
        state.history.set(history);
        self.show_last_losses();
        self.speedometer.set_value(Speedometer::default());
    }

    /// Shows the losses that the history ends with.
    fn show_last_losses(&self) {
        let State { history, loss, validation_loss, .. } = self.state;
        loss.set(history.with_untracked(|history| history.losses().last().copied()));
        let last = history.with_untracked(|history| history.validation().last().map(|last| last.loss));
        validation_loss.set(last);
    }

    /// Takes the engine that fits the choice and the machine, and gives up a trainer of another.
    fn settle_engine(&self) {
        let Some(adapter) = self.adapter.get_value() else { return };
        let choice = self.state.engine_choice.get_untracked();
        let (engine, reason) = choose(choice, &adapter);
        // A GPU that has proved to be faster isn't given up to be tried again.
        let is_proven =
            || is_worth_a_try(choice, &adapter) && self.verdict().is_some_and(Verdict::is_for_gpu);
        let stays = self.state.engine.with_untracked(|before| {
            before.as_ref().is_some_and(|EngineInUse { engine: before, .. }| {
                *before == engine || *before == Engine::WebGpu && is_proven()
            })
        });
        if stays && self.trainer.with_value(Option::is_some) {
            return;
        }
        self.trainer.set_value(None);
        self.state.download.set(Download::default());
        self.state.engine_bytes.set(None);
        let user_agent = window().navigator().user_agent().unwrap_or_default();
        let advice = advice(&adapter, &user_agent);
        let in_use = EngineInUse { engine, reason: reason.into(), advice, device: String::new(), workers: 1 };
        self.state.engine.set(Some(in_use));
    }

    /// Stops with a sentence. What is not in the newest checkpoint is given up: it may be what is wrong.
    fn fail(&self, message: String) {
        let before = self.state.steps.get_untracked();
        self.entered(Phase::Failed);
        self.roll_back();
        self.tell_of_trouble(match self.state.steps.get_untracked() {
            steps if steps == before => message,
            0 => format!("{message}. The model is back at its beginning."),
            steps => format!("{message}. The model is back at step {}.", grouped(steps)),
        });
    }
}
