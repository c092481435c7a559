//! The engine benchmark: the WebGPU engine gets ready and is timed while the CPU engine trains, and the run goes over to
//! it if it is faster. The person's own choice of an engine stands above all this.

use super::{Controller, trainer::Requested};
use crate::{
    Effect, EngineInUse, HistoryChange, WorkerEvent, WorkerFailure, WorkerId,
    engine_benchmark::{Benchmark, BenchmarkResult},
    engine_selection::is_worth_a_try,
    numbers::{grouped, speed},
    plain_failure,
    watchdog::Watchdog,
};
use latent_core::engine::{Engine, Program};
use latent_protocol::{Phase, TrainerCommand, TrainerEvent};

/// The number of the run that the candidate is timed with: no run of the page has it.
const BENCHMARK_RUN: u32 = u32::MAX;

/// How far the comparison with the GPU is in this run.
#[derive(Debug)]
pub(super) enum CandidateState {
    /// It may be tried.
    NotTried,
    /// It was tried, or needs not be.
    Tried,
    /// It gets ready and is timed.
    Timing(Candidate),
    /// It is faster, and takes the run as soon as the trainer has paused and made its checkpoint.
    HandingOver(Candidate, BenchmarkResult),
}

/// The worker of the WebGPU engine while the CPU engine has the run.
#[derive(Debug)]
pub(super) struct Candidate {
    id: WorkerId,
    device: String,
    /// All images are there: it is timed at nothing but training.
    has_images: bool,
    benchmark: Benchmark,
    phase: Phase,
    watchdog: Watchdog,
}

impl CandidateState {
    pub(super) fn worker(&self) -> Option<WorkerId> {
        match self {
            Self::Timing(candidate) | Self::HandingOver(candidate, _) => Some(candidate.id),
            Self::NotTried | Self::Tried => None,
        }
    }

    pub(super) fn is_handing_over(&self) -> bool {
        matches!(self, Self::HandingOver(..))
    }

    /// The GPU is not to be tried in this run.
    pub(super) fn give_up(&mut self) {
        if self.worker().is_none() {
            *self = Self::Tried;
        }
    }

    fn candidate(&mut self) -> Option<&mut Candidate> {
        match self {
            Self::Timing(candidate) | Self::HandingOver(candidate, _) => Some(candidate),
            Self::NotTried | Self::Tried => None,
        }
    }
}

impl Controller {
    /// Has the WebGPU engine get ready, where that may be worth it: once a run, and not before all images are there,
    /// which the CPU engine is waiting for.
    pub(super) fn compare_engines(&mut self) {
        // Asked after every slice of training.
        let CandidateState::NotTried = self.candidate else { return };
        let choice = self.view.engine_choice;
        let is_worth_it = self.adapter.as_ref().is_some_and(|adapter| is_worth_a_try(choice, adapter));
        if self.engine() != Some(Engine::Cpu) || !is_worth_it || self.requested != Some(Requested::Train) {
            return;
        }
        match self.benchmarks.get(&self.benchmark_key(), self.now_ms) {
            Some(result) if !result.is_for_gpu() => {
                self.candidate = CandidateState::Tried;
                self.explain(slower(result));
            }
            known => self.spawn_candidate(Benchmark::known(known)),
        }
    }

    fn spawn_candidate(&mut self, benchmark: Benchmark) {
        let id = self.new_worker();
        self.push(Effect::Spawn(id, Program::WebGpu, self.role, self.view.run_settings.data));
        self.push(Effect::Send(
            id,
            TrainerCommand::Start {
                run: BENCHMARK_RUN,
                settings: self.view.run_settings.clone(),
                progress: None,
                history: Box::default(),
            },
        ));
        self.push(Effect::Send(id, TrainerCommand::Train));
        self.candidate = CandidateState::Timing(Candidate {
            id,
            device: String::new(),
            has_images: false,
            benchmark,
            phase: Phase::Loading,
            watchdog: Watchdog::default(),
        });
    }

    pub(super) fn hear_candidate(&mut self, event: WorkerEvent) {
        let Some(candidate) = self.candidate.candidate() else { return };
        match &event {
            WorkerEvent::Trainer(TrainerEvent::Trained { .. }) => candidate.watchdog.trained(),
            _ => candidate.watchdog.heard(),
        }
        match event {
            WorkerEvent::Loading(..) | WorkerEvent::Explorer(_) => {}
            WorkerEvent::Failed(WorkerFailure::NotSpawned(why)) => {
                // There is nothing to end.
                self.candidate = CandidateState::Tried;
                self.explain(format!("the GPU was tried, and failed: it could not be started ({why})"));
            }
            WorkerEvent::Failed(failure) => self.lose_candidate(match failure {
                WorkerFailure::OtherRelease => "it is of another release".into(),
                WorkerFailure::Missing(why) | WorkerFailure::NotHere(why) => why,
                WorkerFailure::Died(why) | WorkerFailure::NotSpawned(why) => plain_failure(&why),
            }),
            WorkerEvent::Trainer(event) => match event {
                TrainerEvent::Ready(device) => candidate.device = device,
                TrainerEvent::Downloaded(download) => candidate.has_images = download.is_complete(),
                TrainerEvent::Entered(_, phase) => candidate.phase = phase,
                TrainerEvent::Trained { steps_before, losses, .. } => {
                    self.candidate_trained(steps_before + losses.totals.len() as u64);
                }
                TrainerEvent::Lost(why) => self.lose_candidate(why),
                TrainerEvent::Wrong(what) => {
                    self.lose_candidate(format!("it computed a wrong result ({what})"))
                }
                TrainerEvent::Failed { message, .. } => self.lose_candidate(message),
                _ => {}
            },
        }
    }

