//! The step loop: it decides which images are trained next, when an epoch ends, and when to validate. It is cut into
//! slices, so that its driver (a worker, the command line) can receive commands in between.

mod slice;
mod validation;

pub use slice::{LONG_SLICE, SHORT_SLICE, Slice};

use self::{slice::suited, validation::Validation};
use super::{Progress, Trainer, TrainerError, order::epoch_order};
use crate::{
    data::Images,
    noise::Noise,
    settings::{LearningRates, SettingError, Settings},
};
use std::ops::Range;
use thiserror::Error;
use web_time::{Duration, Instant};

/// How many times its first loss a run's loss may be before the run has diverged. A diverged network may train on with
/// finite numbers for hours, and would take the place of the last good checkpoint.
const MOST_GROWTH: f64 = 1e6;

/// Why a run cannot go on.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum RunError {
    /// The engine failed.
    #[error(transparent)]
    Trainer(#[from] TrainerError),
    /// The loss is infinite, not a number, or has grown a million times since the run began.
    #[error("the loss has grown beyond all bounds at step {0}: try a smaller learning rate")]
    Diverged(u64),
}

/// A run under way: the settings, the network in training, and how far it is.
pub struct Run<T> {
    settings: Settings,
    trainer: T,
    steps: u64,
    /// The loss of the first step that was trained here.
    first_loss: Option<f64>,
    epochs_validated: u32,
    validation: Validation,
    order: Vec<u32>,
    order_of_epoch: Option<u32>,
    steps_per_slice: usize,
}

/// The images that a run trains and validates on, as far as they have arrived.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// Training images.
    pub training: Images,
    /// Test images.
    pub test: Images,
    /// Test images that there will be.
    pub test_images: usize,
}

/// Whether the settings are within their limits and the progress fits their model.
fn check(settings: &Settings, progress: &Progress) -> Result<(), TrainerError> {
    settings.check()?;
    for weights in [&progress.weights, &progress.first_moment, &progress.second_moment] {
        weights.check(&settings.model)?;
    }
    Ok(())
}

impl<T: Trainer> Run<T> {
    /// A run that starts at, or goes on from, `progress`.
    pub async fn new(
        context: &T::Context,
        settings: Settings,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        check(&settings, progress)?;
        let trainer = T::new(context, &settings.model, progress).await?;
        Self::with_trainer(settings, progress, trainer)
    }

    /// A run on a trainer that was made from the same settings and progress.
    pub fn with_trainer(
        settings: Settings,
        progress: &Progress,
        mut trainer: T,
    ) -> Result<Self, TrainerError> {
        check(&settings, progress)?;
        trainer.set_noise(Noise::seeded(settings.seed));
        // An epoch that has just ended may have been saved before it was validated: it is validated again.
        let epochs_validated = (progress.steps.saturating_sub(1) / settings.steps_per_epoch() as u64) as u32;
        Ok(Self {
            settings,
            trainer,
            steps: progress.steps,
            first_loss: None,
            epochs_validated,
            validation: Validation::default(),
            order: Vec::new(),
            order_of_epoch: None,
            steps_per_slice: 1,
        })
    }

    /// What the run is, as it is now.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Steps done.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// How many steps the next slice has at most.
    pub fn steps_per_slice(&self) -> usize {
        self.steps_per_slice
    }

    /// The network in training.
    pub fn trainer(&mut self) -> &mut T {
        &mut self.trainer
    }

    /// Changes the settings that can change while training: these learning rates hold from the next step on. Values out
    /// of their limits are refused.
    pub fn adjust(&mut self, learning_rates: &LearningRates, epochs: u32) -> Result<(), SettingError> {
        let learning_rates = self.settings.learning_rates.followed_by(self.steps, learning_rates);
        let settings = Settings { learning_rates, epochs, ..self.settings.clone() };
        settings.check()?;
        self.settings = settings;
        Ok(())
    }

