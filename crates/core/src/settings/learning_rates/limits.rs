//! The limits of a learning rate that changes.

use super::{LearningRates, RateChange};
use crate::settings::{Field, LEARNING_RATE, MOST_STEPS, SettingError, limits::within};
use thiserror::Error;

/// Changes of the learning rate in a run, at most. A link of so many changes is half as long as a link may be.
pub const MOST_CHANGES: usize = 100;

/// Why the changes of a learning rate are refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum LearningRatesError {
    /// More than [`MOST_CHANGES`].
    #[error("lr: a run can change its learning rate at most {MOST_CHANGES} times")]
    TooMany,
    /// A change before the first step, or after the last step that any run has.
    #[error("lr: the learning rate can change after 1 to {MOST_STEPS} steps, and not after {0}")]
    Steps(u64),
    /// A change that does not follow the one before it.
    #[error("lr: a change after {after} steps can't follow one after {before} steps")]
    Order {
        /// The steps of the change before.
        before: u64,
        /// The steps of the change.
        after: u64,
    },
}

impl LearningRates {
    /// Whether every rate is within its limits, and so are the steps of the changes, which ascend.
    pub fn check(&self) -> Result<(), SettingError> {
        within(Field::LearningRate, &self.first, &LEARNING_RATE)?;
        if self.changes.len() > MOST_CHANGES {
            return Err(LearningRatesError::TooMany.into());
        }
        let mut before = 0;
        for &RateChange { steps, rate } in &self.changes {
            within(Field::LearningRate, &rate, &LEARNING_RATE)?;
            check_steps(before, steps)?;
            before = steps;
        }
        Ok(())
    }
}

/// Whether a change after so many steps can follow one `before` it.
pub(super) fn check_steps(before: u64, after: u64) -> Result<(), LearningRatesError> {
    match after {
        0 => Err(LearningRatesError::Steps(after)),
        _ if after > MOST_STEPS => Err(LearningRatesError::Steps(after)),
        _ if after <= before => Err(LearningRatesError::Order { before, after }),
        _ => Ok(()),
    }
}
