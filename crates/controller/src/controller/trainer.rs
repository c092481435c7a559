//! Who trains the run, and requests to the trainer.

use super::{Controller, candidate::CandidateState, releases::Diagnosis};
use crate::{Effect, WorkerId, engine_selection::Adapter, watchdog::Watchdog};
use latent_core::{data::DatasetId, engine::Program, training::history::Speedometer};
use latent_protocol::{Phase, Role, TrainerCommand};

/// Seconds after which a browser that says nothing of its GPU counts as one that has none.
const ADAPTER_PATIENCE_S: u32 = 10;

/// What the person has asked the trainer for. It holds until it is done, taken back, or failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Requested {
    /// Train to the run's end.
    Train,
    /// Replay the run up to this step.
    Replay(u64),
    /// Train one step.
    Step {
        /// A step was trained since: the next pause is its end.
        is_trained: bool,
    },
}

impl Requested {
    pub(super) fn command(self) -> TrainerCommand {
        match self {
            Self::Train => TrainerCommand::Train,
            Self::Replay(steps) => TrainerCommand::TrainTo(steps),
            Self::Step { .. } => TrainerCommand::Step,
        }
    }
}

/// Who trains the run.
#[derive(Debug)]
pub(super) enum TrainerState {
    /// Nobody. The next request spawns a worker.
    Absent,
    /// Nobody, and a request waits so many seconds for the adapter.
    AwaitingAdapter(u32),
    /// A worker.
    Working(TrainerWorker),
    /// The worker could not be loaded, and the server is asked why.
    Diagnosing(Diagnosis),
}

/// The worker that trains the run.
#[derive(Debug)]
pub(super) struct TrainerWorker {
    pub id: WorkerId,
    pub program: Program,
    /// The data set that it works on.
    pub dataset: DatasetId,
    pub role: Role,
    pub watchdog: Watchdog,
}

impl TrainerState {
    pub(super) fn worker(&self) -> Option<WorkerId> {
        match self {
            Self::Working(worker) => Some(worker.id),
            _ => None,
        }
    }

    /// The data set that the worker works on.
    pub(super) fn dataset(&self) -> Option<DatasetId> {
        match self {
            Self::Working(worker) => Some(worker.dataset),
            _ => None,
        }
    }

    /// The program that the worker runs.
    pub(super) fn program(&self) -> Option<Program> {
        match self {
            Self::Working(worker) => Some(worker.program),
            _ => None,
        }
    }

    /// A run that begins has not been silent.
    pub(super) fn forget_silence(&mut self) {
        if let Self::Working(worker) = self {
            worker.watchdog = Watchdog::default();
        }
    }
}

impl Controller {
    /// Has the trainer do something, which is spawned if it has to be.
    pub(super) fn request(&mut self, request: Requested) {
        let has_failed = self.view.phase == Phase::Failed;
        if self.view.is_over() && !has_failed {
            return;
        }
        if self.candidate.is_handing_over() {
            self.end_candidate(CandidateState::NotTried);
        }
        self.requested = Some(request);
        self.leave_pretrained();
        drop(self.withdraw_resumable());
        self.view.replay = None;
        if has_failed {
            self.forget_failure();
        }
        if has_failed || self.view.phase == Phase::Idle {
            self.view.phase = Phase::Loading;
        }
        self.end_unfit_trainer();
        match self.trainer {
            TrainerState::Absent if self.adapter.is_some() => self.spawn_trainer(),
            TrainerState::Absent => self.trainer = TrainerState::AwaitingAdapter(0),
            TrainerState::Working(_) => {
                if has_failed {
                    // Another try, from the newest checkpoint.
                    self.send_start();
                }
                if let Requested::Replay(_) = request {
                    self.send_watched();
                }
                self.send(request.command());
            }
            TrainerState::AwaitingAdapter(_) | TrainerState::Diagnosing(_) => {}
        }
    }

    /// The role of a trainer that does what is requested.
    fn role_requested(&self) -> Role {
        match self.requested {
            Some(Requested::Replay(_)) => self.replay_role,
            _ => self.role,
        }
    }

