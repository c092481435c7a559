//! Why a setting is refused.

use super::LearningRatesError;
use crate::model::ModelError;
use thiserror::Error;

/// Why a value is not taken.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SettingError {
    /// The text is no value of the field's kind.
    #[error("{key}: “{text}” is not {expected}")]
    Unreadable {
        /// The field's name.
        key: &'static str,
        /// What was given, shortened.
        text: String,
        /// What would have been understood.
        expected: &'static str,
    },
    /// The value is beyond what is supported.
    #[error("{key}: {value} is not between {least} and {most}")]
    OutOfRange {
        /// The field's name.
        key: &'static str,
        /// What was given.
        value: String,
        /// The least value that is taken.
        least: String,
        /// The greatest value that is taken.
        most: String,
    },
    /// Changes of the learning rate that no run can have.
    #[error(transparent)]
    LearningRates(#[from] LearningRatesError),
    /// Parts of the model do not fit each other.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// The text is no value of this field.
pub(super) fn unreadable(key: &'static str, text: &str, expected: &'static str) -> SettingError {
    let text = text.chars().take(40).collect();
    SettingError::Unreadable { key, text, expected }
}
