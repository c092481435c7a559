//! Nobody waits for the GPU: the WebGPU engine gets ready and is timed while the CPU engine trains, and the run goes over to
//! it if it is faster. The person's own choice of an engine stands above all this.

use super::{Supervisor, training::performance_now_ms};
use crate::{
    app::{memory, release, state::EngineInUse},
    display::numbers::{grouped, speed},
};
use latent_browser::worker_handle::{WorkerFailure, WorkerHandle};
use latent_controller::{
    contest::{Trial, Verdict, subject},
    engine_selection::is_worth_a_try,
    recovery::Watchdog,
};
use latent_core::{engine::Engine, training::history::Speedometer};
use latent_protocol::{Phase, TrainerCommand, TrainerEvent};
use leptos::{prelude::*, task::spawn_local};

/// The number of the run that the rival is timed with, which is nobody's: what it trains there is for the clock only.
const TRIAL: u32 = u32::MAX;

/// The WebGPU engine while the CPU engine still has the run.
pub(super) struct Rival {
    line: WorkerHandle<TrainerCommand>,
    device: String,
    /// All images are there: it is timed at nothing but training.
    has_images: bool,
    trial: Trial,
    /// It takes the run as soon as there is a checkpoint of the last step.
    won: Option<Verdict>,
}

impl Supervisor {
    /// Has the WebGPU engine get ready, where that may be worth it: once a run, and not before all images are there,
    /// which the CPU engine is waiting for.
    pub(super) fn challenge(&self) {
        // Asked after every slice of training.
        if self.is_challenged.get_value() {
            return;
        }
        let engine = self.state.engine.with_untracked(|engine| engine.as_ref().map(|engine| engine.engine));
        let choice = self.state.engine_choice.get_untracked();
        let is_worth_it =
            self.adapter.with_value(|adapter| adapter.as_ref().is_some_and(|it| is_worth_a_try(choice, it)));
        let goes_on = self.wanted.with_value(|wanted| *wanted == Some(TrainerCommand::Train));
        if engine != Some(Engine::Cpu) || !is_worth_it || !goes_on {
            return;
        }
        self.is_challenged.set_value(true);
        match self.verdict() {
            Some(verdict) if !verdict.is_for_gpu() => self.explain(lost(verdict)),
            known => self.open_rival(Trial::known(known)),
        }
    }

