//! Between the page and its workers: the person's wishes become commands, the workers' events become state.

use super::{
    line::Line,
    preflight,
    state::{EngineInUse, State},
};
use crate::{
    choice::{Adapter, EngineChoice, choose},
    plane::Cloud,
    protocol::{Download, ExplorerCommand, ExplorerEvent, Phase, Role, TrainerCommand, TrainerEvent},
    settings::{Field, SettingError, Settings},
    training::history::{History, Speedometer},
};
use leptos::{prelude::*, task::spawn_local};

/// The page's hands: what its buttons do. Copy; every view takes it from the context.
#[derive(Clone, Copy)]
pub struct Supervisor {
    state: State,
    adapter: StoredValue<Option<Adapter>>,
    explorer: StoredValue<Option<Line<ExplorerCommand>>, LocalStorage>,
    trainer: StoredValue<Option<Line<TrainerCommand>>, LocalStorage>,
    /// The number of the run under way: events of earlier ones are ignored.
    run: StoredValue<u32>,
    speedometer: StoredValue<Speedometer>,
    /// The person has taken hold of the point; before, it stays in the middle of what is in sight.
    is_point_held: StoredValue<bool>,
}

impl Supervisor {
    /// Starts the explorer with the untrained network, and looks at the GPU.
    pub fn new(state: State) -> Self {
        let supervisor = Self {
            state,
            adapter: StoredValue::new(None),
            explorer: StoredValue::new_local(None),
            trainer: StoredValue::new_local(None),
            run: StoredValue::new(1),
            speedometer: StoredValue::new(Speedometer::default()),
            is_point_held: StoredValue::new(false),
        };
        supervisor.open_explorer();
        supervisor.show_initial_network();
        spawn_local(async move {
            supervisor.adapter.set_value(Some(preflight::adapter().await));
            supervisor.settle_engine();
        });
        supervisor
    }

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

    /// Back to step 0, with the settings as the form has them now.
    pub fn reset(&self) {
        let State { settings, run_settings, phase, .. } = self.state;
        if phase.get_untracked() == Phase::Failed {
            // Whatever broke the engine, a new one is free of it.
            self.trainer.set_value(None);
        }
        self.run.update_value(|run| *run += 1);
        run_settings.set(settings.get_untracked());
        self.clear();
        self.settle_engine();
        self.send(&self.start());
        self.show_initial_network();
    }

    /// Sets a field from text. Learning rate and epochs take effect at once, the others when the run starts anew,
    /// which is at once while nothing has been trained.
    pub fn set(&self, field: Field, text: &str) -> Result<(), SettingError> {
        let State { settings, run_settings, .. } = self.state;
        settings.try_update(|settings| settings.set(field, text)).unwrap_or(Ok(()))?;
        let Settings { learning_rate, epochs, .. } = settings.get_untracked();
        if matches!(field, Field::LearningRate | Field::Epochs) {
            run_settings.update(|run| (run.learning_rate, run.epochs) = (learning_rate, epochs));
            self.send(&TrainerCommand::Adjust { learning_rate, epochs });
        } else if self.is_fresh() {
            self.reset();
        }
        Ok(())
    }

    /// Takes another engine: at once while nothing has been trained, else when the run starts anew.
    pub fn choose_engine(&self, choice: EngineChoice) {
        self.state.engine_choice.set(choice);
        if self.is_fresh() {
            self.reset();
        }
    }

    /// Moves the point on the plane and has its digit decoded.
    pub fn explore(&self, point: [f32; 2]) {
        self.is_point_held.set_value(true);
        self.move_point(point);
    }

    fn move_point(&self, point: [f32; 2]) {
        self.state.point.set(point);
        self.tell_explorer(&ExplorerCommand::Decode(point.to_vec()));
    }

    /// Takes a notice away.
    pub fn dismiss(&self, at: usize) {
        self.state.notices.update(|notices| drop((at < notices.len()).then(|| notices.remove(at))));
    }

