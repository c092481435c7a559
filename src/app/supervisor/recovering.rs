//! When an engine dies: the run goes on from the newest checkpoint, in another worker.

use super::Supervisor;
use crate::{app::state::EngineInUse, display::numbers::grouped};
use latent_controller::recovery::{Recovery, Remedy, Watchdog};
use latent_core::{
    engine::{Engine, EngineChoice},
    training::{Progress, checkpoint::Checkpoint},
};
use latent_protocol::{Download, Phase, TrainerEvent};
use leptos::{leptos_dom::helpers::set_interval, prelude::*, task::spawn_local};
use std::{sync::Arc, time::Duration};

/// What is needed to go on without the trainer.
#[derive(Clone)]
pub(super) struct Kept {
    /// Steps done by then.
    pub steps: u64,
    /// The model as a file, which is megabytes: shared with whoever writes it.
    pub file: Arc<Vec<u8>>,
}

/// Why a trainer is given up.
pub(super) enum Fault {
    /// It died or hangs; why, in part of a sentence.
    Died(String),
    /// Its GPU computes wrongly; what it computed, in part of a sentence.
    Wrong(String),
}

impl Supervisor {
    /// Looks after the trainer from now on, every second.
    pub(super) fn watch_over_trainer(&self) {
        let supervisor = *self;
        let look = move || {
            let phase = supervisor.state.phase.get_untracked();
            let is_hung = supervisor.watchdog.try_update_value(|watchdog| watchdog.is_hung(phase));
            if is_hung.unwrap_or(false) && supervisor.trainer.with_value(Option::is_some) {
                supervisor.revive(Fault::Died("it gave no sign of life any more".into()));
            }
        };
        set_interval(look, Duration::from_secs(1));
    }

    /// Any word of the trainer is a sign of life.
    pub(super) fn note_life(&self, event: &TrainerEvent) {
        self.watchdog.update_value(|watchdog| match event {
            TrainerEvent::Trained { .. } => watchdog.trained(),
            _ => watchdog.heard(),
        });
    }

    /// Steps of the newest checkpoint, or of the run's beginning.
    pub(super) fn steps_kept(&self) -> u64 {
        let begun = self.origin.with_value(|origin| origin.as_ref().map_or(0, |origin| origin.steps));
        self.kept.with_value(|kept| kept.as_ref().map_or(begun, |kept| kept.steps))
    }

    /// The newest checkpoint, or the run's beginning; `None` is that of its seed.
    pub(super) fn progress_kept(&self) -> Option<Progress> {
        let parsed = self.kept.with_value(|kept| kept.as_ref().map(|kept| Checkpoint::parse(&kept.file)));
        match parsed {
            Some(Ok(checkpoint)) => Some(checkpoint.progress),
            // What the trainer has written can be read.
            Some(Err(error)) => {
                self.notify(format!("The last checkpoint can't be read: {error}."));
                self.forget_kept();
                self.roll_back();
                self.origin.get_value()
            }
            None => self.origin.get_value(),
        }
    }

    fn forget_kept(&self) {
        self.kept.set_value(None);
        self.state.kept.set(None);
        self.state.saved.set(None);
    }

    /// Takes the run back to the newest checkpoint.
    pub(super) fn roll_back(&self) {
        let (state, steps) = (self.state, self.steps_kept());
        if state.steps.get_untracked() == steps {
            return;
        }
        state.steps.set(steps);
        state.history.update(|history| *history = history.until(steps));
        self.show_last_losses();
    }

    /// The trainer is of no use any more: another one goes on from the newest checkpoint.
    pub(super) fn revive(&self, fault: Fault) {
        // A worker may die of several causes at once, and only once.
        if !self.is_reviving.get_value() {
            self.is_reviving.set_value(true);
            let supervisor = *self;
            // Not at once: the line to the worker must not go while it tells its last news.
            spawn_local(async move { supervisor.replace_trainer(&fault) });
        }
    }

