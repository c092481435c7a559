//! Why a file of lessons is refused.

use thiserror::Error;

/// Why a file of lessons is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {what}")]
pub struct LessonError {
    /// The line, 1 is the first.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}