    /// Whether nothing has been trained, nor is about to be.
    fn is_fresh(&self) -> bool {
        self.state.steps.get_untracked() == 0 && !self.state.phase.get_untracked().is_active()
    }

    fn clear(&self) {
        let state = self.state;
        state.phase.set(Phase::Idle);
        state.steps.set(0);
        state.loss.set(None);
        state.validation_loss.set(None);
        state.steps_per_second.set(None);
        state.history.set(History::default());
        self.speedometer.set_value(Speedometer::default());
    }

    /// Takes the engine that fits the choice and the machine, and gives up a trainer of another.
    fn settle_engine(&self) {
        let Some(adapter) = self.adapter.get_value() else { return };
        let (engine, reason) = choose(self.state.engine_choice.get_untracked(), &adapter);
        let before = self.state.engine.get_untracked();
        if before.as_ref().is_some_and(|before| before.engine == engine)
            && self.trainer.with_value(Option::is_some)
        {
            return;
        }
        self.trainer.set_value(None);
        self.state.download.set(Download::default());
        self.state.engine.set(Some(EngineInUse { engine, reason: reason.into(), device: String::new() }));
    }

    fn pursue(&self, command: TrainerCommand) {
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

    fn start(&self) -> TrainerCommand {
        let settings = self.state.run_settings.get_untracked();
        TrainerCommand::Start { run: self.run.get_value(), settings, progress: None }
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

    fn send(&self, command: &TrainerCommand) {
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
            TrainerEvent::Snapshot { run, weights } if run == current => {
                let Settings { architecture, seed, .. } = state.run_settings.get_untracked();
                self.tell_explorer(&ExplorerCommand::Show { architecture, weights: Some(weights), seed });
            }
            // What concerns no run in particular concerns them all.
            TrainerEvent::Failed { run, message } if run == current || run == 0 => self.fail(message),
            _ => {}
        }
    }

    fn entered(&self, phase: Phase) {
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

    fn open_explorer(&self) {
        let supervisor = *self;
        let hear = move |event| supervisor.heard_explorer(event);
        let broke =
            move |why| supervisor.notify(format!("The latent plane stopped: {why}. Reload the page."));
        match Line::open("./cpu_engine_loader.js", Role::Explorer, hear, broke) {
            Ok(line) => self.explorer.set_value(Some(line)),
            Err(error) => self.notify(format!("The latent plane could not be started: {error:?}.")),
        }
    }

    fn show_initial_network(&self) {
        let Settings { architecture, seed, .. } = self.state.run_settings.get_untracked();
        self.tell_explorer(&ExplorerCommand::Show { architecture, weights: None, seed });
    }

    fn tell_explorer(&self, command: &ExplorerCommand) {
        self.explorer.with_value(|explorer| {
            if let Some(explorer) = explorer {
                explorer.send(command);
            }
        });
    }

    fn heard_explorer(&self, event: ExplorerEvent) {
        let State { cloud, range, decoded, .. } = self.state;
        match event {
            ExplorerEvent::Ready => {}
            ExplorerEvent::Labels(labels) => cloud.update(|cloud| cloud.labels = labels),
            ExplorerEvent::Codes(codes) => {
                let fitted = range.get_untracked().fitted(&codes);
                if fitted != range.get_untracked() {
                    range.set(fitted);
                    if !self.is_point_held.get_value() {
                        self.move_point(fitted.centre);
                    }
                }
                cloud.update(|cloud: &mut Cloud| cloud.codes = codes);
            }
            ExplorerEvent::Decoded { image, .. } => decoded.set(image.try_into().ok()),
            ExplorerEvent::Failed(message) => self.notify(message),
        }
    }

    fn fail(&self, message: String) {
        self.entered(Phase::Failed);
        self.notify(message);
    }

    fn notify(&self, message: String) {
        self.state.notices.update(|notices| {
            if !notices.contains(&message) {
                notices.push(message);
            }
        });
    }
}

fn performance_now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
