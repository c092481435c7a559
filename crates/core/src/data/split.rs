//! The two sets of a data set.

use serde::{Deserialize, Serialize};

/// One of a data set's two sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Split {
    /// The images to learn from.
    Training,
    /// Images that are never learned from.
    Test,
}

impl Split {
    /// The set's name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Test => "test",
        }
    }
}
