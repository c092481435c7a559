//! Who draws the latent plane: spawns the explorer, replaces one that dies or hangs, and tells it all that it must know.

use super::{Controller, releases::Diagnosis};
use crate::{
    Effect, WorkerEvent, WorkerFailure, WorkerId, plain_failure, recovery::Recovery, recovery::Remedy,
    watchdog::AnswerWatchdog,
};
use latent_core::{
    data::{DatasetId, Split},
    engine::{Engine, Program},
    link::Link,
    model::ModelSpec,
    plane::{Grid, Plotted},
    settings::Settings,
    weights::Weights,
};
use latent_protocol::{ExplorerCommand, ExplorerEvent, Role, TraceRequest};

/// How long the pretrained plane stands before what isn't seen on it is fetched: whoever presses Train at once has the
/// network for the images to train on.
const REST_AFTER_MS: f64 = 2_000.0;

/// Who draws the plane.
#[derive(Debug)]
enum ExplorerState {
    /// Nobody, until a run begins.
    GivenUp,
    /// A worker.
    Working(WorkerId, AnswerWatchdog),
    /// The worker could not be loaded, and the server is asked why.
    Diagnosing(Diagnosis),
}

/// What the plane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Nothing,
    /// The pretrained decoder.
    Pretrained,
    /// The network of the run.
    Run,
}

/// The explorer, and what it was told last: another one that takes its place is told the same.
#[derive(Debug)]
pub(super) struct Explorer {
    state: ExplorerState,
    /// The program of the worker that was spawned last.
    program: Program,
    /// The data set that it works on.
    dataset: DatasetId,
    recovery: Recovery,
    shown: Shown,
    code: Vec<f32>,
    plotted: Plotted,
    followed: Vec<u32>,
    grid: Option<Grid>,
    trace: Option<TraceRequest>,
    path: Vec<f32>,
    measures_errors: bool,
    listed: Vec<u32>,
    drawing: Option<Vec<u8>>,
    is_measuring: bool,
    /// It was sent a command, and has reported nothing since.
    owes_report: bool,
    /// What the pretrained plane can do without was asked for.
    has_rest: bool,
    /// When that is due.
    rest_due_ms: Option<f64>,
}

impl Explorer {
    pub(super) fn new(link: &Link) -> Self {
        let units = link.settings.model.latent_units();
        Self {
            state: ExplorerState::GivenUp,
            program: Program::of(Engine::Cpu, &link.settings.model),
            dataset: link.settings.data,
            recovery: Recovery::default(),
            shown: Shown::Nothing,
            code: link.view.code.clone().unwrap_or_else(|| vec![0.0; units]),
            plotted: link.view.plotted,
            followed: Vec::new(),
            grid: None,
            trace: None,
            path: Vec::new(),
            measures_errors: false,
            listed: Vec::new(),
            drawing: None,
            is_measuring: false,
            owes_report: false,
            has_rest: false,
            rest_due_ms: None,
        }
    }

    /// Which images are plotted.
    pub(super) fn plotted(&self) -> Plotted {
        self.plotted
    }

    pub(super) fn worker(&self) -> Option<WorkerId> {
        match self.state {
            ExplorerState::Working(id, _) => Some(id),
            _ => None,
        }
    }

    /// The program that the worker runs.
    pub(super) fn program(&self) -> Option<Program> {
        self.worker().map(|_| self.program)
    }

    pub(super) fn diagnosis(&mut self) -> Option<&mut Diagnosis> {
        match &mut self.state {
            ExplorerState::Diagnosing(diagnosis) => Some(diagnosis),
            _ => None,
        }
    }

