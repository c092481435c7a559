//! The trainer's end: wishes to it, and what it tells.

use super::{
    Supervisor,
    recovering::{Fault, Kept},
};
use crate::app::{preflight, release, state::EngineInUse};
use latent_browser::worker_handle::{LoadProgress, WorkerFailure, WorkerHandle};
use latent_controller::{engine_selection::workers, recovery::Watchdog};
use latent_core::{engine::Engine, settings::Field, training::history::Speedometer};
use latent_protocol::{Download, Phase, Role, TrainerCommand, TrainerEvent};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;

impl Supervisor {
    /// Trains, or goes on.
    pub fn train(&self) {
        self.pursue(TrainerCommand::Train);
    }

    /// Trains one step, then pauses.
    pub fn step(&self) {
        self.pursue(TrainerCommand::Step);
    }

    /// Plans so many epochs more, and trains them if all others are done.
    pub fn extend(&self, epochs: u32) {
        let was_finished = self.state.phase.get_untracked() == Phase::Finished;
        let all = self.state.run_settings.with_untracked(|settings| settings.epochs) + epochs;
        match self.set(Field::Epochs, &all.to_string()) {
            Ok(()) if was_finished => self.train(),
            Ok(()) => {}
            Err(error) => self.notify(format!("No more epochs: {error}.")),
        }
    }

    /// Stops after the steps in flight.
    pub fn pause(&self) {
        self.wanted.set_value(None);
        self.send(&TrainerCommand::Pause);
    }

    fn pursue(&self, command: TrainerCommand) {
        self.wanted.set_value(Some(command.clone()));
        self.leave_pretrained();
        self.leave_kept();
        let has_failed = self.state.phase.get_untracked() == Phase::Failed;
        if has_failed {
            self.forget_trouble();
        }
        if has_failed || self.state.phase.get_untracked() == Phase::Idle {
            self.state.phase.set(Phase::Loading);
        }
        let supervisor = *self;
        spawn_local(async move {
            if supervisor.adapter.with_value(Option::is_none) {
                // Pressed before the GPU was looked at: a look takes a moment, not a wait.
                supervisor.adapter.set_value(Some(preflight::adapter().await));
                supervisor.settle_engine();
            }
            if supervisor.trainer.with_value(Option::is_none) {
                supervisor.open_trainer();
            } else if has_failed {
                // Another try, from the newest checkpoint.
                supervisor.send(&supervisor.start());
            }
            supervisor.send(&command);
        });
    }

    pub(super) fn start(&self) -> TrainerCommand {
        let settings = self.state.run_settings.get_untracked();
        let (progress, history) = (self.progress_kept(), self.state.history.get_untracked().into());
        TrainerCommand::Start { run: self.run.get_value(), settings, progress, history }
    }

    pub(super) fn open_trainer(&self) {
        let Some(in_use) = self.state.engine.get_untracked() else { return };
        match self.open_line(in_use.engine) {
            Ok(line) => {
                line.send(&self.start());
                self.put_to_work(line);
            }
            Err(error) => self.fail(format!("The engine could not be started: {error:?}.")),
        }
    }

    /// Makes this worker the trainer.
    pub(super) fn put_to_work(&self, line: WorkerHandle<TrainerCommand>) {
        self.trainer.set_value(Some(line));
        self.connect();
        self.tell_whether_watched();
    }

    /// Spawns a worker of this engine: the trainer, or its rival.
    pub(super) fn open_line(&self, engine: Engine) -> Result<WorkerHandle<TrainerCommand>, JsValue> {
        let supervisor = *self;
        let hear = move |event| match supervisor.is_rival(engine) {
            true => supervisor.heard_rival(event),
            false => supervisor.heard_trainer(event),
        };
        let broke = move |broken| match supervisor.is_rival(engine) {
            true => supervisor.rival_broke(broken),
            false => supervisor.trainer_broke(engine, broken),
        };
        let arriving = move |LoadProgress { bytes, of_bytes }| {
            if !supervisor.is_rival(engine) {
                supervisor.watchdog.update_value(Watchdog::heard);
                supervisor.state.engine_bytes.set(Some((bytes, of_bytes)));
            }
        };
        WorkerHandle::spawn(&release::worker_script(engine), release::id(), role(), arriving, hear, broke)
    }

    fn trainer_broke(&self, engine: Engine, broken: WorkerFailure) {
        if let WorkerFailure::Died(why) = broken {
            return self.revive(Fault::Died(why));
        }
        let (supervisor, name) = (*self, engine.name());
        self.mend(broken, move |why| {
            supervisor.trainer.set_value(None);
            supervisor.fail(format!("The {name} engine stopped: {why}."));
        });
    }

