//! A run begins, takes an engine, goes back to its checkpoint, and fails.

use super::{Controller, candidate::CandidateState, trainer::TrainerState};
use crate::{
    Effect, EngineInUse, HistoryChange,
    engine_benchmark::BenchmarkKey,
    engine_selection::{advice, choose, is_worth_a_try},
    numbers::grouped,
    recovery::Recovery,
};
use latent_core::{
    engine::{Engine, Program},
    settings::Settings,
    training::{
        checkpoint::Checkpoint,
        history::{History, Speedometer},
    },
};
use latent_protocol::{Download, Phase};

impl Controller {
    /// Begins a run: from its seed, or where a model from a file left off.
    pub(super) fn begin(&mut self, settings: Settings, origin: Option<Checkpoint>) {
        // Runs that were undone are earlier runs like others from now on.
        self.undone = 0;
        self.take_up(settings, origin);
    }

    /// Has a run take the place of the one under way.
    pub(super) fn take_up(&mut self, settings: Settings, origin: Option<Checkpoint>) {
        self.keep_run();
        if self.view.phase == Phase::Failed || self.trainer.worker().is_none() {
            // Whatever broke the engine, a new one is free of it; and nobody waits for the old run any more.
            self.end_trainer();
        }
        self.archive();
        self.view.linked.take_if(|linked| linked.is_open);
        self.forget_failure();
        self.forget_checkpoint();
        self.pins_next_checkpoint = false;
        self.view.replay = None;
        self.view.is_from_seed = origin.is_none();
        self.requested = None;
        self.recovery = Recovery::default();
        self.trainer.forget_silence();
        self.end_candidate(CandidateState::NotTried);
        self.run += 1;
        // One that was never trained leaves its number to the next.
        self.view.run = self.newest_number + 1;
        let history = origin.as_ref().map_or_else(History::default, |origin| origin.history.clone());
        self.view.phase = Phase::Idle;
        self.view.steps = origin.as_ref().map_or(0, |origin| origin.progress.steps);
        self.view.steps_per_second = None;
        self.view.loss = history.losses().last().copied();
        self.view.validation_loss = history.validation().last().map(|last| last.loss);
        self.speedometer = Speedometer::default();
        self.origin = origin;
        self.opened = None;
        (self.has_next_rate, self.entered_rates) = (false, None);
        self.view.settings = settings.clone();
        self.view.run_settings = settings;
        self.push(Effect::History(HistoryChange::Replaced(history.into())));
        self.forget_measures();
        self.forget_moments();
        self.settle_engine();
        self.send_start();
        self.open_fitting_explorer();
        self.show_before_training();
    }

    /// Keeps the run that ends for comparison, if it was trained at all, here or before its file was saved.
    fn archive(&mut self) {
        if self.view.steps > 0 || self.opened.is_some() {
            let mut settings = self.view.run_settings.clone();
            settings.learning_rates = settings.learning_rates.held(self.view.steps);
            self.push(Effect::ArchiveRun(self.view.run, settings, self.engine(), self.opened.clone()));
        }
    }

    /// Steps that the run began with.
    pub(super) fn steps_at_origin(&self) -> u64 {
        self.origin.as_ref().map_or(0, |origin| origin.progress.steps)
    }

    /// The engine in use.
    pub(super) fn engine(&self) -> Option<Engine> {
        self.view.engine.as_ref().map(|in_use| in_use.engine)
    }

    /// What the benchmark results of this run's settings hold for.
    pub(super) fn benchmark_key(&self) -> BenchmarkKey {
        BenchmarkKey::new(&self.view.run_settings, &self.role.name())
    }

    /// The program that the run's model needs on the engine in use.
    pub(super) fn program_needed(&self) -> Option<Program> {
        Some(Program::of(self.engine()?, &self.view.run_settings.model))
    }

    /// Whether the trainer's program can train the run's model, and has its data set.
    fn trainer_fits(&self) -> bool {
        self.trainer.dataset() == Some(self.view.run_settings.data)
            && self
                .trainer
                .program()
                .zip(self.program_needed())
                .is_some_and(|(has, needed)| has.can_replace(needed))
    }

    /// Takes the engine that fits the choice and the machine, and ends a trainer of another, of a program that cannot train the
    /// model, or with another data set.
    pub(super) fn settle_engine(&mut self) {
        let Some(adapter) = &self.adapter else { return };
        let choice = self.view.engine_choice;
        let (engine, reason) = choose(choice, adapter);
        // A GPU that has proved to be faster isn't given up to be tried again.
        let is_proven = is_worth_a_try(choice, adapter)
            && self.benchmarks.get(&self.benchmark_key(), self.now_ms).is_some_and(|it| it.is_for_gpu());
        let before = self.engine();
        let stays = before == Some(engine) || before == Some(Engine::WebGpu) && is_proven;
        if stays && self.trainer_fits() {
            return;
        }
        let advice = advice(adapter, &self.user_agent);
        self.view.engine = Some(EngineInUse { advice, ..EngineInUse::new(engine, reason.into()) });
        self.view.download = Download::default();
        self.view.engine_bytes = None;
        if self.trainer.worker().is_some() {
            self.let_trainer_leave();
        }
    }

    /// Ends the trainer's worker, if there is one.
    pub(super) fn end_trainer(&mut self) {
        if let Some(worker) = self.trainer.worker() {
            self.push(Effect::End(worker));
        }
        self.trainer = TrainerState::Absent;
    }

    /// Steps of the newest checkpoint, or of the run's beginning.
    pub(super) fn steps_at_checkpoint(&self) -> u64 {
        self.checkpoint.as_ref().map_or_else(|| self.steps_at_origin(), |checkpoint| checkpoint.steps)
    }

    /// Takes the run back to the newest checkpoint. Its learning rates stay as they are, so that the steps which are
    /// trained again have the losses that they had.
    pub(super) fn roll_back(&mut self) {
        let steps = self.steps_at_checkpoint();
        if self.view.steps == steps {
            return;
        }
        self.view.steps = steps;
        self.push(Effect::History(HistoryChange::CutTo(steps)));
        // The newest checkpoint has the losses that the history ends with.
        if let Some(Checkpoint { history, .. }) = self.newest_checkpoint() {
            self.view.loss = history.losses().last().copied();
            self.view.validation_loss = history.validation().last().map(|last| last.loss);
        } else {
            (self.view.loss, self.view.validation_loss) = (None, None);
        }
    }

    /// Stops with a sentence. What is not in the newest checkpoint is given up: it may be what is wrong.
    pub(super) fn fail(&mut self, message: String) {
        let before = self.view.steps;
        self.entered(Phase::Failed);
        self.roll_back();
        self.tell_failure(match self.view.steps {
            steps if steps == before => message,
            0 => format!("{message}. The model is back at its beginning."),
            steps => format!("{message}. The model is back at step {}.", grouped(steps)),
        });
    }

    /// Says what has failed, in place of what was said of the time before.
    pub(super) fn tell_failure(&mut self, sentence: String) {
        self.forget_failure();
        self.failure_notice = Some(sentence.clone());
        self.notify(sentence);
    }

    /// Takes back what was said of a failure that is over.
    pub(super) fn forget_failure(&mut self) {
        if let Some(before) = self.failure_notice.take() {
            self.view.notices.retain(|notice| *notice != before);
        }
    }
}
