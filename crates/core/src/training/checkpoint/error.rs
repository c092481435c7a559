//! Why a file is refused as a model.

use super::MOST_BYTES;
use crate::{settings::SettingError, weights::WeightsError};
use thiserror::Error;

/// Why a model can't be read or written.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum CheckpointError {
    /// No byte.
    #[error("the file is empty")]
    Empty,
    /// Beyond [`MOST_BYTES`].
    #[error("the model takes {0} bytes, and more than {most} are not supported", most = MOST_BYTES)]
    TooLarge(u64),
    /// Bytes of some other kind; the text says which, where it can be told.
    #[error("this is not a safetensors file{0}")]
    NotSafetensors(&'static str),
    /// It begins as a safetensors file does, and is damaged further on.
    #[error("the safetensors file is damaged: {0}")]
    Damaged(String),
    /// A tensor of the network isn't there.
    #[error("the tensor “{0}” is missing")]
    Missing(String),
    /// A tensor that is none of the model's.
    #[error("the tensor “{0}” is not part of the model")]
    Unknown(String),
    /// Numbers of another kind.
    #[error("the tensor “{tensor}” holds {found} numbers, where {expected} is expected")]
    Dtype {
        /// The tensor's name.
        tensor: String,
        /// Its kind of numbers, in safetensors' words.
        found: String,
        /// The kind that is taken.
        expected: String,
    },
    /// Another shape.
    #[error("the tensor “{tensor}” has the shape {found:?}, where {expected:?} is expected")]
    Shape {
        /// The tensor's name.
        tensor: String,
        /// The shape found.
        found: Vec<usize>,
        /// The shape that the network asks for.
        expected: Vec<usize>,
    },
    /// Kernels that lie as PyTorch keeps them.
    #[error(
        "its kernels are transposed, [outputs, inputs], as PyTorch keeps them: store them as [inputs, outputs], as Keras does"
    )]
    Transposed,
    /// Bare weights of a model that their shapes do not describe.
    #[error(
        "the file does not describe its model, which has convolutions or a variational code: name the model as well"
    )]
    Undescribed,
    /// The shapes of the kernels are those of no network within the limits.
    #[error("no such network is supported: {0}")]
    Model(SettingError),
    /// The weights are not the network's, or not finite.
    #[error("the weights: {0}")]
    Weights(#[from] WeightsError),
    /// Adam's moments are not the network's, or not finite.
    #[error("the optimizer's {moment}: {error}")]
    Moments {
        /// Which of the two, in Keras' words: `momentum` or `velocity`.
        moment: &'static str,
        /// What is wrong with it.
        error: WeightsError,
    },
    /// A mean of squares below zero, or an optimizer's state before the first step.
    #[error("the optimizer's state is unsound: {0}")]
    Optimizer(&'static str),
    /// A later version of the format.
    #[error("the file has version {0}, and this program reads versions 1 and 2: a newer release may read it")]
    Version(String),
    /// Metadata that lacks something.
    #[error("the file's metadata says nothing of “{0}”")]
    MissingNote(&'static str),
    /// A note of this program that no version so far writes.
    #[error("the file's metadata says something unknown: “{0}”")]
    UnknownNote(String),
    /// A setting in the metadata that can't be taken.
    #[error("the file's settings: {0}")]
    Setting(#[from] SettingError),
    /// A shape of images that no model can have.
    #[error("“{0}” is no supported shape of an image")]
    Input(String),
    /// A number of steps that can't be.
    #[error("“{0}” is no number of steps that a run can have done")]
    Steps(String),
    /// Losses that can't be.
    #[error("the history of losses is unsound: {0}")]
    History(String),
}