    /// Notes what another explorer has to be told too.
    fn note(&mut self, command: &ExplorerCommand) {
        match command {
            ExplorerCommand::Show { .. } => self.shown = Shown::Run,
            ExplorerCommand::ShowPretrained => self.shown = Shown::Pretrained,
            ExplorerCommand::Decode(code) => self.code.clone_from(code),
            ExplorerCommand::Plot(plotted) => self.plotted = *plotted,
            ExplorerCommand::Follow(images) => self.followed.clone_from(images),
            ExplorerCommand::Map(grid) => self.grid.clone_from(grid),
            ExplorerCommand::Trace(request) => self.trace = *request,
            ExplorerCommand::Path(codes) => self.path.clone_from(codes),
            ExplorerCommand::Measure => self.is_measuring = true,
            ExplorerCommand::Errors(measures) => self.measures_errors = *measures,
            ExplorerCommand::List(images) => self.listed.clone_from(images),
            ExplorerCommand::Draw(image) => self.drawing.clone_from(image),
            // The moments go with the explorer that keeps them.
            ExplorerCommand::LookBack(_) | ExplorerCommand::Recall(_) | ExplorerCommand::ConnectTrainer => {}
        }
    }
}

impl Controller {
    pub(super) fn open_explorer(&mut self) {
        self.forget_moments();
        let id = self.new_worker();
        self.explorer.program = Program::of(Engine::Cpu, &self.view.run_settings.model);
        self.explorer.dataset = self.view.run_settings.data;
        self.push(Effect::Spawn(id, self.explorer.program, Role::Explorer, self.explorer.dataset));
        self.explorer.state = ExplorerState::Working(id, AnswerWatchdog::default());
        self.connect();
    }

    /// Has snapshots pass from the trainer to the explorer, if both are there. One of them has just been spawned.
    pub(super) fn connect(&mut self) {
        if let (Some(trainer), Some(explorer)) = (self.trainer.worker(), self.explorer.worker()) {
            self.push(Effect::Connect { trainer, explorer });
        }
    }

    /// Nobody draws the plane, and nobody measures, until a run begins.
    pub(super) fn give_up_explorer(&mut self) {
        self.explorer.state = ExplorerState::GivenUp;
        self.explorer.owes_report = false;
        self.forget_moments();
        if self.explorer.is_measuring {
            self.forget_measures();
        }
    }

    /// Opens another explorer if the one that is there cannot show the model of the run that begins, or works on another data
    /// set. A run is also a new try for an explorer that was given up.
    pub(super) fn open_fitting_explorer(&mut self) {
        let needed = Program::of(Engine::Cpu, &self.view.run_settings.model);
        let is_of_dataset = self.explorer.dataset == self.view.run_settings.data;
        let fits = is_of_dataset && self.explorer.program.can_replace(needed);
        if !matches!(self.explorer.state, ExplorerState::GivenUp) && fits {
            return;
        }
        if !is_of_dataset {
            self.push(Effect::ForgetImages);
            if self.explorer.has_rest {
                self.push(Effect::StorePage(self.view.run_settings.data));
            }
        }
        if let Some(worker) = self.explorer.worker() {
            self.push(Effect::End(worker));
        }
        // What it was told last is of the run before, but for what is repeated.
        (self.explorer.shown, self.explorer.owes_report) = (Shown::Nothing, false);
        self.open_explorer();
        self.repeat_all();
    }

    /// Has the explorer do something, now or, if there is none, as soon as there is one.
    pub(super) fn explore(&mut self, command: ExplorerCommand) {
        self.explorer.note(&command);
        if let Some(worker) = self.explorer.worker() {
            self.explorer.owes_report = true;
            self.push(Effect::SendExplorer(worker, command));
        }
    }

