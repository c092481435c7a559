//! What a trainer and its helpers tell each other, besides the numbers of a step.

use latent_core::{model::ModelSpec, training::Progress};
use serde::{Deserialize, Serialize};

/// What a trainer asks of a helper. What crosses the code passes between them as plain numbers, on ports of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HelperCommand {
    /// More training images, from number `from` on; 0 starts anew.
    Images {
        /// The first one's number.
        from: usize,
        /// Their pixels, `[images, 784]`.
        #[serde(with = "serde_bytes")]
        pixels: Vec<u8>,
    },
    /// Take your seat. With it come the ports to all other members, in the order of their numbers.
    Join {
        /// The helper's number: the trainer has the last one.
        member: usize,
        /// How many members there are.
        members: usize,
        /// The network.
        model: ModelSpec,
        /// How far it is.
        progress: Progress,
    },
    /// Train these batches, as all other members do now.
    Train {
        /// Of each batch, its images' numbers.
        batches: Vec<Vec<u32>>,
        /// Adam's learning rate.
        learning_rate: f32,
    },
    /// Give the weights that are your own, and Adam's moments of them if they are wanted.
    Give {
        /// Whether they are.
        moments: bool,
    },
}

/// What a helper tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HelperEvent {
    /// What it was to give, as its memory has it.
    Gave(#[serde(with = "serde_bytes")] Vec<u8>),
    /// It can't go on, and why, in a sentence.
    Failed(String),
}
