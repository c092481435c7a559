//! A trainer's worker without an engine: it obeys commands as a real one does. The loss of a step is its learning rate,
//! so that a run which is trained again with other rates has other losses.

use latent_controller::WorkerEvent;
use latent_core::{
    settings::Settings,
    training::{
        Progress, StepLosses,
        checkpoint::Checkpoint,
        history::{History, Validation},
    },
};
use latent_protocol::{Download, Phase, TrainerCommand, TrainerEvent};
use std::collections::VecDeque;

/// What it is to do by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    Nothing,
    OneStep,
    Until(u64),
    TheEnd,
}

/// The worker.
#[derive(Debug)]
pub(crate) struct FakeTrainer {
    pub(crate) inbox: VecDeque<TrainerCommand>,
    pub(crate) outbox: VecDeque<WorkerEvent>,
    pub(crate) goal: Goal,
    pub(crate) phase: Phase,
    pub(crate) run: u32,
    pub(crate) steps: u64,
    settings: Settings,
    history: History,
    checkpoint_steps: u64,
    pub(crate) is_watched: bool,
}

impl FakeTrainer {
    pub(crate) fn new() -> Self {
        let mut trainer = Self {
            inbox: VecDeque::new(),
            outbox: VecDeque::new(),
            goal: Goal::Nothing,
            phase: Phase::Idle,
            run: 0,
            steps: 0,
            settings: Settings::default(),
            history: History::default(),
            checkpoint_steps: 0,
            is_watched: true,
        };
        trainer.emit(TrainerEvent::Ready("a device".into()));
        trainer
    }

    /// Takes all commands that have arrived, or does a slice of work. Tells whether there was any.
    pub(crate) fn turn(&mut self) -> bool {
        let has_commands = !self.inbox.is_empty();
        while let Some(command) = self.inbox.pop_front() {
            self.obey(command);
        }
        if self.goal == Goal::Nothing {
            return has_commands;
        }
        self.work();
        true
    }

    fn obey(&mut self, command: TrainerCommand) {
        match command {
            TrainerCommand::Start { run, settings, progress, history } => {
                self.steps = progress.map_or(0, |progress| progress.steps);
                self.history = *history;
                (self.run, self.settings, self.checkpoint_steps, self.goal) =
                    (run, settings, self.steps, Goal::Nothing);
                self.phase = Phase::Idle;
                self.emit(TrainerEvent::Entered(run, Phase::Idle));
            }
            TrainerCommand::Train => self.pursue(Goal::TheEnd),
            TrainerCommand::Step => self.pursue(Goal::OneStep),
            TrainerCommand::TrainTo(steps) => self.pursue(Goal::Until(steps)),
            TrainerCommand::Pause if self.goal != Goal::Nothing || self.phase.is_active() => {
                self.stop(Phase::Paused);
            }
            TrainerCommand::Adjust { learning_rates, epochs } => {
                let learning_rates = self.settings.learning_rates.followed_by(self.steps, &learning_rates);
                (self.settings.learning_rates, self.settings.epochs) = (learning_rates, epochs);
                if self.phase == Phase::Finished {
                    self.enter(Phase::Paused);
                }
            }
            TrainerCommand::Save => {
                let (run, file) = (self.run, self.file());
                self.emit(TrainerEvent::Saved { run, file });
            }
            TrainerCommand::Checkpoint => self.report_checkpoint(),
            TrainerCommand::Watched(is_watched) => self.is_watched = is_watched,
            TrainerCommand::Pause | TrainerCommand::ConnectExplorer => {}
        }
    }

    fn pursue(&mut self, goal: Goal) {
        if self.run != 0 && !matches!(self.phase, Phase::Failed | Phase::Finished) {
            self.goal = goal;
        }
    }

    fn work(&mut self) {
        if self.steps >= self.settings.steps() {
            return self.stop(Phase::Finished);
        }
        self.enter(Phase::Training);
        let images = Download { images: 70_000, of_images: 70_000, bytes: 1, of_bytes: 1 };
        self.emit(TrainerEvent::Downloaded(images));
        let steps_before = self.steps;
        self.steps += 1;
        let learning_rate = self.settings.learning_rates.after(steps_before);
        let losses = StepLosses::from(vec![learning_rate]);
        self.history.trained(losses.clone());
        self.emit(TrainerEvent::Trained { run: self.run, steps_before, losses, learning_rate });
        if self.goal == Goal::OneStep || self.goal == Goal::Until(self.steps) {
            self.stop(Phase::Paused);
        }
    }

    fn stop(&mut self, phase: Phase) {
        self.goal = Goal::Nothing;
        self.enter(phase);
        self.report_checkpoint();
    }

    fn report_checkpoint(&mut self) {
        if self.run != 0 && self.checkpoint_steps != self.steps {
            self.checkpoint_steps = self.steps;
            let (run, steps, file) = (self.run, self.steps, self.file());
            self.emit(TrainerEvent::Checkpoint { run, steps, file });
        }
    }

    fn file(&self) -> Vec<u8> {
        let history = self.history.clone();
        Checkpoint { history, ..checkpoint(&self.settings, self.steps) }.to_bytes().unwrap()
    }

    fn enter(&mut self, phase: Phase) {
        if self.phase != phase {
            self.phase = phase;
            self.emit(TrainerEvent::Entered(self.run, phase));
        }
    }

    fn emit(&mut self, event: TrainerEvent) {
        self.outbox.push_back(WorkerEvent::Trainer(event));
    }
}

/// A checkpoint of these settings after so many steps.
pub(crate) fn checkpoint(settings: &Settings, steps: u64) -> Checkpoint {
    let progress = Progress { steps, ..Progress::initial(&settings.model, settings.seed) };
    let losses: Vec<_> = (0..steps).map(|steps| settings.learning_rates.after(steps)).collect();
    let history = History::restored(0, losses, Vec::<Validation>::new());
    Checkpoint { settings: settings.clone(), progress, history }
}
