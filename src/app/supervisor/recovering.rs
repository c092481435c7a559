//! When an engine dies: the run goes on from the newest checkpoint, in another worker.

use super::Supervisor;
use crate::{
    app::state::EngineInUse,
    choice::Engine,
    display::numbers::grouped,
    protocol::{Download, Phase, TrainerEvent},
    recovery::{Recovery, Remedy, Watchdog},
    training::{Progress, checkpoint::Checkpoint},
};
use leptos::{leptos_dom::helpers::set_interval, prelude::*, task::spawn_local};
use std::time::Duration;

/// What is needed to go on without the trainer.
#[derive(Clone)]
pub(super) struct Kept {
    /// Steps done by then.
    pub steps: u64,
    /// The model as a file.
    pub file: Vec<u8>,
}

impl Supervisor {
    /// Looks after the trainer from now on, every second.
    pub(super) fn watch_over_trainer(&self) {
        let supervisor = *self;
        let look = move || {
            let phase = supervisor.state.phase.get_untracked();
            let is_hung = supervisor.watchdog.try_update_value(|watchdog| watchdog.is_hung(phase));
            if is_hung.unwrap_or(false) && supervisor.trainer.with_value(Option::is_some) {
                supervisor.revive("it gave no sign of life any more".into());
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

    /// The trainer is of no use any more, and why, in part of a sentence: another one goes on from the newest
    /// checkpoint.
    pub(super) fn revive(&self, why: String) {
        // A worker may die of several causes at once, and only once.
        if !self.is_reviving.get_value() {
            self.is_reviving.set_value(true);
            let supervisor = *self;
            // Not at once: the line to the worker must not go while it tells its last news.
            spawn_local(async move { supervisor.replace_trainer(&why) });
        }
    }

    fn replace_trainer(&self, why: &str) {
        self.is_reviving.set_value(false);
        let state = self.state;
        let Some(EngineInUse { engine, .. }) = state.engine.get_untracked() else { return };
        self.trainer.set_value(None);
        self.put_off_contest();
        self.watchdog.set_value(Watchdog::default());
        state.download.set(Download::default());
        state.engine_bytes.set(None);
        self.roll_back();

        let name = name(engine);
        let place = match self.steps_kept() {
            0 => "the beginning of the run".into(),
            steps => format!("step {}", grouped(steps)),
        };
        let Some(wanted) = self.wanted.get_value() else {
            // It died at rest. The next wish starts another.
            if state.phase.get_untracked().is_active() {
                self.entered(Phase::Paused);
            }
            return self.tell_of_trouble(format!("{name} stopped: {why}. The run is kept at {place}."));
        };
        state.history.update(|history| history.interrupted());
        let told = match self.recovery.try_update_value(|recovery| recovery.died(engine)) {
            Some(Remedy::Again) => format!("{name} stopped: {why}. Another one goes on from {place}."),
            Some(Remedy::OnCpu) => {
                let reason = format!("The WebGPU engine stopped three times in a row: {why}");
                let advice = None;
                let in_use =
                    EngineInUse { engine: Engine::Cpu, reason, advice, device: String::new(), workers: 1 };
                state.engine.set(Some(in_use));
                format!("{name} stopped three times in a row: {why}. The CPU engine goes on from {place}.")
            }
            Some(Remedy::GiveUp) | None => {
                self.entered(Phase::Paused);
                return self.tell_of_trouble(format!(
                    "{name} stopped three times in a row: {why}. The run is kept at {place}: Train tries again."
                ));
            }
        };
        self.tell_of_trouble(told);
        self.entered(Phase::Loading);
        self.open_trainer();
        self.send(&wanted);
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