    /// Tells an explorer that has taken another's place all that it must know.
    fn repeat_all(&mut self) {
        match self.explorer.shown {
            Shown::Nothing => {}
            Shown::Pretrained => self.explore(ExplorerCommand::ShowPretrained),
            Shown::Run => {
                // A trainer that is alive sends newer weights as soon as it is connected.
                let newest = self.newest_checkpoint().map(|newest| newest.progress);
                let steps = newest.as_ref().map_or(0, |progress| progress.steps);
                self.show(newest.map(|progress| progress.weights), steps);
            }
        }
        let explorer = &self.explorer;
        let mut commands = vec![ExplorerCommand::Decode(explorer.code.clone())];
        if explorer.has_rest {
            commands.push(ExplorerCommand::Plot(explorer.plotted));
        }
        if explorer.grid.is_some() {
            commands.push(ExplorerCommand::Map(explorer.grid.clone()));
        }
        if explorer.trace.is_some() {
            commands.push(ExplorerCommand::Trace(explorer.trace));
        }
        if !explorer.path.is_empty() {
            commands.push(ExplorerCommand::Path(explorer.path.clone()));
        }
        if explorer.measures_errors {
            commands.push(ExplorerCommand::Errors(true));
        }
        commands.push(ExplorerCommand::Follow(explorer.followed.clone()));
        if !explorer.listed.is_empty() {
            commands.push(ExplorerCommand::List(explorer.listed.clone()));
        }
        if explorer.drawing.is_some() {
            commands.push(ExplorerCommand::Draw(explorer.drawing.clone()));
        }
        if explorer.is_measuring {
            commands.push(ExplorerCommand::Measure);
        }
        commands.into_iter().for_each(|command| self.explore(command));
    }

    /// Shows what the link asks for: other images than the sample need the run's own network.
    pub(super) fn show_as_linked(&mut self, plotted: Plotted) {
        let code = self.explorer.code.clone();
        self.explore(ExplorerCommand::Decode(code));
        match plotted {
            Plotted::Sample => self.show_before_training(),
            _ => self.show_first_network(),
        }
    }

    /// Shows what there is before the run trains: the pretrained decoder and its sample for the tutorial's network,
    /// otherwise the network that the run begins with.
    pub(super) fn show_before_training(&mut self) {
        let Settings { data, model, .. } = &self.view.run_settings;
        let is_pretrained = data.has_pretrained() && *model == ModelSpec::default();
        if self.origin.is_some() || !is_pretrained {
            return self.show_first_network();
        }
        self.push(Effect::FitCode);
        self.view.is_pretrained = true;
        self.explore(ExplorerCommand::ShowPretrained);
        if self.explorer.plotted != Plotted::Sample {
            self.push(Effect::PlotSample);
        }
    }

    /// Lets the pretrained decoder give way to the network of the run.
    pub(super) fn leave_pretrained(&mut self) {
        if self.view.is_pretrained {
            self.show_first_network();
        }
    }

    /// Shows the network that the run begins with.
    fn show_first_network(&mut self) {
        self.push(Effect::FitCode);
        self.view.is_pretrained = false;
        let weights = self.origin.as_ref().map(|origin| origin.progress.weights.clone());
        self.show(weights, self.steps_at_origin());
    }

    /// Has the explorer take these weights; `None`: the initial ones.
    pub(super) fn show(&mut self, weights: Option<Weights>, steps: u64) {
        let (model, seed) = (self.view.run_settings.model.clone(), self.view.run_settings.seed);
        let (run, again) = (self.run, self.reopened.take());
        let steps_per_epoch = self.view.run_settings.steps_per_epoch() as u64;
        self.explore(ExplorerCommand::Show { run, model, weights, seed, steps, steps_per_epoch, again });
        // A trainer that has yet to train its first step has the network for itself.
        if steps > 0 || self.requested.is_none() {
            self.fetch_rest();
        }
    }

    /// Fetches what the pretrained plane can do without: the images, which every other network needs for its plane,
    /// and what makes the page work without a network.
    pub(super) fn fetch_rest(&mut self) {
        if !self.explorer.has_rest {
            self.explorer.has_rest = true;
            self.explore(ExplorerCommand::Plot(self.explorer.plotted));
            self.push(Effect::StorePage(self.view.run_settings.data));
        }
    }

