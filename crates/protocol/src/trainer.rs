//! Messages between the page and a trainer.

use latent_core::{
    settings::{LearningRates, Settings},
    training::{LossParts, Progress, StepLosses, history::History},
};
use serde::{Deserialize, Serialize};

/// What the page asks of a trainer.
#[allow(
    clippy::large_enum_variant,
    reason = "a command lives until it is sent, and the largest is sent once a run"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrainerCommand {
    /// Prepares a run, in place of the one before. Training waits for `Train` or `Step`.
    Start {
        /// The run's number. Its events carry it, so that late events of earlier runs are recognised.
        run: u32,
        /// The run's settings.
        settings: Settings,
        /// Where it goes on. `None` starts it from the seed.
        progress: Option<Box<Progress>>,
        /// Its losses up to there.
        history: Box<History>,
    },
    /// Trains until the run's end.
    Train,
    /// Trains until so many steps are done, or to the run's end, then pauses.
    TrainTo(u64),
    /// Stops after the steps in flight.
    Pause,
    /// Trains one step, then pauses.
    Step,
    /// Changes what can change while training.
    Adjust {
        /// Adam's learning rates, from the next step on. Steps that were trained keep theirs.
        learning_rates: LearningRates,
        /// The run's new length.
        epochs: u32,
    },
    /// Asks for the model as a file, as it is now.
    Save,
    /// Asks for a checkpoint, if anything was trained since the last one.
    Checkpoint,
    /// Whether the page is visible, as it is assumed at first. While it is not, snapshots are made only where training
    /// stops, and reports are rarer.
    Watched(bool),
    /// Sends the weights of every snapshot to the explorer from now on, on the port that comes with this message, and
    /// those of the run as it is now. It replaces the port before.
    ConnectExplorer,
}

/// What a trainer is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing trained yet.
    Idle,
    /// Waits for the images of the next step, or for the engine.
    Loading,
    /// The GPU's kernels are being compiled, once.
    Compiling,
    /// Training.
    Training,
    /// Stopped by the user, ready to go on.
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

    /// Whether the trainer trains, or waits to train.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Loading | Self::Compiling | Self::Training)
    }
}

/// How much of the data set has arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Download {
    /// Images that have arrived.
    pub images: usize,
    /// Images in all.
    pub of_images: usize,
    /// Bytes that have arrived over the network.
    pub bytes: usize,
    /// Bytes in all.
    pub of_bytes: usize,
}

impl Download {
    /// Whether everything has arrived.
    pub fn is_complete(&self) -> bool {
        self.of_images > 0 && self.images >= self.of_images
    }
}

/// What a trainer reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrainerEvent {
    /// The worker listens. It is sent after the greeting, and again when a run starts whose trainer has a description.
    /// Holds the device, and how it is used, as the page shows them.
    Ready(String),
    /// The download went on.
    Downloaded(Download),
    /// The phase of the run with this number changed.
    Entered(u32, Phase),
    /// Steps were trained, all with the same learning rate.
    Trained {
        /// The run's number.
        run: u32,
        /// Steps done before these.
        steps_before: u64,
        /// Each step's losses before its update.
        losses: StepLosses,
        /// Adam's learning rate. It tells at which step an `Adjust` took effect.
        learning_rate: f32,
    },
    /// An epoch was validated.
    Validated {
        /// The run's number.
        run: u32,
        /// Epochs done.
        epochs: u32,
        /// The loss over the test images.
        loss: f32,
        /// Its parts, of a variational model.
        parts: Option<LossParts>,
    },
    /// A snapshot was made, a few times a second. Its weights went to the explorer, if one is connected.
    Snapshot {
        /// The run's number.
        run: u32,
        /// Steps that the weights were trained.
        steps: u64,
    },
    /// The model as a file, which was asked for.
    Saved {
        /// The run's number.
        run: u32,
        /// The file's bytes.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
    },
    /// A checkpoint, from which another worker can go on if this one dies. Sent every few seconds of training, and when
    /// training stops.
    Checkpoint {
        /// The run's number.
        run: u32,
        /// Steps done.
        steps: u64,
        /// The model as a file.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
    },
    /// No checkpoint can be made of this run, and why, in part of a sentence.
    NoCheckpoint {
        /// The run's number.
        run: u32,
        /// The part of a sentence.
        why: String,
    },
    /// The worker runs, and has nothing else to report.
    Alive,
    /// The worker has lost its GPU or a helper, and with it the run. Why, in part of a sentence.
    Lost(String),
    /// How many workers train from now on.
    Workers(usize),
    /// The run cannot go on, and why, in a sentence.
    Failed {
        /// The run's number.
        run: u32,
        /// The sentence.
        message: String,
    },
    /// The GPU computes wrongly, and what it computed, in part of a sentence. None of its results were reported.
    Wrong(String),
}
