//! The learning rate of a run by step.

mod limits;
mod text;

pub use limits::{LearningRatesError, MOST_CHANGES};

use super::{Field, SettingError, Settings};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The learning rate of a run by step: the rate that it begins with, and its changes.
///
/// The text form is the first rate, followed by each change as `rate@steps`: `0.0005,0.005@600` trains the first 600
/// steps with 0.0005 and all later ones with 0.005. A run whose rate never changes has a single number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearningRates {
    first: f32,
    /// In ascending order of steps.
    changes: Vec<RateChange>,
}

/// A change of the learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    /// Steps done when the rate changes: the next step is the first with it. At least 1.
    pub steps: u64,
    /// The new rate.
    pub rate: f32,
}

impl From<f32> for LearningRates {
    /// The same rate for every step.
    fn from(rate: f32) -> Self {
        Self { first: rate, changes: Vec::new() }
    }
}

impl LearningRates {
    /// The rate of the step that follows `steps` steps.
    pub fn after(&self, steps: u64) -> f32 {
        let change = self.changes.iter().rev().find(|change| change.steps <= steps);
        change.map_or(self.first, |change| change.rate)
    }

    /// The changes, the earliest first.
    pub fn changes(&self) -> &[RateChange] {
        &self.changes
    }

    /// The next change after `steps` steps, if there is one.
    pub fn next_change(&self, steps: u64) -> Option<RateChange> {
        self.changes.iter().copied().find(|change| change.steps > steps)
    }

    /// The rates that held in the first `steps` steps: without the changes that no step was trained with.
    pub fn held(&self, steps: u64) -> Self {
        let mut rates = self.clone();
        rates.changes.retain(|change| change.steps < steps);
        rates
    }

    /// The rates of a run that has done `steps` steps with these, and goes on with `others`.
    pub fn followed_by(&self, steps: u64, others: &Self) -> Self {
        let mut rates = self.clone();
        rates.change(steps, others.after(steps));
        rates.changes.extend(others.changes.iter().filter(|change| change.steps > steps));
        rates
    }

    /// Records that the steps after the first `steps.start`, up to the `steps.end`-th, were trained with `rate`. Later
    /// steps keep their rates.
    pub fn record(&mut self, steps: Range<u64>, rate: f32) {
        let is_known = self.after(steps.start) == rate
            && self.next_change(steps.start).is_none_or(|next| next.steps >= steps.end);
        if !is_known {
            let planned = self.clone();
            self.change(steps.start, rate);
            *self = self.followed_by(steps.end, &planned);
        }
    }

    /// Has `rate` hold from the step after `steps` on.
    fn change(&mut self, steps: u64, rate: f32) {
        self.changes.retain(|change| change.steps < steps);
        if steps == 0 {
            self.first = rate;
        } else if self.after(steps) != rate {
            self.changes.push(RateChange { steps, rate });
        }
    }
}

impl Settings {
    /// Reads a field from text for a run that has done so many steps. The steps that were trained keep their learning
    /// rates: a rate holds from the next step on. On an error the settings are unchanged.
    pub fn adjust(&mut self, steps: u64, field: Field, text: &str) -> Result<(), SettingError> {
        let mut settings = self.clone();
        settings.set(field, text)?;
        if field == Field::LearningRate {
            settings.learning_rates = self.learning_rates.followed_by(steps, &settings.learning_rates);
            settings.learning_rates.check()?;
        }
        *self = settings;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