    pub(super) fn send(&self, command: &TrainerCommand) {
        self.trainer.with_value(|trainer| {
            if let Some(trainer) = trainer {
                trainer.send(command);
            }
        });
    }

    fn heard_trainer(&self, event: TrainerEvent) {
        let (state, current) = (self.state, self.run.get_value());
        self.note_life(&event);
        match event {
            TrainerEvent::Ready(device) => {
                state.engine_bytes.set(None);
                state.engine.update(|engine| {
                    if let Some(engine) = engine {
                        engine.device = device;
                    }
                });
            }
            TrainerEvent::Workers(workers) => state.engine.update(|engine| {
                if let Some(engine) = engine {
                    engine.workers = workers;
                }
            }),
            TrainerEvent::Downloaded(download) => self.downloaded(download),
            // It is about to do what is wanted: every run begins idle.
            TrainerEvent::Entered(_, Phase::Idle) if self.wanted.with_value(Option::is_some) => {}
            TrainerEvent::Entered(run, Phase::Paused) if run == current && self.is_handing_over() => {
                self.hand_over();
            }
            TrainerEvent::Entered(run, phase) if run == current => self.entered(phase),
            TrainerEvent::Trained { run, steps_before, losses } if run == current => {
                self.trained(steps_before, &losses)
            }
            TrainerEvent::Validated { run, loss, .. } if run == current => {
                state.validation_loss.set(Some(loss));
                // Told again when a run goes on from the end of an epoch, and kept once.
                state.history.update(|history| {
                    let _ = history.validated(loss);
                });
                // The time that validation took is none of the training's.
                self.resume_speedometer();
            }
            // Its weights went to the explorer. The network is free for what the pretrained plane can do without.
            TrainerEvent::Snapshot { run, steps } if run == current && steps > 0 => self.fetch_rest(),
            TrainerEvent::Saved { run, file } if run == current => self.offer_model(&file),
            TrainerEvent::Kept { run, steps, file } if run == current => {
                self.kept.set_value(Some(Kept { steps, file: file.into() }));
                state.kept.set(Some(steps));
                self.keep_in_browser();
                self.hand_over();
            }
            TrainerEvent::NotKept { run, why } if run == current => {
                // What can't be kept can't be handed over either.
                self.is_challenged.set_value(true);
                if self.rival.with_value(Option::is_some) {
                    self.lose_rival(why.clone());
                }
                self.notify(format!("This run can't be kept in a file: {why}."));
            }
            TrainerEvent::Lost(why) => self.revive(Fault::Died(why)),
            TrainerEvent::Wrong(what) => self.revive(Fault::Wrong(what)),
            // What concerns no run in particular concerns them all.
            TrainerEvent::Failed { run, message } if run == current || run == 0 => self.fail(message),
            _ => {}
        }
    }

    fn downloaded(&self, download: Download) {
        self.state.download.set(download);
        if let Some(EngineInUse { engine, .. }) = self.state.engine.get_untracked()
            && download.is_complete()
        {
            release::keep(engine);
        }
    }

    pub(super) fn entered(&self, phase: Phase) {
        self.state.phase.set(phase);
        if !phase.is_active() {
            self.put_off_contest();
        }
        if !phase.is_active() && phase != Phase::Idle {
            self.wanted.set_value(None);
            // No first weights may ever come: the line is free.
            self.fetch_rest();
        }
        if phase == Phase::Training {
            self.resume_speedometer();
        } else {
            self.speedometer.update_value(Speedometer::stop);
            self.state.steps_per_second.set(None);
        }
    }

    fn resume_speedometer(&self) {
        let steps = self.state.steps.get_untracked();
        self.speedometer.update_value(|speedometer| {
            let now_ms = performance_now_ms();
            speedometer.skip_to(now_ms);
            speedometer.note(now_ms, steps);
        });
    }

    fn trained(&self, steps_before: u64, losses: &[f32]) {
        let state = self.state;
        let steps = steps_before + losses.len() as u64;
        state.steps.set(steps);
        state.loss.set(losses.last().copied());
        state.history.update(|history| history.trained(losses));
        let now_ms = performance_now_ms();
        self.recovery.update_value(|recovery| recovery.worked(now_ms));
        self.speedometer.update_value(|speedometer| speedometer.note(now_ms, steps));
        state.steps_per_second.set(self.speedometer.with_value(Speedometer::steps_per_second));
        if self.state.download.with_untracked(Download::is_complete) {
            self.challenge();
        }
    }
}

/// A trainer's role, with as many workers on the CPU as the address's query says, else as the machine's cores suggest.
fn role() -> Role {
    let query = window().location().search().unwrap_or_default();
    let (workers, is_asked) = workers(window().navigator().hardware_concurrency() as usize, &query);
    Role::Trainer { workers, is_asked }
}

pub(super) fn performance_now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
