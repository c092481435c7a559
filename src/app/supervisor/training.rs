//! The trainer's end: wishes to it, and what it tells.

use super::Supervisor;
use crate::{
    app::{line::Line, preflight},
    protocol::{Phase, Role, TrainerCommand, TrainerEvent},
    training::history::Speedometer,
};
use leptos::{prelude::*, task::spawn_local};

impl Supervisor {
    /// Trains, or goes on.
    pub fn train(&self) {
        self.pursue(TrainerCommand::Train);
    }

    /// Trains one step, then pauses.
    pub fn step(&self) {
        self.pursue(TrainerCommand::Step);
    }

    /// Stops after the steps in flight.
    pub fn pause(&self) {
        self.send(&TrainerCommand::Pause);
    }

    fn pursue(&self, command: TrainerCommand) {
        self.leave_pretrained();
        self.state.phase.update(|phase| {
            if matches!(phase, Phase::Idle) {
                *phase = Phase::Loading;
            }
        });
        let supervisor = *self;
        spawn_local(async move {
            if supervisor.adapter.with_value(Option::is_none) {
                // Pressed before the GPU was looked at: a look takes a moment, not a wait.
                supervisor.adapter.set_value(Some(preflight::adapter().await));
                supervisor.settle_engine();
            }
            if supervisor.trainer.with_value(Option::is_none) {
                supervisor.open_trainer();
            }
            supervisor.send(&command);
        });
    }

    pub(super) fn start(&self) -> TrainerCommand {
        let settings = self.state.run_settings.get_untracked();
        TrainerCommand::Start { run: self.run.get_value(), settings, progress: self.origin.get_value() }
    }

    fn open_trainer(&self) {
        let Some(in_use) = self.state.engine.get_untracked() else { return };
        let script = format!("./{}_engine_loader.js", in_use.engine.name());
        let supervisor = *self;
        let hear = move |event| supervisor.heard_trainer(event);
        let broke =
            move |why| supervisor.fail(format!("The {} engine stopped: {why}.", in_use.engine.name()));
        match Line::open(&script, Role::Trainer, hear, broke) {
            Ok(line) => {
                line.send(&self.start());
                self.trainer.set_value(Some(line));
            }
            Err(error) => self.fail(format!("The engine could not be started: {error:?}.")),
        }
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
        match event {
            TrainerEvent::Ready(device) => state.engine.update(|engine| {
                if let Some(engine) = engine {
                    engine.device = device;
                }
            }),
            TrainerEvent::Downloaded(download) => state.download.set(download),
            TrainerEvent::Entered(run, phase) if run == current => self.entered(phase),
            TrainerEvent::Trained { run, steps_before, losses } if run == current => {
                self.trained(steps_before, &losses)
            }
            TrainerEvent::Validated { run, loss, .. } if run == current => {
                state.validation_loss.set(Some(loss));
                state.history.update(|history| history.validated(loss));
                // The time that validation took is none of the training's.
                self.restart_speedometer();
            }
            TrainerEvent::Snapshot { run, steps, weights } if run == current => {
                self.show(Some(weights), steps);
            }
            TrainerEvent::Saved { run, progress } if run == current => self.keep(progress),
            // What concerns no run in particular concerns them all.
            TrainerEvent::Failed { run, message } if run == current || run == 0 => self.fail(message),
            _ => {}
        }
    }

    pub(super) fn entered(&self, phase: Phase) {
        self.state.phase.set(phase);
        if phase == Phase::Training {
            self.restart_speedometer();
        } else {
            self.speedometer.update_value(Speedometer::stop);
            self.state.steps_per_second.set(None);
        }
    }

    fn restart_speedometer(&self) {
        let steps = self.state.steps.get_untracked();
        self.speedometer.update_value(|speedometer| {
            speedometer.stop();
            speedometer.note(performance_now_ms(), steps);
        });
    }

    fn trained(&self, steps_before: u64, losses: &[f32]) {
        let state = self.state;
        let steps = steps_before + losses.len() as u64;
        state.steps.set(steps);
        state.loss.set(losses.last().copied());
        state.history.update(|history| history.trained(losses));
        self.speedometer.update_value(|speedometer| speedometer.note(performance_now_ms(), steps));
        state.steps_per_second.set(self.speedometer.with_value(Speedometer::steps_per_second));
    }
}

fn performance_now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
