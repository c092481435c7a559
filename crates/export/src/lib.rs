//! What leaves the page: programs for other libraries, pictures that move, pictures in a row, and QR codes.
//!
//! The crate knows no browser. `latent-worker` runs it in a worker, and the command line prints programs.

mod caption; // numbers as pixels
pub mod code; // a run as a program in Keras, PyTorch or Burn
pub mod gif; // frames as an animation
mod picture; // pixels of one, three or four values
pub mod qr; // a text as a QR code
pub mod strip; // images in a row

use thiserror::Error;

/// Why a picture cannot be made.
#[derive(Debug, Error)]
pub enum PictureError {
    /// No pixels, or too many.
    #[error("a picture of {width} × {height} pixels is not supported: {MOST_SIDE} a side is the most")]
    Size {
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
    },
    /// Pixels of another number of values.
    #[error("pixels of {0} values are not supported")]
    Channels(u8),
    /// An image whose values are not those of its size.
    #[error("an image has {found} values, where {expected} are expected")]
    Values {
        /// Values found.
        found: usize,
        /// Values of its size.
        expected: usize,
    },
    /// More colours than an animation's palette holds.
    #[error("{0} colours are more than a palette holds")]
    Colours(usize),
    /// No images.
    #[error("there are no images")]
    Empty,
    /// The animation could not be written.
    #[error("the animation could not be written ({0})")]
    Gif(#[from] ::gif::EncodingError),
    /// The picture could not be written.
    #[error("the picture could not be written ({0})")]
    Png(#[from] png::EncodingError),
}

/// Pixels along a side at most.
pub const MOST_SIDE: usize = 16_384;
