//! A page without a browser: it executes the controller's effects on fake workers, one message at a time.

use crate::fake_trainer::{FakeTrainer, Goal};
use latent_controller::{
    Action, Controller, Effect, Environment, Event, HistoryChange, RunView, WorkerEvent, WorkerFailure,
    WorkerId, engine_selection::Adapter,
};
use latent_core::{
    data::DatasetId,
    engine::{Engine, Program},
    link::Link,
    training::history::History,
};
use latent_protocol::{ExplorerCommand, Role, TrainerCommand, TrainerEvent};
use std::collections::BTreeMap;

pub(crate) const GPU: Adapter = Adapter::Found { software: false, timestamps: true };
/// A run of eight steps on a network so small that its checkpoints cost nothing.
pub(crate) const SMALL: &str = "hidden=2&code=2&batch=2&images=8&epochs=2&seed=3";

/// A worker that was spawned and not ended.
pub(crate) struct Live {
    pub(crate) program: Program,
    pub(crate) dataset: DatasetId,
    pub(crate) role: Role,
    pub(crate) is_explorer: bool,
    pub(crate) trainer: FakeTrainer,
    pub(crate) explored: Vec<ExplorerCommand>,
    pub(crate) is_hung: bool,
}

fn engine_of(program: Program) -> Engine {
    match program {
        Program::Cpu | Program::LayeredCpu => Engine::Cpu,
        Program::WebGpu => Engine::WebGpu,
        Program::Burn => Engine::Burn,
    }
}

/// The page.
pub(crate) struct Page {
    pub(crate) controller: Controller,
    pub(crate) live: BTreeMap<WorkerId, Live>,
    /// Effects that are no commands to workers, in order.
    pub(crate) log: Vec<Effect>,
    /// The losses of the run.
    pub(crate) history: History,
    pub(crate) spawned: usize,
    /// The trainer and the explorer that were connected last.
    pub(crate) connected: Option<(WorkerId, WorkerId)>,
    /// The browser refuses to spawn this engine's trainers.
    pub(crate) refuses: Option<Engine>,
    pub(crate) now_ms: f64,
}

impl Page {
    /// The page of a link, whose adapter is not known yet.
    pub(crate) fn opened(fragment: &str) -> Self {
        Self::opened_with(fragment, Environment::default())
    }

    pub(crate) fn opened_with(fragment: &str, environment: Environment) -> Self {
        let (link, problems) = Link::parse(fragment);
        assert_eq!(problems, []);
        let (controller, effects) = Controller::new(&link, Vec::new(), environment);
        let mut page = Self {
            controller,
            live: BTreeMap::new(),
            log: Vec::new(),
            history: History::default(),
            spawned: 0,
            connected: None,
            refuses: None,
            now_ms: 1e12,
        };
        page.execute(effects);
        page
    }

    /// The page of a link on a machine with this adapter.
    pub(crate) fn on(fragment: &str, adapter: Adapter) -> Self {
        let mut page = Self::opened(fragment);
        page.handle(Event::Adapter(adapter));
        page
    }

    pub(crate) fn view(&self) -> &RunView {
        self.controller.view()
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.handle(Event::User(action));
    }

    pub(crate) fn handle(&mut self, event: Event) {
        let effects = self.controller.handle(event, self.now_ms);
        self.execute(effects);
        let owned = self.controller.workers();
        let live: Vec<_> = self.live.keys().copied().collect();
        let sorted = |mut ids: Vec<WorkerId>| {
            ids.sort();
            ids
        };
        assert_eq!(sorted(owned), live, "every worker that was spawned is owned or ended");
        self.assert_replayable();
        let leaving = self.controller.leaving_worker();
        let pinned = self.controller.pinned_worker();
        let is_of_run = |id: WorkerId| ![leaving, pinned].contains(&Some(id));
        for (_, live) in self.live.iter().filter(|(id, _)| is_of_run(**id)) {
            let needed = Program::of(engine_of(live.program), &self.view().run_settings.model);
            assert!(live.program.can_replace(needed), "{:?} cannot do the work of {needed:?}", live.program);
            assert_eq!(live.dataset, self.view().run_settings.data, "{:?}", live.program);
        }
    }

    /// Checks that the settings lead to the losses again: the loss of a step is its learning rate.
    fn assert_replayable(&self) {
        let rates = &self.view().run_settings.learning_rates;
        for (steps, loss) in (self.history.steps_before()..).zip(self.history.losses()) {
            assert_eq!(rates.after(steps), *loss, "step {} of a run with {rates}", steps + 1);
        }
        if !self.controller.has_next_rate() {
            assert_eq!(rates, &self.view().settings.learning_rates, "the form has the rates of the run");
        }
    }

    fn change_history(&mut self, change: HistoryChange) {
        match change {
            HistoryChange::Replaced(history) => self.history = *history,
            HistoryChange::Trained(losses) => self.history.trained(losses),
            HistoryChange::CutTo(steps) => self.history = self.history.until(steps),
            HistoryChange::Validated(..) | HistoryChange::Interrupted => {}
        }
    }

