//! Who draws the latent plane: spawns the explorer, replaces one that dies or hangs, and tells it all that it must know.

use super::{Controller, releases::Diagnosis};
use crate::{
    Effect, WorkerEvent, WorkerFailure, WorkerId, plain_failure, recovery::Recovery, recovery::Remedy,
    watchdog::AnswerWatchdog,
};
use latent_core::{
    data::Split,
    engine::Engine,
    link::Link,
    model::ModelSpec,
    plane::{Grid, Plotted},
    weights::Weights,
};
use latent_protocol::{ExplorerCommand, ExplorerEvent, Role};
use std::sync::Arc;

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

/// The explorer, and what it was told last: another one that takes its place is told the same.
#[derive(Debug)]
pub(super) struct Explorer {
    state: ExplorerState,
    recovery: Recovery,
    shown: Option<Arc<ExplorerCommand>>,
    code: Vec<f32>,
    plotted: Plotted,
    followed: Vec<u32>,
    grid: Option<Grid>,
    is_measuring: bool,
    /// It owes the image at the code.
    owes_image: bool,
    /// It owes the images that are followed.
    owes_pairs: bool,
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
            recovery: Recovery::default(),
            shown: None,
            code: link.view.code.clone().unwrap_or_else(|| vec![0.0; units]),
            plotted: link.view.plotted,
            followed: Vec::new(),
            grid: None,
            is_measuring: false,
            owes_image: false,
            owes_pairs: false,
            has_rest: false,
            rest_due_ms: None,
        }
    }

    pub(super) fn worker(&self) -> Option<WorkerId> {
        match self.state {
            ExplorerState::Working(id, _) => Some(id),
            _ => None,
        }
    }

    pub(super) fn diagnosis(&mut self) -> Option<&mut Diagnosis> {
        match &mut self.state {
            ExplorerState::Diagnosing(diagnosis) => Some(diagnosis),
            _ => None,
        }
    }

    pub(super) fn give_up(&mut self) {
        self.state = ExplorerState::GivenUp;
    }

    /// Units of the code that the shown network has.
    fn units(&self) -> Option<usize> {
        Some(match self.shown.as_deref()? {
            ExplorerCommand::Show { model, .. } => model.latent_units(),
            _ => ModelSpec::default().latent_units(),
        })
    }

    /// Notes a command, and what it makes the explorer owe.
    fn note(&mut self, command: &Arc<ExplorerCommand>) {
        match &**command {
            ExplorerCommand::Show { .. } | ExplorerCommand::ShowPretrained => {
                self.shown = Some(command.clone());
                self.owes_image = self.units() == Some(self.code.len());
                self.owes_pairs = !self.followed.is_empty();
            }
            ExplorerCommand::Decode(code) => {
                let is_new = self.code != *code;
                self.code.clone_from(code);
                let fits = self.units() == Some(code.len());
                self.owes_image = fits && (is_new || self.owes_image);
            }
            ExplorerCommand::Plot(plotted) => self.plotted = *plotted,
            ExplorerCommand::Follow(images) => {
                self.followed.clone_from(images);
                self.owes_pairs = !images.is_empty() && self.shown.is_some();
            }
            ExplorerCommand::Map(grid) => self.grid.clone_from(grid),
            ExplorerCommand::Measure => self.is_measuring = true,
        }
    }
}

impl Controller {
    pub(super) fn open_explorer(&mut self) {
        let id = self.new_worker();
        self.push(Effect::Spawn(id, Engine::Cpu, Role::Explorer));
        self.explorer.state = ExplorerState::Working(id, AnswerWatchdog::default());
    }

    /// A run that begins is a new try for an explorer that was given up.
    pub(super) fn reopen_explorer(&mut self) {
        if let ExplorerState::GivenUp = self.explorer.state {
            self.open_explorer();
            self.repeat_all();
        }
    }

    /// Has the explorer do something, now or, if there is none, as soon as there is one.
    pub(super) fn explore(&mut self, command: ExplorerCommand) {
        let command = Arc::new(command);
        self.explorer.note(&command);
        self.send_explorer(command);
    }

    fn send_explorer(&mut self, command: Arc<ExplorerCommand>) {
        if let Some(worker) = self.explorer.worker() {
            self.push(Effect::SendExplorer(worker, command));
        }
    }

    /// Tells an explorer that has taken another's place all that it must know.
    fn repeat_all(&mut self) {
        let explorer = &self.explorer;
        let mut commands: Vec<_> = explorer.shown.iter().cloned().collect();
        let mut repeat = |command| commands.push(Arc::new(command));
        repeat(ExplorerCommand::Decode(explorer.code.clone()));
        if explorer.has_rest {
            repeat(ExplorerCommand::Plot(explorer.plotted));
        }
        if explorer.grid.is_some() {
            repeat(ExplorerCommand::Map(explorer.grid.clone()));
        }
        repeat(ExplorerCommand::Follow(explorer.followed.clone()));
        if explorer.is_measuring {
            repeat(ExplorerCommand::Measure);
        }
        for command in commands {
            self.explorer.note(&command);
            self.send_explorer(command);
        }
        self.explorer.owes_image = self.explorer.units() == Some(self.explorer.code.len());
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
        if self.origin.is_some() || self.view.run_settings.model != ModelSpec::default() {
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
        self.explore(ExplorerCommand::Show { model, weights, seed, steps });
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
            self.push(Effect::StorePage);
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
                self.explorer.recovery.worked(self.now_ms);
                self.explored(event);
            }
            WorkerEvent::Failed(WorkerFailure::NotSpawned(why)) => {
                self.explorer.give_up();
                self.notify(format!("The latent plane could not be started: {why}."));
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
            ExplorerEvent::Decoded { code, .. } if *code == self.explorer.code => {
                self.explorer.owes_image = false
            }
            ExplorerEvent::Pairs(_) => self.explorer.owes_pairs = false,
            // Of a run that is over.
            ExplorerEvent::Measured { .. } if !self.explorer.is_measuring => return,
            ExplorerEvent::Measured { set: Split::Training, .. } => self.explorer.is_measuring = false,
            ExplorerEvent::NoPretrained(why) => {
                self.notify(format!("The pretrained decoder is not there: {why}."));
                self.leave_pretrained();
            }
            ExplorerEvent::Failed(message) => {
                (self.explorer.owes_image, self.explorer.owes_pairs) = (false, false);
                self.explorer.is_measuring = false;
                self.notify(message.clone());
            }
            _ => {}
        }
        self.push(Effect::Explored(event));
    }

    /// Replaces an explorer that owes an answer and stays silent.
    pub(super) fn watch_explorer(&mut self) {
        let owes_answer = self.explorer.owes_image || self.explorer.owes_pairs;
        if let ExplorerState::Working(_, watchdog) = &mut self.explorer.state
            && watchdog.is_hung(owes_answer && !self.is_hidden)
        {
            self.replace_explorer("it stopped responding");
        }
    }

    /// Has another explorer take the place of one that died, and why, in part of a sentence.
    fn replace_explorer(&mut self, why: &str) {
        if let Some(worker) = self.explorer.worker() {
            self.push(Effect::End(worker));
        }
        self.explorer.give_up();
        if self.explorer.recovery.died(Engine::Cpu) == Remedy::Again {
            self.notify(format!("The latent plane stopped: {why}. Another worker draws it now."));
            self.open_explorer();
            self.repeat_all();
        } else {
            self.notify(format!("The latent plane stopped three times in a row: {why}."));
        }
    }
}