    fn replace_trainer(&self, fault: &Fault) {
        self.is_reviving.set_value(false);
        let state = self.state;
        let Some(EngineInUse { engine, .. }) = state.engine.get_untracked() else { return };
        self.trainer.set_value(None);
        self.put_off_contest();
        self.watchdog.set_value(Watchdog::default());
        state.download.set(Download::default());
        state.engine_bytes.set(None);
        self.roll_back();
        let trouble = match fault {
            Fault::Died(why) => format!("{} stopped: {why}", name(engine)),
            Fault::Wrong(what) => format!("The GPU computed a wrong result ({what})"),
        };
        if let Fault::Wrong(_) = fault {
            // As if the person had chosen so: the GPU is tried again when they choose it.
            state.engine_choice.set(EngineChoice::Cpu);
            self.take_cpu(trouble.clone());
        }
        let place = match self.steps_kept() {
            0 => "the beginning of the run".into(),
            steps => format!("step {}", grouped(steps)),
        };
        let Some(wanted) = self.wanted.get_value() else {
            // It died at rest. The next wish starts another.
            if state.phase.get_untracked().is_active() {
                self.entered(Phase::Paused);
            }
            return self.tell_of_trouble(format!("{trouble}. The run is kept at {place}."));
        };
        state.history.update(|history| history.interrupted());
        match self.go_on_after(fault, engine, &trouble, &place) {
            Ok(told) => {
                self.tell_of_trouble(told);
                self.entered(Phase::Loading);
                self.open_trainer();
                self.send(&wanted);
            }
            Err(told) => {
                self.entered(Phase::Paused);
                self.tell_of_trouble(told);
            }
        }
    }

    /// Decides who goes on after a trainer's end, if anyone does, and what is said of it.
    fn go_on_after(
        &self,
        fault: &Fault,
        engine: Engine,
        trouble: &str,
        place: &str,
    ) -> Result<String, String> {
        let Fault::Died(why) = fault else {
            return Ok(format!("{trouble}: the CPU engine goes on from {place}."));
        };
        let name = name(engine);
        match self.recovery.try_update_value(|recovery| recovery.died(engine)) {
            Some(Remedy::Again) => Ok(format!("{trouble}. Another one goes on from {place}.")),
            Some(Remedy::OnCpu) => {
                self.take_cpu(format!("The WebGPU engine stopped three times in a row: {why}"));
                Ok(format!(
                    "{name} stopped three times in a row: {why}. The CPU engine goes on from {place}."
                ))
            }
            Some(Remedy::GiveUp) | None => Err(format!(
                "{name} stopped three times in a row: {why}. The run is kept at {place}: Train tries again."
            )),
        }
    }

    /// Takes the CPU engine in place of the GPU's, and says why.
    fn take_cpu(&self, reason: String) {
        let in_use =
            EngineInUse { engine: Engine::Cpu, reason, advice: None, device: String::new(), workers: 1 };
        self.state.engine.set(Some(in_use));
    }

    /// The explorer died, and why, in part of a sentence: another one gets all that the page knows.
    pub(super) fn revive_explorer(&self, why: String) {
        let supervisor = *self;
        // Not at once: the line to the worker must not go while it tells its last news.
        spawn_local(async move {
            supervisor.explorer.set_value(None);
            let died = |recovery: &mut Recovery| recovery.died(Engine::Cpu);
            if supervisor.explorer_recovery.try_update_value(died) == Some(Remedy::Again) {
                supervisor.notify(format!("The latent plane stopped: {why}. Another worker draws it now."));
                supervisor.open_explorer();
                supervisor.tell_all_again();
            } else {
                supervisor.notify(format!("The latent plane stopped three times in a row: {why}."));
            }
        });
    }

    /// Says what has happened, in place of what was said of the time before.
    pub(super) fn tell_of_trouble(&self, sentence: String) {
        self.forget_trouble();
        self.trouble_told.set_value(Some(sentence.clone()));
        self.notify(sentence);
    }

    /// Takes back what was said of a trouble that is over.
    pub(super) fn forget_trouble(&self) {
        if let Some(before) = self.trouble_told.try_update_value(Option::take).flatten() {
            self.state.notices.update(|notices| notices.retain(|notice| *notice != before));
        }
    }

    /// A run that begins has had no deaths.
    pub(super) fn forget_recovery(&self) {
        self.forget_kept();
        self.wanted.set_value(None);
        self.recovery.set_value(Recovery::default());
        self.watchdog.set_value(Watchdog::default());
    }
}

fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Cpu => "The CPU engine",
        Engine::WebGpu => "The WebGPU engine",
    }
}
