//! The steps of a run, whoever trains them.

use super::{options::Options, plan::Plan, rank_request::RankRequest, saves::Saves};
use crate::{
    Failure,
    device::{Device, Job},
    files::tell,
    interrupt::Interrupt,
    report::Report,
};
use latent_core::training::{
    StepLosses, Trainer, TrainerError,
    checkpoint::Checkpoint,
    history::History,
    run::{LONG_SLICE, Run, Slice},
};
use std::time::Instant;

/// Trains by this process alone.
pub(super) fn alone(options: &Options, plan: Plan, interrupt: &Interrupt) -> Result<(), Failure> {
    let mut report = plan.report(options.audience(), interrupt);
    let training = Training::new(options, &plan, true, &mut report, interrupt);
    let result = match options.device {
        Device::Cpu => pollster::block_on(training.on_cpu(options)),
        device => device.run(training),
    };
    report.clear();
    plan.finish(options, report, &result?, interrupt)
}

/// A run under way.
pub(super) struct Training<'a> {
    plan: &'a Plan,
    /// Whether this rank writes the model: ranks in one process have the same file.
    writes: bool,
    history: History,
    report: &'a mut Report,
    /// Ends the run after the steps under way.
    interrupt: &'a Interrupt,
    saves: Saves,
}

impl Job for Training<'_> {
    type Output = Checkpoint;

    async fn on<T: Trainer>(self, context: &T::Context) -> Result<Checkpoint, Failure> {
        let Checkpoint { settings, progress, .. } = &self.plan.checkpoint;
        let run = Run::<T>::new(context, settings.clone(), progress).await?;
        self.advance(run, agree_alone).await
    }
}

/// What a process does that trains alone.
async fn agree_alone<T>(_: &mut T, request: RankRequest) -> Result<RankRequest, TrainerError> {
    Ok(request)
}

impl<'a> Training<'a> {
    /// The plan's run, at its beginning.
    pub(super) fn new(
        options: &Options,
        plan: &'a Plan,
        writes: bool,
        report: &'a mut Report,
        interrupt: &'a Interrupt,
    ) -> Self {
        let saves = Saves::every(options.save_every);
        Self { plan, writes, history: plan.checkpoint.history.clone(), report, interrupt, saves }
    }

    async fn on_cpu(self, options: &Options) -> Result<Checkpoint, Failure> {
        let Checkpoint { settings, progress, .. } = &self.plan.checkpoint;
        let trainer = options.cpu.trainer(&settings.model, progress)?;
        let run = Run::with_trainer(settings.clone(), progress, trainer)?;
        self.advance(run, agree_alone).await
    }

    /// Trains to the end, and gives the model as it is then. Between slices all ranks `agree` on what they do next.
    pub(super) async fn advance<T: Trainer>(
        mut self,
        mut run: Run<T>,
        mut agree: impl AsyncFnMut(&mut T, RankRequest) -> Result<RankRequest, TrainerError>,
    ) -> Result<Checkpoint, Failure> {
        run.trainer().set_noise(self.plan.noise.clone());
        let steps = self.plan.steps;
        // An epoch that ends with the last step is still validated.
        while run.steps() < steps || run.validation_is_due() {
            let request = self.request(&run);
            let RankRequest { stop, save, steps: next } = agree(run.trainer(), request).await?;
            if stop {
                break;
            }
            if save {
                self.save(&mut run).await?;
            }
            if run.validation_is_due() {
                self.slice(&mut run, 0).await?;
                continue;
            }
            let until = run.steps().saturating_add(next).min(steps);
            while run.steps() < until && !run.validation_is_due() {
                let most = usize::try_from(until - run.steps()).unwrap_or(usize::MAX);
                self.slice(&mut run, most).await?;
            }
        }
        self.checkpoint(&mut run).await
    }

    fn request<T: Trainer>(&mut self, run: &Run<T>) -> RankRequest {
        // A run that can tell nothing is of use only if its model is kept.
        let stop = self.interrupt.is_asked() || self.report.has_failed() && !self.plan.is_kept();
        RankRequest { stop, save: self.saves.are_due(), steps: run.steps_per_slice() as u64 }
    }

    async fn slice<T: Trainer>(&mut self, run: &mut Run<T>, most: usize) -> Result<(), Failure> {
        let began = Instant::now();
        match run.advance(&self.plan.data, most, LONG_SLICE).await? {
            Some(Slice::Trained { steps_before, losses }) => {
                self.history.trained(StepLosses::of(&losses));
                self.report.trained(steps_before, &losses, began.elapsed().as_secs_f64());
            }
            Some(Slice::Validated { epochs, losses }) => {
                if self.history.validated(losses.kept_total(), losses.parts()) {
                    self.report.validated(epochs, &self.history, &losses);
                }
            }
            // All images are loaded, so the run never waits.
            Some(Slice::Validating | Slice::Finished) | None => {}
        }
        Ok(())
    }

    async fn checkpoint<T: Trainer>(&self, run: &mut Run<T>) -> Result<Checkpoint, Failure> {
        let progress = run.trainer().progress().await?;
        Ok(Checkpoint {
            settings: self.plan.checkpoint.settings.clone(),
            progress,
            history: self.history.clone(),
        })
    }

    /// Saves the model on the way. A failure is told, and the run goes on: the next attempt may succeed.
    async fn save<T: Trainer>(&mut self, run: &mut Run<T>) -> Result<(), Failure> {
        let checkpoint = self.checkpoint(run).await?;
        let saved = if self.writes { self.plan.save(&checkpoint) } else { Ok(()) };
        if let Err(failure) = saved {
            tell(failure);
        }
        self.saves.note();
        Ok(())
    }
}