    fn candidate_trained(&mut self, steps: u64) {
        // As long as the CPU engine waits for something, there is nothing to compare with.
        let (Some(cpu), CandidateState::Timing(candidate)) =
            (self.view.steps_per_second, &mut self.candidate)
        else {
            return;
        };
        if candidate.has_images
            && let Some(result) = candidate.benchmark.trained(self.now_ms, steps, cpu)
        {
            self.decide(result);
        }
    }

    fn decide(&mut self, result: BenchmarkResult) {
        self.benchmarks.insert(self.benchmark_key(), result, self.now_ms);
        self.push(Effect::RememberBenchmarks(self.benchmarks.to_text()));
        if !result.is_for_gpu() {
            self.explain(slower(result));
            return self.end_candidate(CandidateState::Tried);
        }
        if let CandidateState::Timing(candidate) =
            std::mem::replace(&mut self.candidate, CandidateState::Tried)
        {
            self.push(Effect::Send(candidate.id, TrainerCommand::Pause));
            self.candidate = CandidateState::HandingOver(candidate, result);
            // The trainer stops after the steps in flight, and makes a checkpoint of them.
            self.send(TrainerCommand::Pause);
        }
    }

    /// Lets the GPU go on, once all that the CPU engine has trained is in the checkpoint.
    pub(super) fn hand_over_if_ready(&mut self) {
        if !self.candidate.is_handing_over() || self.steps_at_checkpoint() != self.view.steps {
            return;
        }
        let Some(request) = self.requested else { return self.end_candidate_to_try_again() };
        let CandidateState::HandingOver(candidate, BenchmarkResult { gpu, cpu }) =
            std::mem::replace(&mut self.candidate, CandidateState::Tried)
        else {
            return;
        };
        let reason = format!(
            "took over at step {}: {} steps/s, the CPU engine {}",
            grouped(self.view.steps),
            speed(gpu),
            speed(cpu)
        );
        let device = candidate.device;
        self.view.engine = Some(EngineInUse { device, ..EngineInUse::new(Engine::WebGpu, reason) });
        self.push(Effect::History(HistoryChange::Interrupted));
        self.put_to_work(candidate.id);
        self.send(request.command());
    }

    /// The GPU can't have the run, and why, in part of a sentence.
    pub(super) fn lose_candidate(&mut self, why: String) {
        if self.candidate.worker().is_some() {
            self.explain(format!("the GPU was tried, and failed: {why}"));
            self.dismiss_candidate(CandidateState::Tried);
        }
    }

    /// Ends the candidate; the CPU engine goes on, even if it was to hand over.
    pub(super) fn dismiss_candidate(&mut self, next: CandidateState) {
        if self.candidate.worker().is_none() {
            return;
        }
        let goes_on = if self.candidate.is_handing_over() { self.requested } else { None };
        self.end_candidate(next);
        if let Some(request) = goes_on {
            self.send(request.command());
        }
    }

    /// Ends the candidate without a word: the comparison may begin anew.
    pub(super) fn end_candidate_to_try_again(&mut self) {
        if self.candidate.worker().is_some() {
            self.end_candidate(CandidateState::NotTried);
        }
    }

    pub(super) fn end_candidate(&mut self, next: CandidateState) {
        if let Some(worker) = self.candidate.worker() {
            self.push(Effect::End(worker));
        }
        self.candidate = next;
    }

    /// Ends a candidate that hangs, for example while it compiles.
    pub(super) fn watch_candidate(&mut self) {
        if let CandidateState::Timing(candidate) = &mut self.candidate
            && candidate.watchdog.is_hung(match candidate.phase {
                // It was asked to train.
                Phase::Idle => Phase::Loading,
                phase => phase,
            })
        {
            self.lose_candidate("it stopped responding".into());
        }
    }

    /// Says why the CPU engine has the run.
    fn explain(&mut self, reason: String) {
        if let Some(engine) = &mut self.view.engine {
            engine.reason = reason;
        }
    }
}

fn slower(BenchmarkResult { gpu, cpu }: BenchmarkResult) -> String {
    format!("the GPU is slower: {} steps/s, this one {}", speed(gpu), speed(cpu))
}
