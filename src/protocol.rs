//! The messages between the page and its workers: all that ever passes between them.
//!
//! A message is one block of bytes, [`VERSION`] followed by the postcard form of the enum, so that it can be
//! transferred without a copy and refused when page and worker are of different builds.

use crate::{
    data::Split,
    network::{Weights, floats},
    plane::{Grid, Plotted},
    settings::{Architecture, Settings},
    training::{Progress, history::History},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

/// The version of this protocol.
pub const VERSION: u32 = 6;

/// What a worker is for; also its name, by which it learns so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Trains, with so many workers at most, itself included, if the engine and the network can be shared out.
    Trainer {
        /// The number of workers.
        workers: usize,
        /// Whether it is to be that number, even if fewer would be faster.
        is_asked: bool,
    },
    /// Trains columns of a trainer's network.
    Helper,
    /// Decodes points and encodes the plotted digits from the newest weights.
    Explorer,
}

impl Role {
    /// The worker's name.
    pub fn name(self) -> String {
        match self {
            Self::Trainer { workers, is_asked: true } => format!("trainer {workers}"),
            Self::Trainer { workers, is_asked: false } => format!("trainer up to {workers}"),
            Self::Helper => "helper".into(),
            Self::Explorer => "explorer".into(),
        }
    }

    /// The role of a worker of that name, if it is one of ours.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "helper" => Some(Self::Helper),
            "explorer" => Some(Self::Explorer),
            _ => {
                let workers = name.strip_prefix("trainer ")?;
                let at_most = workers.strip_prefix("up to ");
                let is_asked = at_most.is_none();
                Some(Self::Trainer { workers: at_most.unwrap_or(workers).parse().ok()?, is_asked })
            }
        }
    }
}

/// A worker's first word. A worker of another release may mean something else by the same bytes: the page lets it go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// The release that the worker's files belong to.
    pub release: String,
}

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
        architecture: Architecture,
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

/// What the page asks of an explorer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExplorerCommand {
    /// Explores this network from now on.
    Show {
        /// The network.
        architecture: Architecture,
        /// Its weights; `None` takes the initial ones of the seed.
        weights: Option<Weights>,
        /// The run's seed.
        seed: u64,
        /// Steps that the weights were trained.
        steps: u64,
    },
    /// Explores the pretrained decoder from now on: it has the codes of the sample's digits, and no encoder.
    ShowPretrained,
    /// Decodes the image at this code, now and whenever the network changes.
    Decode(Vec<f32>),
    /// Plots these digits: encodes them, now and whenever the network changes.
    Plot(Plotted),
    /// Takes these of the plotted digits there and back, now and whenever the network changes.
    Follow(Vec<u32>),
    /// Decodes the images at these codes, now and whenever the network changes; none stops it.
    Map(Option<Grid>),
    /// Measures the error of the network as it is now over both whole sets.
    Measure,
}

/// A digit before and after its way through the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Its number in its set.
    pub digit: u32,
    /// Its label, 0 to 9, if that is there.
    pub label: Option<u8>,
    /// 784 shades, 0 is black, if they are there: the pretrained decoder knows codes of digits that are not.
    #[serde(with = "serde_bytes")]
    pub original: Option<Vec<u8>>,
    /// The same as the network draws it.
    #[serde(with = "serde_bytes")]
    pub copy: Vec<u8>,
}

/// What an explorer tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExplorerEvent {
    /// The worker listens; sent once, after the greeting.
    Ready,
    /// The labels of the plotted digits; from here on the codes are theirs.
    Labels(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The plotted digits' codes, `[digits, units]`: of the first ones while others are on their way.
    Codes {
        /// Numbers in a code.
        units: usize,
        /// The codes.
        #[serde(with = "floats")]
        codes: Vec<f32>,
    },
    /// The image at a code.
    Decoded {
        /// The code.
        code: Vec<f32>,
        /// 784 shades, 0 is black.
        #[serde(with = "serde_bytes")]
        image: Vec<u8>,
    },
    /// The followed digits, as far as they are there.
    Pairs(Vec<Pair>),
    /// The images at the codes of a grid.
    Mapped {
        /// The grid.
        grid: Grid,
        /// 784 shades a code, 0 is black: `[codes, 784]`.
        #[serde(with = "serde_bytes")]
        images: Vec<u8>,
    },
    /// The error over a whole set was measured.
    Measured {
        /// Steps that the network had been trained.
        steps: u64,
        /// The set.
        set: Split,
        /// Mean squared error over its images.
        loss: f64,
    },
    /// The pretrained decoder can't be had, and why, in a sentence: another network has to be shown.
    NoPretrained(String),
    /// Something went wrong, in a sentence.
    Failed(String),
}

