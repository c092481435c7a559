//! What a replay of a run needs besides its settings: the learning rate by step, for runs whose rate was changed.

use crate::settings::Settings;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The learning rate of a run by step.
///
/// Its text form is the first rate, followed by each change as `rate@steps`: `0.0005,0.005@600` trains the first 600
/// steps with 0.0005 and all later ones with 0.005.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearningRates {
    first: f32,
    /// In ascending order of steps, each different from the rate before it.
    changes: Vec<RateChange>,
}

/// A change of the learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    /// Steps done when the rate changed: the next step is the first with it.
    pub steps: u64,
    /// The new rate.
    pub rate: f32,
}

/// A run as it can be replayed: its settings, and the learning rate of each of its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// The settings; `settings.learning_rate` is the rate that holds now.
    pub settings: Settings,
    /// The rate by step.
    pub learning_rates: LearningRates,
}

impl LearningRates {
    /// The same rate for every step.
    pub fn constant(rate: f32) -> Self {
        Self { first: rate, changes: Vec::new() }
    }

    /// The rate of the step that follows `steps` steps.
    pub fn after(&self, steps: u64) -> f32 {
        self.changes
            .iter()
            .rev()
            .find(|change| change.steps <= steps)
            .map_or(self.first, |change| change.rate)
    }

    /// The rate of the last steps.
    pub fn last(&self) -> f32 {
        self.changes.last().map_or(self.first, |change| change.rate)
    }

    /// The number of steps after which the rate changes next, if it does after `steps` steps.
    pub fn next_change(&self, steps: u64) -> Option<u64> {
        self.changes.iter().map(|change| change.steps).find(|&at| at > steps)
    }

    /// Notes that `rate` holds from the step after `steps` on. Changes that were noted for later steps are dropped.
    pub fn change(&mut self, steps: u64, rate: f32) {
        self.changes.retain(|change| change.steps < steps);
        if steps == 0 {
            self.first = rate;
        } else if self.last() != rate {
            self.changes.push(RateChange { steps, rate });
        }
    }

    /// The rates of the first `steps` steps: what remains when a run goes back to a checkpoint.
    pub fn until(&self, steps: u64) -> Self {
        let changes = self.changes.iter().copied().filter(|change| change.steps < steps).collect();
        Self { first: self.first, changes }
    }

    /// The changes, the earliest first.
    pub fn changes(&self) -> &[RateChange] {
        &self.changes
    }

    /// Reads the text form. `rate` reads and checks one rate. `None` if a rate is refused or the steps do not ascend.
    pub fn parse(text: &str, rate: impl Fn(&str) -> Option<f32>) -> Option<Self> {
        let mut parts = text.split(',');
        let mut rates = Self::constant(rate(parts.next()?.trim())?);
        for part in parts {
            let (value, steps) = part.trim().split_once('@')?;
            let (value, steps) = (rate(value)?, steps.parse().ok().filter(|&steps| steps > 0)?);
            if rates.changes.last().is_some_and(|change| change.steps >= steps) {
                return None;
            }
            rates.change(steps, value);
        }
        Some(rates)
    }
}

impl fmt::Display for LearningRates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        self.changes.iter().try_for_each(|RateChange { steps, rate }| write!(f, ",{rate}@{steps}"))
    }
}

impl RunRecord {
    /// The record of a run that has one learning rate so far.
    pub fn new(settings: Settings) -> Self {
        let learning_rates = LearningRates::constant(settings.learning_rate);
        Self { settings, learning_rates }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Option<LearningRates> {
        LearningRates::parse(text, |rate| rate.parse().ok().filter(|&rate| rate > 0.0))
    }

    #[test]
    fn each_rate_holds_from_its_step_on() {
        let mut rates = LearningRates::constant(0.5);
        rates.change(600, 0.25);
        rates.change(700, 0.125);
        assert_eq!([0, 599, 600, 699, 700].map(|steps| rates.after(steps)), [0.5, 0.5, 0.25, 0.25, 0.125]);
        assert_eq!([0, 600, 700].map(|steps| rates.next_change(steps)), [Some(600), Some(700), None]);
        assert_eq!(rates.to_string(), "0.5,0.25@600,0.125@700");
        assert_eq!(rates.until(700).to_string(), "0.5,0.25@600");
    }

    #[test]
    fn a_rate_that_was_set_before_the_first_step_or_has_trained_nothing_leaves_no_trace() {
        let mut rates = LearningRates::constant(0.5);
        rates.change(0, 0.25);
        rates.change(20, 0.125);
        rates.change(20, 0.0625);
        assert_eq!(rates.to_string(), "0.25,0.0625@20");
        rates.change(20, 0.25);
        assert_eq!(rates, LearningRates::constant(0.25));
    }

    #[test]
    fn a_text_that_is_no_schedule_is_refused() {
        for text in ["", "x", "0", "0.5,0.25", "0.5,0.25@0", "0.5,0.25@9,0.1@9", "0.5,0.25@9,0.1@3", "0.5,@9"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_schedule_reads_back_what_it_writes(changes in proptest::collection::vec((0u64..50, 1u32..9), 0..8)) {
            let mut rates = LearningRates::constant(1.0);
            for (steps, rate) in changes {
                rates.change(steps, rate as f32 / 8.0);
            }
            prop_assert_eq!(parse(&rates.to_string()), Some(rates));
        }
    }
}