    pub(super) fn fetch_rest_if_due(&mut self) {
        if self.explorer.rest_due_ms.is_some_and(|due_ms| self.now_ms >= due_ms) {
            self.explorer.rest_due_ms = None;
            // A trainer that has begun to load uses the network: its first weights are waited for.
            if !self.view.phase.is_active() {
                self.fetch_rest();
            }
        }
    }

    pub(super) fn forget_measures(&mut self) {
        self.explorer.is_measuring = false;
        self.push(Effect::ForgetMeasures);
    }

    pub(super) fn hear_explorer(&mut self, worker: WorkerId, event: WorkerEvent) {
        match event {
            WorkerEvent::Loading(..) => self.note_explorer_life(false),
            WorkerEvent::Trainer(_) => {}
            WorkerEvent::Explorer(event) => {
                self.note_explorer_life(true);
                self.explorer.owes_report = false;
                self.explorer.recovery.worked(self.now_ms);
                self.explored(event);
            }
            WorkerEvent::Failed(WorkerFailure::NotSpawned(why)) => {
                self.give_up_explorer();
                self.notify(format!("The latent plane could not be started: {why}."));
            }
            WorkerEvent::Failed(WorkerFailure::NotHere(sentence)) => {
                self.push(Effect::End(worker));
                self.give_up_explorer();
                self.notify(sentence);
            }
            WorkerEvent::Failed(WorkerFailure::Died(why)) => self.replace_explorer(&plain_failure(&why)),
            WorkerEvent::Failed(failure) => {
                self.push(Effect::End(worker));
                self.explorer.state = ExplorerState::Diagnosing(Diagnosis::of(worker));
                self.diagnose(worker, failure);
            }
        }
    }

    fn note_explorer_life(&mut self, is_report: bool) {
        if let ExplorerState::Working(_, watchdog) = &mut self.explorer.state {
            watchdog.heard(is_report);
        }
    }

    fn explored(&mut self, event: ExplorerEvent) {
        match &event {
            ExplorerEvent::Codes { .. } if self.view.is_pretrained && !self.explorer.has_rest => {
                self.explorer.rest_due_ms.get_or_insert(self.now_ms + REST_AFTER_MS);
            }
            // Of a run that is over.
            ExplorerEvent::Measured { .. } if !self.explorer.is_measuring => return,
            ExplorerEvent::Measured { set: Split::Training, .. } => self.explorer.is_measuring = false,
            ExplorerEvent::Moments(steps) => return self.moments_changed(steps.clone()),
            ExplorerEvent::NoPretrained(why) => {
                self.notify(format!("The pretrained decoder is not there: {why}."));
                self.leave_pretrained();
            }
            ExplorerEvent::Failed(message) => {
                self.explorer.is_measuring = false;
                self.notify(message.clone());
            }
            _ => {}
        }
        self.push(Effect::Explored(event));
    }

    /// Replaces an explorer that owes a report and stays silent.
    pub(super) fn watch_explorer(&mut self) {
        if self.explorer.is_measuring && !self.explorer.owes_report {
            // It measures for a while and may have nothing to say: it is asked whether it still runs.
            self.explore(ExplorerCommand::Decode(self.explorer.code.clone()));
        }
        let owes_report = self.explorer.owes_report && !self.is_hidden;
        if let ExplorerState::Working(_, watchdog) = &mut self.explorer.state
            && watchdog.is_hung(owes_report)
        {
            self.replace_explorer("it stopped responding");
        }
    }

    /// Has another explorer take the place of one that died, and why, in part of a sentence.
    fn replace_explorer(&mut self, why: &str) {
        if let Some(worker) = self.explorer.worker() {
            self.push(Effect::End(worker));
        }
        if self.explorer.recovery.died(Engine::Cpu) == Remedy::Again {
            self.notify(format!("The latent plane stopped: {why}. Another worker draws it now."));
            self.explorer.owes_report = false;
            self.open_explorer();
            self.repeat_all();
        } else {
            self.give_up_explorer();
            self.notify(format!("The latent plane stopped three times in a row: {why}."));
        }
    }
}