    /// Ends a trainer that has another number of workers than the request needs, where nothing is lost: the next one goes on from
    /// the newest checkpoint.
    fn end_unfit_trainer(&mut self) {
        let TrainerState::Working(worker) = &self.trainer else { return };
        let is_cpu = matches!(worker.program, Program::Cpu | Program::LayeredCpu);
        let is_at_rest = matches!(self.view.phase, Phase::Loading | Phase::Paused);
        if is_cpu
            && is_at_rest
            && worker.role != self.role_requested()
            && self.view.steps == self.steps_at_checkpoint()
        {
            self.end_trainer();
            if let Some(engine) = &mut self.view.engine {
                engine.workers = 1;
            }
        }
    }

    pub(super) fn pause(&mut self) {
        if let Some(Requested::Replay(steps)) = self.requested.take() {
            // Whoever stops a replay may go on with it.
            self.send_watched();
            self.offer_replay(Some(steps));
        }
        self.end_candidate_to_try_again();
        match self.trainer {
            TrainerState::Working(_) => self.send(TrainerCommand::Pause),
            TrainerState::AwaitingAdapter(_) => {
                self.trainer = TrainerState::Absent;
                self.rest();
            }
            TrainerState::Absent | TrainerState::Diagnosing(_) => self.rest(),
        }
    }

    /// Nobody trains, and nothing has failed.
    fn rest(&mut self) {
        if self.view.phase.is_active() {
            let has_trained = self.view.steps > self.steps_at_origin();
            self.entered(if has_trained { Phase::Paused } else { Phase::Idle });
        }
    }

    pub(super) fn adapter_known(&mut self, adapter: Adapter) {
        if self.adapter.is_some() {
            return;
        }
        self.adapter = Some(adapter);
        self.settle_engine();
        if let TrainerState::AwaitingAdapter(_) = self.trainer {
            self.spawn_trainer();
        }
    }

    pub(super) fn watch_adapter(&mut self) {
        if let TrainerState::AwaitingAdapter(waited_s) = &mut self.trainer {
            *waited_s += 1;
            if *waited_s >= ADAPTER_PATIENCE_S {
                self.adapter_known(Adapter::None);
            }
        }
    }

    /// Spawns the trainer, which begins with what is requested.
    pub(super) fn spawn_trainer(&mut self) {
        let Some(program) = self.program_needed() else { return };
        let id = self.new_worker();
        let role = self.role_requested();
        self.push(Effect::Spawn(id, program, role, self.view.run_settings.data));
        self.trainer = self.working(id, program, role);
        self.send_start();
        self.connect();
        self.send_watched();
        if let Some(request) = self.requested {
            self.send(request.command());
        }
    }

    /// A worker that trains the run.
    fn working(&self, id: WorkerId, program: Program, role: Role) -> TrainerState {
        let dataset = self.view.run_settings.data;
        TrainerState::Working(TrainerWorker { id, program, dataset, role, watchdog: Watchdog::default() })
    }

    /// Sends a command to the trainer, if there is one.
    pub(super) fn send(&mut self, command: TrainerCommand) {
        if let Some(worker) = self.trainer.worker() {
            self.push(Effect::Send(worker, command));
        }
    }

    /// Makes the run ready in the trainer, at the newest checkpoint.
    pub(super) fn send_start(&mut self) {
        if let Some(worker) = self.trainer.worker() {
            let command = self.start_command();
            self.push(Effect::Send(worker, command));
        }
    }

    fn start_command(&mut self) -> TrainerCommand {
        let (progress, history) = match self.newest_checkpoint() {
            Some(checkpoint) => (Some(checkpoint.progress.into()), checkpoint.history.into()),
            None => (None, Box::default()),
        };
        TrainerCommand::Start { run: self.run, settings: self.view.run_settings.clone(), progress, history }
    }

    pub(super) fn hidden(&mut self, is_hidden: bool) {
        self.is_hidden = is_hidden;
        if is_hidden {
            // The page may never be shown again.
            self.send(TrainerCommand::Checkpoint);
        }
        self.send_watched();
    }

    pub(super) fn send_watched(&mut self) {
        // Nothing is drawn on the way of a replay, which is faster without.
        let is_replaying = matches!(self.requested, Some(Requested::Replay(_)));
        self.send(TrainerCommand::Watched(!self.is_hidden && !is_replaying));
    }

    /// Makes this worker of the WebGPU engine the trainer, in place of the one before.
    pub(super) fn put_to_work(&mut self, id: WorkerId) {
        self.end_trainer();
        self.trainer = self.working(id, Program::WebGpu, self.role);
        self.speedometer = Speedometer::default();
        self.store_programs();
        self.connect();
        self.send_watched();
        self.send_start();
    }
}
