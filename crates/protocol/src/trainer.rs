//! What page and trainer tell each other.

use latent_core::{
    settings::Settings,
    training::{Progress, history::History},
    weights::{Weights, floats},
};
use serde::{Deserialize, Serialize};

/// What the page asks of a trainer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrainerCommand {
    /// Makes a run ready, in place of the one before; training waits for `Train` or `Step`.
    Start {
        /// The run's number, which its events carry: what is still on its way from an earlier run is told by it.
        run: u32,
        /// What the run is.
        settings: Settings,
        /// Where it goes on; `None` starts it from the seed.
        progress: Option<Progress>,
        /// Its losses up to there.
        history: Box<History>,
    },
    /// Trains until the run's end.
    Train,
    /// Stops after the steps in flight.
    Pause,
    /// Trains one step, then pauses.
    Step,
    /// Changes what can change while training.
    Adjust {
        /// Adam's learning rate, from the next step on.
        learning_rate: f32,
        /// The run's new length.
        epochs: u32,
    },
    /// Asks for the model as a file, as it is now.
    Save,
    /// Asks for a checkpoint, if anything was trained since the last one.
    Keep,
    /// Whether anybody looks on: if not, there are no snapshots but where training stops, and other news is rarer. At
    /// first somebody does.
    Watched(bool),
}

/// What a trainer is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing trained yet.
    Idle,
    /// Wants to train; the images for the next step, or the engine itself, are still on their way.
    Loading,
    /// The GPU's kernels are being compiled, once.
    Compiling,
    /// Training.
    Training,
    /// Stopped by the person, ready to go on.
    Paused,
    /// All epochs are done.
    Finished,
    /// Stopped by an error.
    Failed,
}

impl Phase {
    /// The phase in the attribute `data-phase`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Loading => "loading",
            Self::Compiling => "compiling",
            Self::Training => "training",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Failed => "failed",
        }
    }

    /// Whether the trainer is at work or waiting to be.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Loading | Self::Compiling | Self::Training)
    }
}

/// How much of the data set has arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Download {
    /// Images that are there.
    pub images: usize,
    /// Images that are to come in all.
    pub of_images: usize,
    /// Bytes that came over the network for them.
    pub bytes: usize,
    /// Bytes that are to come in all.
    pub of_bytes: usize,
}

impl Download {
    /// Whether all is there.
    pub fn is_complete(&self) -> bool {
        self.of_images > 0 && self.images >= self.of_images
    }
}

/// What a trainer tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrainerEvent {
    /// The worker listens: sent after the greeting, and again when there is more to say. Holds what the page shows of its
    /// device, and of how it is used.
    Ready(String),
    /// The download went on.
    Downloaded(Download),
    /// The phase of the run with this number changed.
    Entered(u32, Phase),
    /// Steps were trained.
    Trained {
        /// The run's number.
        run: u32,
        /// Steps done before these.
        steps_before: u64,
        /// Each step's loss before its update.
        #[serde(with = "floats")]
        losses: Vec<f32>,
    },
    /// An epoch was validated.
    Validated {
        /// The run's number.
        run: u32,
        /// Epochs done.
        epochs: u32,
        /// Mean squared error over the test images.
        loss: f32,
    },
    /// The newest weights, a few times a second.
    Snapshot {
        /// The run's number.
        run: u32,
        /// Steps done with them.
        steps: u64,
        /// The weights.
        weights: Weights,
    },
    /// The model as a file, as it was asked for.
    Saved {
        /// The run's number.
        run: u32,
        /// The file's bytes.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
    },
    /// A checkpoint: what the page needs to go on with another worker if this one dies. Posted every few seconds of
    /// training, and when training stops.
    Kept {
        /// The run's number.
        run: u32,
        /// Steps done by then.
        steps: u64,
        /// The model as a file.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
    },
    /// No checkpoint can be made of this run, and why, in part of a sentence.
    NotKept {
        /// The run's number.
        run: u32,
        /// The part of a sentence.
        why: String,
    },
    /// The worker is at work on something that has no other news.
    Alive,
    /// What the worker trained with is gone, a GPU or a helper, and with it all that it had; why, in part of a sentence.
    Lost(String),
    /// So many workers train from now on.
    Workers(usize),
    /// The run can't go on, and why, in a sentence.
    Failed {
        /// The run's number.
        run: u32,
        /// The sentence.
        message: String,
    },
    /// The GPU computes wrongly, and what it computed, in part of a sentence; nothing of it was told.
    Wrong(String),
}
