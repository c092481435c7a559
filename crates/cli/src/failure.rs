//! The errors of the command line, as sentences.

use crate::interrupt;
use latent_core::{
    data::{DatasetId, ImageShape, PartialImage, idx::IdxError, shard::ShardError},
    noise::NoiseError,
    pretrained::PretrainedError,
    settings::SettingError,
    training::{TrainerError, checkpoint::CheckpointError, run::RunError},
};
use latent_import::{ImportError, SetFileError};
use std::{io, path::PathBuf, process::ExitCode};
use thiserror::Error;

/// Why a command failed.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("{path}: {error}")]
    File { path: PathBuf, error: io::Error },
    #[error("{path}: the folder {folder} doesn't exist")]
    NoFolder { path: PathBuf, folder: PathBuf },
    #[error("“{0}” names no file")]
    NoFile(PathBuf),
    #[error("{path}: {error}")]
    Model { path: PathBuf, error: Box<CheckpointError> },
    #[error("{0}: the file is read-only")]
    ReadOnly(PathBuf),
    #[error("{path}: {error}. What was to be written is in {kept}")]
    Kept { path: PathBuf, error: io::Error, kept: PathBuf },
    #[error("interrupted after step {0}")]
    Interrupted(u64),
    #[error("signals can't be watched: {0}")]
    Signals(io::Error),
    #[error("the model can't be saved: {0}")]
    Unsaved(CheckpointError),
    #[error("the output can't be written: {0}")]
    Output(io::Error),
    #[error("{file}: {error}")]
    Idx { file: &'static str, error: IdxError },
    #[error("the pretrained decoder is that of the tutorial's network, and the model's is another")]
    NotTheTutorials,
    #[error(transparent)]
    Pretrained(#[from] PretrainedError),
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the image can't be written: {0}")]
    Png(#[from] png::EncodingError),
    #[error(transparent)]
    PartialImage(#[from] PartialImage),
    #[error(transparent)]
    Shard(#[from] ShardError),
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error(transparent)]
    Trainer(#[from] TrainerError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("the model's {key} is {model}: it can't go on with --{key} {given}")]
    OtherNetwork { key: &'static str, model: String, given: String },
    #[error(
        "the model has done {0} steps already, and there are no more to do: ask for more with --epochs or --steps"
    )]
    TrainedAlready(u64),
    #[error("the {set} set has {found} images, and {asked} are asked for")]
    TooFewImages { set: &'static str, found: usize, asked: usize },
    #[error("the model reads images of {model} pixels, and the data set's have {dataset}")]
    OtherImages { model: ImageShape, dataset: ImageShape },
    #[error("the model was trained on somebody's own images: give them with --data")]
    OwnImages,
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    MakeSetFile(#[from] SetFileError),
    #[error("--size: “{0}” is no size such as 32 or 32x48 (height × width)")]
    Size(String),
    #[error("{path}: the file is no set of images: {why}")]
    SetFile { path: PathBuf, why: String },
    #[error("the folder's data set is “{0}”, which is not {names}", names = DatasetId::NAMES)]
    UnknownDataset(String),
    #[error("the {set} set has {images} images and {labels} labels")]
    Unlabelled { set: &'static str, images: usize, labels: usize },
    #[error("the {set} set has the label {label}, and its {classes} classes are labelled from 0")]
    UnknownLabel { set: &'static str, label: u8, classes: usize },
    #[error("--code: “{0}” is no list of numbers")]
    UnreadableCode(String),
    #[error("--code: the model's codes have {expected} numbers, and {found} are given")]
    CodeLength { expected: usize, found: usize },
    #[error("--code: so far out the network gives no finite numbers")]
    CodeFarOut,
    #[error("--model: “{0}” is not a setting")]
    UnknownSetting(String),
    #[error(transparent)]
    Noise(#[from] NoiseError),
    #[error("--instructions and --threads are for --device cpu")]
    NotOnTheCpu,
    #[error(
        "--save-every writes its file several times, and the standard output is written once: give --out a file"
    )]
    SavesToTheOutput,
    #[error("{path}: the file is no output of `train --json`: {why}")]
    RunOutput { path: PathBuf, why: String },
    #[error("the chart can't be drawn: {0}")]
    Chart(String),
    #[error("several ranks train on --device cpu or wgpu only")]
    RanksOnBurn,
    #[error("{0}")]
    Ranks(String),
    /// Of a rank whose failure the first one tells.
    #[error("the first rank says why")]
    ToldByTheFirstRank,
    #[error("a rank panicked")]
    RankPanicked,
    #[cfg(feature = "mpi")]
    #[error("MPI can't be started")]
    Mpi,
    #[cfg(feature = "mpi")]
    #[error("--ranks is for one process, and MPI has started several")]
    RanksWithinRanks,
    #[cfg(not(feature = "mpi"))]
    #[error("this build has no MPI, so each process would train by itself: build it with `--features mpi`")]
    NoMpi,
    #[cfg(not(feature = "wgpu"))]
    #[error("this build has no wgpu: build it with `--features wgpu`")]
    NoWgpu,
    #[cfg(not(feature = "flex"))]
    #[error("this build has no Burn on the CPU: build it with `--features flex`")]
    NoFlex,
}

impl Failure {
    /// The status with which the program ends.
    pub(crate) fn status(&self) -> ExitCode {
        match self {
            // Where one process of several fails, its status is that of all.
            _ if !self.is_told_here() => ExitCode::SUCCESS,
            Self::Interrupted(_) => ExitCode::from(interrupt::STATUS),
            _ => ExitCode::FAILURE,
        }
    }

    /// Whether this process has to say it.
    pub(crate) fn is_told_here(&self) -> bool {
        !self.is_no_reader() && !matches!(self, Self::ToldByTheFirstRank)
    }

    /// Whether all that is wrong is that nobody reads the output any more, as behind `| head`.
    fn is_no_reader(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}
