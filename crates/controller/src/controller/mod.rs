//! The state machine: its state, and which part handles which event.

mod actions; // what the person does
mod candidate; // the GPU engine while it is compared with the CPU engine
mod checkpoints; // checkpoints in the browser and as files
mod earlier_runs; // runs that were replaced, and can be opened again
mod explorer; // who draws the latent plane
mod links; // links that are opened while the page is there
mod models; // models from files and links
mod past; // earlier moments of the run
mod pinned; // a run that is compared with the one under way
mod releases; // workers that could not be loaded
mod revival; // a trainer that dies or hangs
mod run; // a run begins, ends and fails
mod trainer; // who trains the run
mod trainer_reports; // what it reports

use self::{
    candidate::CandidateState,
    checkpoints::{NewestCheckpoint, Saving},
    earlier_runs::{EarlierRun, LeavingWorker},
    explorer::Explorer,
    trainer::{Requested, TrainerState},
};
use crate::{
    Effect, Event, RunView, SavedRun, WorkerEvent, WorkerId,
    engine_benchmark::BenchmarkMemory,
    engine_selection::{Adapter, workers, workers_unseen},
    recovery::Recovery,
};
use latent_core::{
    data::{DatasetId, OwnSet},
    link::Link,
    settings::LearningRates,
    training::{checkpoint::Checkpoint, history::Speedometer},
};
use latent_protocol::Role;

/// What is known of the browser when the page opens.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The browser's user agent.
    pub user_agent: String,
    /// The machine's cores.
    pub cores: usize,
    /// The address's query, which may set the number of workers.
    pub query: String,
    /// The page's release.
    pub release: String,
    /// What [`Effect::RememberBenchmarks`] remembered last.
    pub benchmarks: String,
    /// The page is hidden.
    pub is_hidden: bool,
    /// The sets of the person's own images that the browser keeps, as far as they are known.
    pub own_sets: Vec<OwnSet>,
}

/// Decides what the page does next.
#[derive(Debug)]
pub struct Controller {
    view: RunView,
    user_agent: String,
    /// The role of every trainer on this machine that trains while the page draws.
    role: Role,
    /// The role of one that replays, which needs no core for the page.
    replay_role: Role,
    is_hidden: bool,
    /// The sets of the person's own images that the browser keeps.
    own_sets: Vec<OwnSet>,
    /// `None` until the browser has answered.
    adapter: Option<Adapter>,
    /// Counts the runs that began, those included that were opened again: what workers call the run under way. Events of earlier
    /// ones are ignored.
    run: u32,
    /// Where the run began, if that was a model from a file and not its seed.
    origin: Option<Checkpoint>,
    /// The name of the file that it began with.
    opened: Option<String>,
    /// The form's learning rate is for a new run: that of a model which was chosen for it, one that was entered in its place, or
    /// one that was entered once the run had ended.
    has_next_rate: bool,
    /// The learning rates as they were entered last, while this run was under way: a new run begins with them.
    entered_rates: Option<LearningRates>,
    /// The newest checkpoint of the run, if there is one since it began.
    checkpoint: Option<NewestCheckpoint>,
    /// Runs that gave way to others, in the order in which *Undo* walks back through them.
    earlier_runs: Vec<EarlierRun>,
    /// How many of the last of them *Undo* has left behind.
    undone: usize,
    /// The highest number of a run that was kept.
    newest_number: u32,
    /// What workers called the run before, which is opened again, until the explorer has been told.
    reopened: Option<u32>,
    /// The worker that has trained the newest of them, until it has reported its checkpoint.
    leaving: Option<LeavingWorker>,
    /// The worker that shows the pinned run.
    pinned: Option<WorkerId>,
    /// The run under way is pinned with its next checkpoint.
    pins_next_checkpoint: bool,
    /// What the person has asked the trainer for and is not done.
    requested: Option<Requested>,
    trainer: TrainerState,
    candidate: CandidateState,
    recovery: Recovery,
    speedometer: Speedometer,
    /// The notice of the last failure, which the next one replaces.
    failure_notice: Option<String>,
    benchmarks: BenchmarkMemory,
    /// What an earlier visit has saved, as long as the person is asked about it.
    resumable: Option<SavedRun>,
    saving: Saving,
    has_told_not_saved: bool,
    /// The model of a file that the person was asked about.
    offered: Option<Checkpoint>,
    explorer: Explorer,
    next_worker: u32,
    now_ms: f64,
    effects: Vec<Effect>,
}