    /// What is remembered of a contest with the settings of this run.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        let key = self.state.run_settings.with_untracked(subject);
        Verdict::remembered(&memory::recall(&key)?, now_s())
    }

    fn open_rival(&self, trial: Trial) {
        if let Ok(line) = self.open_line(Engine::WebGpu) {
            line.send(&TrainerCommand::Start {
                run: TRIAL,
                settings: self.state.run_settings.get_untracked(),
                progress: None,
                history: Box::default(),
            });
            line.send(&TrainerCommand::Train);
            let device = String::new();
            self.rival.set_value(Some(Rival { line, device, has_images: false, trial, won: None }));
        }
    }

    /// Whether what a worker of this engine tells is the rival's: once that has the run, it is the trainer.
    pub(super) fn is_rival(&self, engine: Engine) -> bool {
        engine == Engine::WebGpu && self.rival.with_value(Option::is_some)
    }

    pub(super) fn rival_broke(&self, broken: WorkerFailure) {
        self.lose_rival(match broken {
            WorkerFailure::OtherRelease => "it is of another release".into(),
            WorkerFailure::Missing(why) | WorkerFailure::Died(why) => why,
        });
    }

    pub(super) fn heard_rival(&self, event: TrainerEvent) {
        match event {
            TrainerEvent::Ready(device) => self.update_rival(|rival| rival.device = device),
            TrainerEvent::Downloaded(download) => {
                self.update_rival(|rival| rival.has_images = download.is_complete());
            }
            TrainerEvent::Trained { steps_before, losses, .. } => {
                let steps = steps_before + losses.len() as u64;
                // As long as the CPU engine waits for something, there is nothing to compare with.
                let Some(cpu) = self.state.steps_per_second.get_untracked() else { return };
                let mut verdict = None;
                self.update_rival(|rival| {
                    if rival.has_images && rival.won.is_none() {
                        verdict = rival.trial.trained(performance_now_ms(), steps, cpu);
                    }
                });
                if let Some(verdict) = verdict {
                    self.decide(verdict);
                }
            }
            TrainerEvent::Lost(why) => self.lose_rival(why),
            TrainerEvent::Wrong(what) => self.lose_rival(format!("it computed a wrong result ({what})")),
            TrainerEvent::Failed { message, .. } => self.lose_rival(message),
            _ => {}
        }
    }

    fn update_rival(&self, update: impl FnOnce(&mut Rival)) {
        self.rival.update_value(|rival| {
            if let Some(rival) = rival {
                update(rival);
            }
        });
    }

    fn decide(&self, verdict: Verdict) {
        let key = self.state.run_settings.with_untracked(subject);
        memory::remember(&key, &verdict.to_text(now_s()));
        if !verdict.is_for_gpu() {
            self.explain(lost(verdict));
            return self.dismiss_rival();
        }
        self.update_rival(|rival| {
            rival.line.send(&TrainerCommand::Pause);
            rival.won = Some(verdict);
        });
        // It stops after the steps in flight, and tells a checkpoint of them.
        self.send(&TrainerCommand::Pause);
    }

    /// Whether the CPU engine stops only because the run goes over to the GPU.
    pub(super) fn is_handing_over(&self) -> bool {
        self.rival.with_value(|rival| rival.as_ref().is_some_and(|rival| rival.won.is_some()))
    }

    /// Lets the GPU go on, once the CPU engine has stopped and all that it has trained is in the checkpoint.
    pub(super) fn hand_over(&self) {
        if !self.is_handing_over() || self.steps_kept() != self.state.steps.get_untracked() {
            return;
        }
        let supervisor = *self;
        // Not at once: the line to the CPU engine must not go while it tells its last news.
        spawn_local(async move { supervisor.take_over() });
    }

    fn take_over(&self) {
        if !self.is_handing_over() {
            return;
        }
        let Some(wanted) = self.wanted.get_value() else {
            // Somebody has pressed Pause meanwhile: it stays where it is.
            return self.entered(Phase::Paused);
        };
        let Some(Rival { line, device, won: Some(verdict), .. }) =
            self.rival.try_update_value(Option::take).flatten()
        else {
            return;
        };
        let (state, Verdict { gpu, cpu }) = (self.state, verdict);
        self.put_to_work(line);
        self.watchdog.set_value(Watchdog::default());
        self.speedometer.set_value(Speedometer::default());
        let reason = format!(
            "took over at step {}: {} steps/s, the CPU engine {}",
            grouped(self.steps_kept()),
            speed(Some(gpu)),
            speed(Some(cpu))
        );
        let in_use = EngineInUse { engine: Engine::WebGpu, reason, advice: None, device, workers: 1 };
        state.engine.set(Some(in_use));
        state.history.update(|history| history.interrupted());
        release::keep(Engine::WebGpu);
        self.send(&self.start());
        self.send(&wanted);
    }

    /// Without a word: the contest isn't over, and may begin anew.
    pub(super) fn put_off_contest(&self) {
        if self.rival.with_value(Option::is_some) {
            self.dismiss_rival();
            self.is_challenged.set_value(false);
        }
    }

    /// The GPU can't have the run, and why, in part of a sentence.
    pub(super) fn lose_rival(&self, why: String) {
        self.explain(format!("the GPU was tried, and failed: {why}"));
        let goes_on = self.is_handing_over().then(|| self.wanted.get_value()).flatten();
        self.dismiss_rival();
        if let Some(wanted) = goes_on {
            self.send(&wanted);
        }
    }

    pub(super) fn dismiss_rival(&self) {
        // Not at once, as above.
        let rival = self.rival.try_update_value(Option::take).flatten();
        spawn_local(async move { drop(rival) });
    }

    /// Why the CPU engine has the run.
    fn explain(&self, reason: String) {
        self.state.engine.update(|engine| {
            if let Some(engine) = engine {
                engine.reason = reason;
            }
        });
    }
}

fn now_s() -> u32 {
    (js_sys::Date::now() / 1e3) as u32
}

fn lost(Verdict { gpu, cpu }: Verdict) -> String {
    format!("the GPU is slower: {} steps/s, this one {}", speed(Some(gpu)), speed(Some(cpu)))
}
