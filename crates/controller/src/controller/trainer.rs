//! Who trains the run: requests to the trainer, and what it reports.

use super::{Controller, candidate::CandidateState, releases::Diagnosis, revival::Fault};
use crate::{
    Effect, HistoryChange, WorkerEvent, WorkerFailure, WorkerId, engine_selection::Adapter, plain_failure,
    watchdog::Watchdog,
};
use latent_core::{
    data::DatasetId,
    engine::Program,
    training::{StepLosses, history::Speedometer},
};
use latent_protocol::{Download, Phase, Role, TrainerCommand, TrainerEvent};

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

    /// Ends a trainer that has another number of workers than the request needs, where nothing is lost: the next one goes on from the
    /// newest checkpoint.
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

    pub(super) fn hear_trainer(&mut self, worker: WorkerId, event: WorkerEvent) {
        match event {
            WorkerEvent::Loading(bytes, of_bytes) => {
                self.note_life(Watchdog::heard);
                self.view.engine_bytes = Some((bytes, of_bytes));
            }
            WorkerEvent::Trainer(event) => self.hear_trainer_event(event),
            WorkerEvent::Explorer(_) => {}
            WorkerEvent::Failed(WorkerFailure::NotSpawned(why)) => {
                self.trainer = TrainerState::Absent;
                self.fail(format!("The engine could not be started: {why}."));
            }
            WorkerEvent::Failed(WorkerFailure::NotHere(sentence)) => {
                self.end_trainer();
                self.fail(sentence);
            }
            WorkerEvent::Failed(WorkerFailure::Died(why)) => {
                self.revive(Fault::Died(plain_failure(&why)));
            }
            WorkerEvent::Failed(failure) => {
                self.end_trainer();
                self.trainer = TrainerState::Diagnosing(Diagnosis::of(worker));
                self.diagnose(worker, failure);
            }
        }
    }

    fn note_life(&mut self, note: impl FnOnce(&mut Watchdog)) {
        if let TrainerState::Working(worker) = &mut self.trainer {
            note(&mut worker.watchdog);
        }
    }

    fn hear_trainer_event(&mut self, event: TrainerEvent) {
        self.note_life(|watchdog| match event {
            TrainerEvent::Trained { .. } => watchdog.trained(),
            _ => watchdog.heard(),
        });
        let current = self.run;
        match event {
            TrainerEvent::Ready(device) => {
                self.view.engine_bytes = None;
                if let Some(engine) = &mut self.view.engine {
                    engine.device = device;
                }
            }
            TrainerEvent::Workers(workers) => {
                if let Some(engine) = &mut self.view.engine {
                    engine.workers = workers;
                }
            }
            TrainerEvent::Downloaded(download) => self.downloaded(download),
            TrainerEvent::Entered(run, phase) if run == current => self.trainer_entered(phase),
            TrainerEvent::Trained { run, steps_before, losses, learning_rate } if run == current => {
                self.trained(steps_before, losses, learning_rate);
            }
            TrainerEvent::Validated { run, loss, parts, .. } if run == current => {
                self.view.validation_loss = Some(loss);
                self.push(Effect::History(HistoryChange::Validated(loss, parts)));
                // The time that validation took is none of the training's.
                self.resume_speedometer();
            }
            // Its weights went to the explorer. The network is free for what the pretrained plane can do without.
            TrainerEvent::Snapshot { run, steps } if run == current && steps > 0 => self.fetch_rest(),
            TrainerEvent::Saved { run, file } if run == current => self.push(Effect::OfferModel(file.into())),
            TrainerEvent::Checkpoint { run, steps, file } if run == current => {
                self.checkpoint_made(steps, file)
            }
            TrainerEvent::Checkpoint { run, file, .. } => self.earlier_checkpoint(run, file),
            TrainerEvent::NoCheckpoint { run, why } if run == current => {
                // What can't be saved can't be handed over either.
                self.lose_candidate(why.clone());
                self.candidate.give_up();
                self.notify(format!("This run can't be kept in a file: {why}."));
            }
            TrainerEvent::Lost(why) => self.revive(Fault::Died(why)),
            TrainerEvent::Wrong(what) => self.revive(Fault::Wrong(what)),
            // It failed before a run began there. It may still begin one, of which another try would know nothing.
            TrainerEvent::Failed { run: 0, message } => {
                self.end_trainer();
                self.fail(message);
            }
            TrainerEvent::Failed { run, message } if run == current => self.fail(message),
            _ => {}
        }
    }

    fn downloaded(&mut self, download: Download) {
        self.view.download = download;
        if download.is_complete() {
            self.store_programs();
            if let Some(Requested::Replay(_)) = self.requested {
                // A replay makes no snapshots. The images are to be there when it ends.
                self.fetch_rest();
            }
        }
    }

    /// The trainer says what it does. That may answer an earlier command than the last one.
    fn trainer_entered(&mut self, phase: Phase) {
        match (phase, self.requested) {
            // It is about to do what is requested: every run begins idle.
            (Phase::Idle, Some(_)) => {}
            (Phase::Paused, _) if self.candidate.is_handing_over() => self.hand_over_if_ready(),
            // The answer to an earlier `Pause` or `Adjust`: the request was sent after it.
            (Phase::Paused, Some(Requested::Train | Requested::Step { is_trained: false })) => {}
            (Phase::Paused, Some(Requested::Replay(steps))) if self.view.steps < steps => {}
            // Settings changed after the end, and no epoch was added.
            (Phase::Paused, None) if self.view.phase == Phase::Finished && self.view.is_over() => {}
            // `TrainerEvent::Failed` came before, and the person may have asked for another try since.
            (Phase::Failed, _) => {}
            (Phase::Finished, Some(Requested::Train)) if !self.view.is_over() => {
                // Epochs were added while the last one ended.
                self.send(TrainerCommand::Train);
            }
            (phase, _) => self.entered(phase),
        }
    }

    pub(super) fn entered(&mut self, phase: Phase) {
        self.view.phase = phase;
        if !phase.is_active() {
            self.end_candidate_to_try_again();
            if let Some(Requested::Replay(_)) = self.requested {
                self.requested = None;
                self.send_watched();
            }
        }
        if !phase.is_active() && phase != Phase::Idle {
            self.requested = None;
            // No first weights may ever come: the network is free for the rest.
            self.fetch_rest();
        }
        if phase == Phase::Training {
            self.resume_speedometer();
        } else {
            self.stop_speedometer();
        }
    }

    pub(super) fn stop_speedometer(&mut self) {
        self.speedometer.stop();
        self.view.steps_per_second = None;
    }

    fn resume_speedometer(&mut self) {
        self.speedometer.skip_to(self.now_ms);
        self.speedometer.note(self.now_ms, self.view.steps);
    }

    fn trained(&mut self, steps_before: u64, losses: StepLosses, learning_rate: f32) {
        self.view.steps = steps_before + losses.totals.len() as u64;
        self.view.run_settings.learning_rates.record(steps_before..self.view.steps, learning_rate);
        if !self.has_next_rate {
            self.view.settings.learning_rates.record(steps_before..self.view.steps, learning_rate);
        }
        self.view.loss = losses.totals.last().copied();
        self.push(Effect::History(HistoryChange::Trained(losses)));
        if let Some(Requested::Step { is_trained }) = &mut self.requested {
            *is_trained = true;
        }
        self.recovery.worked(self.now_ms);
        self.speedometer.note(self.now_ms, self.view.steps);
        self.view.steps_per_second = self.speedometer.steps_per_second();
        // A replay lands on the same bits only on the engine of the run.
        let is_replaying = matches!(self.requested, Some(Requested::Replay(_)));
        if self.view.download.is_complete() && !is_replaying {
            self.compare_engines();
        }
    }

    /// Has the programs of trainer and explorer stored for use without a network.
    fn store_programs(&mut self) {
        let programs = [self.trainer.program(), self.explorer.program()];
        for program in programs.into_iter().flatten() {
            self.push(Effect::StoreProgram(program, self.view.run_settings.data));
        }
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