impl Controller {
    /// The page as `link` says, with `notices` about the link. Gives what to do first: spawn the explorer, look at the
    /// GPU, and look for a run that an earlier visit has saved.
    pub fn new(link: &Link, notices: Vec<String>, environment: Environment) -> (Self, Vec<Effect>) {
        let Environment { user_agent, cores, query, release, benchmarks, is_hidden, own_sets } = environment;
        let (workers, is_asked) = workers(cores, &query);
        let mut controller = Self {
            view: RunView::new(link, notices),
            user_agent,
            role: Role::Trainer { workers, is_asked },
            replay_role: Role::Trainer { workers: workers_unseen(cores, &query), is_asked },
            is_hidden,
            own_sets,
            adapter: None,
            run: 1,
            origin: None,
            opened: None,
            has_next_rate: false,
            entered_rates: None,
            checkpoint: None,
            earlier_runs: Vec::new(),
            undone: 0,
            newest_number: 0,
            reopened: None,
            leaving: None,
            pinned: None,
            pins_next_checkpoint: false,
            requested: None,
            trainer: TrainerState::Absent,
            candidate: CandidateState::NotTried,
            recovery: Recovery::default(),
            speedometer: Speedometer::default(),
            failure_notice: None,
            benchmarks: BenchmarkMemory::parse(&benchmarks, &release),
            resumable: None,
            saving: Saving::Idle,
            has_told_not_saved: false,
            offered: None,
            explorer: Explorer::new(link),
            next_worker: 0,
            now_ms: 0.0,
            effects: Vec::new(),
        };
        controller.offer_replay(link.step);
        controller.open_explorer();
        controller.show_as_linked(link.view.plotted);
        controller.push(Effect::AskAdapter);
        controller.push(Effect::LoadCheckpoint);
        let effects = std::mem::take(&mut controller.effects);
        (controller, effects)
    }

    /// What the page shows of the run.
    pub fn view(&self) -> &RunView {
        &self.view
    }

    /// Takes an event that happened at `now_ms` (milliseconds since 1970, never running backwards) and gives the effects
    /// to execute, in order.
    pub fn handle(&mut self, event: Event, now_ms: f64) -> Vec<Effect> {
        self.now_ms = now_ms;
        match event {
            Event::User(action) => self.act(action),
            Event::Worker(worker, event) => self.hear(worker, event),
            Event::Adapter(adapter) => self.adapter_known(adapter),
            Event::Tick => self.tick(),
            Event::Hidden(is_hidden) => self.hidden(is_hidden),
            Event::CheckpointLoaded(saved) => self.checkpoint_loaded(saved),
            Event::CheckpointSaved(steps, result) => self.checkpoint_saved(steps, result),
            Event::ModelFetched(address, file) => self.model_fetched(address, file),
            Event::ServerChecked(worker, has_another) => self.server_checked(worker, has_another),
            Event::ReloadRefused(worker) => self.reload_refused(worker),
            Event::OwnSets(sets) => self.own_sets = sets,
            Event::ReleaseWaits => self.view.release_waits = true,
        }
        self.view.replays_to = match self.requested {
            Some(Requested::Replay(steps)) => Some(steps),
            _ => None,
        };
        std::mem::take(&mut self.effects)
    }

    /// The workers that the controller owns: all that it has had spawned and not ended.
    pub fn workers(&self) -> Vec<WorkerId> {
        let [trainer, candidate] = [self.trainer.worker(), self.candidate.worker()];
        let others = [self.explorer.worker(), self.leaving_worker(), self.pinned];
        [trainer, candidate].into_iter().chain(others).flatten().collect()
    }

    /// The worker whose last task is to report the checkpoint of a run that was replaced.
    pub fn leaving_worker(&self) -> Option<WorkerId> {
        self.leaving.as_ref().map(|leaving| leaving.id)
    }

    /// Whether a person's request to train is still to be honoured.
    pub fn is_training_requested(&self) -> bool {
        self.requested.is_some()
    }

    /// Whether the form's learning rate is for the next run.
    pub fn has_next_rate(&self) -> bool {
        self.has_next_rate
    }

    fn hear(&mut self, worker: WorkerId, event: WorkerEvent) {
        if self.trainer.worker() == Some(worker) {
            self.hear_trainer(worker, event);
        } else if self.candidate.worker() == Some(worker) {
            self.hear_candidate(event);
        } else if self.explorer.worker() == Some(worker) {
            self.hear_explorer(worker, event);
        } else if self.leaving_worker() == Some(worker) {
            self.hear_leaving(event);
        } else if self.pinned == Some(worker) {
            self.hear_pinned(event);
        }
    }

    fn tick(&mut self) {
        self.watch_adapter();
        self.watch_trainer();
        self.watch_candidate();
        self.watch_explorer();
        self.watch_diagnoses();
        self.watch_saving();
        self.watch_leaving();
        self.fetch_rest_if_due();
    }

    /// Whether the images of a data set are to be had: those of the project, and a person's own that the browser keeps.
    fn has_images(&self, data: DatasetId) -> bool {
        data.own().is_none_or(|set| self.own_sets.contains(&set))
    }

    /// Tells the page which images are missing.
    fn miss_images(&mut self, data: DatasetId) {
        if let Some(set) = data.own() {
            self.push(Effect::MissImages(set));
        }
    }

    fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn new_worker(&mut self) -> WorkerId {
        self.next_worker += 1;
        WorkerId(self.next_worker)
    }

    /// Says something that the person should read.
    fn notify(&mut self, message: String) {
        if !self.view.notices.contains(&message) {
            self.view.notices.push(message);
        }
    }
}