    fn execute(&mut self, effects: Vec<Effect>) {
        let mut refused = Vec::new();
        for effect in effects {
            match effect {
                Effect::Spawn(id, program, role, dataset) => {
                    self.spawned += 1;
                    let is_explorer = role == Role::Explorer;
                    let trainer = FakeTrainer::new();
                    let explored = Vec::new();
                    let live =
                        Live { program, dataset, role, is_explorer, trainer, explored, is_hung: false };
                    assert!(self.live.insert(id, live).is_none(), "no number is given twice");
                    if self.refuses == Some(engine_of(program)) && !is_explorer {
                        refused.push(id);
                    }
                }
                Effect::Send(id, command) => {
                    let worker = self.live.get_mut(&id).expect("commands go to live workers");
                    worker.trainer.inbox.push_back(command);
                }
                Effect::SendExplorer(id, command) => {
                    let worker = self.live.get_mut(&id).expect("commands go to live workers");
                    worker.explored.push(command);
                }
                Effect::Connect { trainer, explorer } => {
                    assert!(!self.live[&trainer].is_explorer && self.live[&explorer].is_explorer);
                    self.connected = Some((trainer, explorer));
                }
                Effect::End(id) => drop(self.live.remove(&id).expect("a worker is ended once")),
                other => {
                    if let Effect::History(change) = &other {
                        self.change_history(change.clone());
                    }
                    self.log.push(other);
                }
            }
        }
        for id in refused {
            self.live.remove(&id);
            self.handle(Event::Worker(
                id,
                WorkerEvent::Failed(WorkerFailure::NotSpawned("it is forbidden".into())),
            ));
        }
    }

    /// The effects so far that are no commands to workers.
    pub(crate) fn take_log(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.log)
    }

    fn find(&self, engine: Engine, is_explorer: bool) -> Option<WorkerId> {
        let is_it = |live: &Live| engine_of(live.program) == engine && live.is_explorer == is_explorer;
        let pinned = self.controller.pinned_worker();
        self.live.iter().find(|(id, live)| is_it(live) && Some(**id) != pinned).map(|(&id, _)| id)
    }

    /// The trainer, or candidate, of this engine.
    pub(crate) fn trainer(&self, engine: Engine) -> WorkerId {
        self.find(engine, false).expect("a trainer")
    }

    pub(crate) fn has_trainer(&self, engine: Engine) -> bool {
        self.find(engine, false).is_some()
    }

    pub(crate) fn explorer(&self) -> Option<WorkerId> {
        self.find(Engine::Cpu, true)
    }

    pub(crate) fn worker(&mut self, id: WorkerId) -> &mut Live {
        self.live.get_mut(&id).expect("a live worker")
    }

    pub(crate) fn report(&mut self, id: WorkerId, event: TrainerEvent) {
        self.handle(Event::Worker(id, WorkerEvent::Trainer(event)));
    }

    pub(crate) fn die(&mut self, id: WorkerId, why: &str) {
        self.handle(Event::Worker(id, WorkerEvent::Failed(WorkerFailure::Died(why.into()))));
    }

    /// Delivers the worker's oldest report, if there is one.
    pub(crate) fn deliver(&mut self, id: WorkerId) -> bool {
        let oldest = self.live.get_mut(&id).and_then(|live| live.trainer.outbox.pop_front());
        match oldest {
            Some(event) => {
                self.handle(Event::Worker(id, event));
                true
            }
            None => false,
        }
    }

    /// Lets this worker take its commands or work once, and delivers all that it reports.
    pub(crate) fn turn(&mut self, id: WorkerId) -> bool {
        self.now_ms += 50.0;
        let Some(live) = self.live.get_mut(&id).filter(|live| !live.is_hung && !live.is_explorer) else {
            return false;
        };
        let mut has_worked = live.trainer.turn();
        while self.deliver(id) {
            has_worked = true;
        }
        has_worked
    }

    /// Lets this worker work so many times.
    pub(crate) fn turns(&mut self, id: WorkerId, count: usize) {
        for _ in 0..count {
            self.turn(id);
        }
    }

    /// Lets all workers work until none has anything to do, for so many rounds at most.
    pub(crate) fn settle(&mut self) {
        for _ in 0..400 {
            let ids: Vec<_> = self.live.keys().copied().collect();
            let mut has_worked = false;
            for id in ids {
                has_worked |= self.turn(id);
            }
            if !has_worked {
                return;
            }
        }
    }

    pub(crate) fn ticks(&mut self, seconds: u32) {
        for _ in 0..seconds {
            self.now_ms += 1e3;
            self.handle(Event::Tick);
        }
    }

    /// The commands that wait for a worker.
    pub(crate) fn commands(&mut self, id: WorkerId) -> Vec<TrainerCommand> {
        self.worker(id).trainer.inbox.drain(..).collect()
    }

    pub(crate) fn goal(&mut self, id: WorkerId) -> Goal {
        self.worker(id).trainer.goal
    }

    pub(crate) fn notices(&self) -> String {
        self.view().notices.join("\n")
    }

    pub(crate) fn reason(&self) -> &str {
        self.view().engine.as_ref().map_or("", |engine| &engine.reason)
    }
}
