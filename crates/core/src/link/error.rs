//! Why a part of a link is left out.

use super::MAX_BYTES;
use crate::{data::DatasetId, settings::SettingError};
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
    /// The link is of images that only another person's device has.
    #[error("the link is of somebody's own images, which the page cannot read yet: it shows {} instead", DatasetId::default().title())]
    OwnImages,
    /// A value that is not taken.
    #[error(transparent)]
    Setting(#[from] SettingError),
}