    /// Does the next slice of work: at most `most_steps` steps that should take about `time`, or a part of a validation
    /// that is due. `None` when the images for it aren't there yet ([`Run::is_waiting`] tells beforehand).
    pub async fn advance(
        &mut self,
        data: &Dataset,
        most_steps: usize,
        time: Duration,
    ) -> Result<Option<Slice>, RunError> {
        if self.is_waiting(data) {
            return Ok(None);
        }
        let slice = if self.validation_is_due() {
            self.validate(data).await?
        } else if self.is_finished() {
            Slice::Finished
        } else {
            self.train(data, most_steps, time).await?
        };
        Ok(Some(slice))
    }

    /// Whether the images for the next slice are still to come.
    pub fn is_waiting(&mut self, data: &Dataset) -> bool {
        if self.validation_is_due() {
            self.validation.is_waiting(data)
        } else {
            !self.is_finished() && self.next_batches(data, 1).is_empty()
        }
    }

    fn is_finished(&self) -> bool {
        self.epochs_done() >= self.settings.epochs
    }

    /// Whether an epoch is done and not yet validated.
    pub fn validation_is_due(&self) -> bool {
        self.epochs_done() > self.epochs_validated
    }

    fn epochs_done(&self) -> u32 {
        (self.steps / self.settings.steps_per_epoch() as u64) as u32
    }

    /// Where in the order the next batches lie whose images are all there: at most so many, all of this epoch.
    fn next_batches(&mut self, data: &Dataset, most: usize) -> Vec<Range<usize>> {
        let epoch = self.epochs_done();
        if self.order_of_epoch != Some(epoch) {
            self.order = epoch_order(&self.settings, epoch);
            self.order_of_epoch = Some(epoch);
        }
        let position = (self.steps % self.settings.steps_per_epoch() as u64) as usize;
        let (size, end) = (self.settings.batch, self.order.len());
        let is_there = |&image: &u32| (image as usize) < data.training.len();
        (position..self.settings.steps_per_epoch())
            .take(most)
            .map(|batch| batch * size..((batch + 1) * size).min(end))
            .take_while(|batch| self.order[batch.clone()].iter().all(is_there))
            .collect()
    }

    async fn train(&mut self, data: &Dataset, most_steps: usize, time: Duration) -> Result<Slice, RunError> {
        let (rates, steps_before) = (&self.settings.learning_rates, self.steps);
        let rate = rates.after(steps_before);
        // All steps of a slice have one learning rate.
        let most_steps = match rates.next_change(steps_before) {
            Some(change) => {
                most_steps.min(usize::try_from(change.steps - steps_before).unwrap_or(usize::MAX))
            }
            None => most_steps,
        };
        let batches = self.next_batches(data, self.steps_per_slice.min(most_steps));
        let batches: Vec<_> = batches.into_iter().map(|batch| &self.order[batch]).collect();
        let began = Instant::now();
        let losses = self.trainer.train(&data.training, &batches, rate).await?;
        self.steps_per_slice = suited(batches.len(), began.elapsed(), time);
        self.steps += losses.len() as u64;
        match losses.iter().position(|losses| self.has_exploded(losses.total)) {
            Some(at) => Err(RunError::Diverged(steps_before + at as u64 + 1)),
            None => Ok(Slice::Trained { steps_before, losses }),
        }
    }

    /// Whether a loss is infinite or not a number, also as the 32 bits in which it is kept, or far beyond the first one.
    fn has_exploded(&mut self, loss: f64) -> bool {
        let first = *self.first_loss.get_or_insert(loss);
        !(loss as f32).is_finite() || (first > 0.0 && loss > MOST_GROWTH * first)
    }

    async fn validate(&mut self, data: &Dataset) -> Result<Slice, RunError> {
        let Some(losses) = self.validation.advance(&mut self.trainer, data).await? else {
            return Ok(Slice::Validating);
        };
        self.epochs_validated += 1;
        Ok(Slice::Validated { epochs: self.epochs_validated, losses })
    }
}

#[cfg(test)]
mod tests;
