//! What a trainer sends to the explorer, on a port of their own.

use latent_core::weights::Weights;
use serde::{Deserialize, Serialize};

/// The newest weights of a run. They are megabytes, several times a second, and pass the page by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The run's number.
    pub run: u32,
    /// Steps that the weights were trained.
    pub steps: u64,
    /// The weights, of the run's model.
    pub weights: Weights,
}
