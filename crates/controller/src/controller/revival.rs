//! A trainer that dies or hangs: the run goes on from the newest checkpoint, in another worker.

use super::{
    Controller,
    candidate::CandidateState,
    trainer::{Requested, TrainerState},
};
use crate::{Effect, EngineInUse, HistoryChange, numbers::grouped, recovery::Remedy};
use latent_core::engine::{Engine, EngineChoice};
use latent_protocol::{Download, Phase};

/// Why a trainer is given up. Reasons are parts of sentences.
pub(super) enum Fault {
    /// It died or hangs.
    Died(String),
    /// Its GPU computes wrongly; what it computed.
    Wrong(String),
}

impl Controller {
    /// Gives up a trainer that is silent while it should be at work.
    pub(super) fn watch_trainer(&mut self) {
        let phase = match self.requested {
            // It owes a first report.
            Some(_) if !self.view.phase.is_active() => Phase::Loading,
            _ => self.view.phase,
        };
        if let TrainerState::Working(worker) = &mut self.trainer
            && worker.watchdog.is_hung(phase)
        {
            self.revive(Fault::Died("it stopped responding".into()));
        }
    }

    /// Ends the trainer, which is of no use any more: another one goes on from the newest checkpoint.
    pub(super) fn revive(&mut self, fault: Fault) {
        let Some(engine) = self.engine() else { return };
        self.end_trainer();
        self.end_candidate_to_try_again();
        self.view.download = Download::default();
        self.view.engine_bytes = None;
        self.roll_back();
        let failure = match &fault {
            Fault::Died(why) => format!("{} stopped: {why}", name(engine)),
            Fault::Wrong(what) => format!("The GPU computed a wrong result ({what})"),
        };
        if let Fault::Wrong(_) = fault {
            // As if the person had chosen so: the GPU is tried again when they choose it.
            self.view.engine_choice = EngineChoice::Cpu;
            self.take_cpu(failure.clone());
        }
        let place = match self.view.steps {
            0 => "the beginning of the run".into(),
            steps => format!("step {}", grouped(steps)),
        };
        if self.requested.is_none() {
            // It died at rest, or before it heeded a pause. The next request spawns another.
            if self.view.phase.is_active() {
                self.entered(Phase::Paused);
            }
            return self.tell_failure(format!("{failure}. The run is kept at {place}."));
        }
        self.push(Effect::History(HistoryChange::Interrupted));
        match self.go_on_after(&fault, engine, &failure, &place) {
            Ok(told) => {
                self.tell_failure(told);
                self.entered(Phase::Loading);
                self.spawn_trainer();
            }
            Err(told) => {
                self.entered(Phase::Paused);
                self.tell_failure(told);
            }
        }
    }

    /// Decides who goes on after a trainer's end, and what is said of it. An error: nobody does by itself.
    fn go_on_after(
        &mut self,
        fault: &Fault,
        engine: Engine,
        failure: &str,
        place: &str,
    ) -> Result<String, String> {
        if let Some(Requested::Step { is_trained }) = &mut self.requested {
            // The step that was asked for may be lost: the next worker trains it.
            *is_trained = false;
        }
        let Fault::Died(why) = fault else {
            return Ok(format!("{failure}: the CPU engine goes on from {place}."));
        };
        let name = name(engine);
        match self.recovery.died(engine) {
            Remedy::Again => Ok(format!("{failure}. Another one goes on from {place}.")),
            Remedy::OnCpu => {
                self.take_cpu(format!("The WebGPU engine stopped three times in a row: {why}"));
                // It is known what would come of it.
                self.candidate = CandidateState::Tried;
                Ok(format!(
                    "{name} stopped three times in a row: {why}. The CPU engine goes on from {place}."
                ))
            }
            Remedy::GiveUp => Err(format!(
                "{name} stopped three times in a row: {why}. The run is kept at {place}: Train tries again."
            )),
        }
    }

    /// Takes the CPU engine in place of the GPU's, and says why.
    fn take_cpu(&mut self, reason: String) {
        self.view.engine = Some(EngineInUse::new(Engine::Cpu, reason));
    }
}

fn name(engine: Engine) -> String {
    format!("The {} engine", engine.title())
}
