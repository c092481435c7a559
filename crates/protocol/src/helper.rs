//! Messages between a trainer and its helpers. The numbers of a step pass between them on ports of their own.

use latent_core::{model::ModelSpec, training::Progress};
use serde::{Deserialize, Serialize};

/// What a trainer asks of a helper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HelperCommand {
    /// Stores more training images.
    Images {
        /// The first one's index. 0 replaces all images before.
        from: usize,
        /// How many images there will be in all: memory for them is reserved once.
        total: usize,
        /// Their pixels, `[images, height, width, channels]`.
        #[serde(with = "serde_bytes")]
        pixels: Vec<u8>,
    },
    /// Begins to train with the other members. Ports to all of them come with it, in the order of their ranks.
    Join {
        /// The helper's rank. The trainer has the last one.
        member: usize,
        /// How many members there are.
        members: usize,
        /// The model.
        model: ModelSpec,
        /// How far it is trained.
        progress: Progress,
        /// The seed of the steps' random numbers.
        seed: u64,
    },
    /// Trains these batches, together with all other members.
    Train {
        /// Of each batch, the indices of its images.
        batches: Vec<Vec<u32>>,
        /// Adam's learning rate.
        learning_rate: f32,
    },
    /// Asks for the weights that the helper owns.
    Give {
        /// Whether Adam's moments are asked for as well.
        moments: bool,
    },
}

/// What a helper reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HelperEvent {
    /// The tensors that [`HelperCommand::Give`] asked for, as they lie in memory.
    Gave(#[serde(with = "serde_bytes")] Vec<u8>),
    /// It cannot go on, and why, in a sentence.
    Failed(String),
}