/// Why a message isn't taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProtocolError {
    /// The other side speaks another version.
    #[error("page and worker are of different versions ({0} and {VERSION}): reload the page")]
    Version(u32),
    /// The bytes are no message.
    #[error("a message between page and worker can't be read")]
    Unreadable,
}

/// A message as bytes. Panics never: these enums have no form that postcard refuses.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    let start = VERSION.to_le_bytes().to_vec();
    postcard::to_extend(message, start).unwrap_or_default()
}

/// A message from bytes. Allocates no more than the bytes warrant.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ProtocolError> {
    let (version, message) = bytes.split_first_chunk().ok_or(ProtocolError::Unreadable)?;
    match u32::from_le_bytes(*version) {
        VERSION => {}
        other => return Err(ProtocolError::Version(other)),
    }
    match postcard::take_from_bytes(message) {
        Ok((message, [])) => Ok(message),
        _ => Err(ProtocolError::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::history::Validation;
    use proptest::prelude::*;

    #[test]
    fn messages_arrive_as_they_were_sent() {
        let settings = Settings {
            architecture: Architecture { hidden: vec![5], code: 2, slope: 0.3 },
            ..Settings::default()
        };
        let progress = Progress::initial(&settings.architecture, 1);
        let weights = progress.weights.clone();
        for command in [
            TrainerCommand::Start {
                run: 7,
                settings,
                progress: Some(progress),
                history: History::restored(1, vec![0.5, 0.25], vec![Validation { steps: 3, loss: 0.125 }])
                    .into(),
            },
            TrainerCommand::Adjust { learning_rate: 0.001, epochs: 30 },
        ] {
            assert_eq!(decode(&encode(&command)), Ok(command));
        }
        for event in [
            TrainerEvent::Snapshot { run: 1, steps: 3, weights },
            TrainerEvent::Trained { run: 1, steps_before: 3, losses: vec![0.1, f32::MAX] },
            TrainerEvent::Entered(2, Phase::Compiling),
            TrainerEvent::Kept { run: 1, steps: 3, file: vec![1, 2, 3] },
        ] {
            assert_eq!(decode(&encode(&event)), Ok(event));
        }
        let images = HelperCommand::Images { from: 2, pixels: vec![7; 784] };
        assert_eq!(decode(&encode(&images)), Ok(images));
        let greeting = Greeting { release: "0123456789abcdef".into() };
        assert_eq!(decode(&encode(&greeting)), Ok(greeting));
        let show = ExplorerCommand::Plot(Plotted::Training);
        assert_eq!(decode(&encode(&show)), Ok(show));
        let pair = Pair { digit: 7, label: Some(3), original: Some(vec![0; 784]), copy: vec![9; 784] };
        let pairs = ExplorerEvent::Pairs(vec![Pair { original: None, ..pair.clone() }, pair]);
        assert_eq!(decode(&encode(&pairs)), Ok(pairs));
        let decoded = ExplorerEvent::Decoded { code: vec![0.5, -1.0], image: vec![255; 784] };
        assert_eq!(decode(&encode(&decoded)), Ok(decoded));
    }

    #[test]
    fn another_version_is_told_from_nonsense() {
        let mut bytes = encode(&TrainerCommand::Pause);
        bytes[0] += 1;
        assert_eq!(decode::<TrainerCommand>(&bytes), Err(ProtocolError::Version(VERSION + 1)));
        assert_eq!(decode::<TrainerCommand>(&[1, 0]), Err(ProtocolError::Unreadable));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let message = [&VERSION.to_le_bytes(), bytes.as_slice()].concat();
            let _ = decode::<Greeting>(&message);
            let _ = decode::<TrainerCommand>(&message);
            let _ = decode::<TrainerEvent>(&message);
            let _ = decode::<ExplorerCommand>(&message);
            let _ = decode::<ExplorerEvent>(&message);
            let _ = decode::<HelperCommand>(&message);
            let _ = decode::<HelperEvent>(&message);
        }

        #[test]
        fn a_cut_message_is_refused(cut in 1usize..40) {
            let bytes = encode(&TrainerCommand::Start {
                run: 1,
                settings: Settings::default(),
                progress: None,
                history: Box::default(),
            });
            prop_assert!(decode::<TrainerCommand>(&bytes[..bytes.len().saturating_sub(cut)]).is_err());
        }
    }

    #[test]
    fn workers_know_their_role_by_their_name() {
        assert_eq!(Role::from_name("explorer"), Some(Role::Explorer));
        let trainers = [false, true].map(|is_asked| Role::Trainer { workers: 3, is_asked });
        for role in [trainers[0], trainers[1], Role::Helper, Role::Explorer] {
            assert_eq!(Role::from_name(&role.name()), Some(role));
        }
        assert_eq!(Role::from_name(""), None);
        assert_eq!(Role::from_name("trainer x"), None);
    }
}
