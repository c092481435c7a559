//! What the trainer reports.

use super::{
    Controller,
    releases::Diagnosis,
    revival::Fault,
    trainer::{Requested, TrainerState},
};
use crate::{Effect, HistoryChange, WorkerEvent, WorkerFailure, WorkerId, plain_failure, watchdog::Watchdog};
use latent_core::training::StepLosses;
use latent_protocol::{Download, Phase, TrainerCommand, TrainerEvent};

impl Controller {
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
                self.checkpoint_made(steps, file.into())
            }
            TrainerEvent::Checkpoint { run, file, .. } => self.earlier_checkpoint(run, file),
            TrainerEvent::NoCheckpoint { run, why } if run == current => {
                // What can't be saved can be neither pinned nor handed over.
                self.pins_next_checkpoint = false;
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
    pub(super) fn store_programs(&mut self) {
        let programs = [self.trainer.program(), self.explorer.program()];
        for program in programs.into_iter().flatten() {
            self.push(Effect::StoreProgram(program, self.view.run_settings.data));
        }
    }
}
