//! What reaches an explorer, and what it requests.

use latent_core::data::Split;
use latent_protocol::{ExplorerCommand, Snapshot};
use std::ops::Range;

/// What reaches an explorer.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A command of the page.
    Command(ExplorerCommand),
    /// The newest weights, from the trainer.
    Snapshot(Snapshot),
    /// The requested labels of a set, 0 to 9.
    Labels(Split, Vec<u8>),
    /// The next requested images of a set, `[images, height, width, channels]`.
    Images(Split, Vec<u8>),
    /// Requested images of a set could not be loaded, and why, in a sentence.
    Failed(Split, String),
    /// The requested file of the pretrained decoder, or why it could not be loaded, in a sentence.
    Pretrained(Result<Vec<u8>, String>),
    /// The requested file of the pretrained encoder, or why it could not be loaded, in a sentence.
    PretrainedEncoder(Result<Vec<u8>, String>),
}

/// What an explorer requests. It arrives as [`Input`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// These images of a set, in order, and the set's labels before its first image.
    Images(Split, Range<usize>),
    /// The file of the pretrained decoder.
    Pretrained,
    /// The file of the pretrained encoder.
    PretrainedEncoder,
}
