//! Why a part of a link is left out.

use super::MAX_BYTES;
use crate::settings::SettingError;
use thiserror::Error;

/// Why a part of a link is left out.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum LinkError {
    /// More than [`MAX_BYTES`].
    #[error("the link is longer than {MAX_BYTES} bytes and was not read")]
    TooLong,
    /// A name that no setting has.
    #[error("“{0}” is not a setting")]
    Unknown(String),
    /// No value of this key.
    #[error("{key}: “{text}” is not {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What was given, shortened.
        text: String,
        /// What would have been understood.
        expected: &'static str,
    },
    /// A value that is not taken.
    #[error(transparent)]
    Setting(#[from] SettingError),
}
