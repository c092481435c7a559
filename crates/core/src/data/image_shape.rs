//! The shape of an image.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The shape of an image, whose values lie row by row, from the top left, channels innermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageShape {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Values of a pixel: 1 for grey, 3 for colour.
    pub channels: usize,
}

impl ImageShape {
    /// Values of an image.
    pub const fn values(self) -> usize {
        self.height * self.width * self.channels
    }
}

/// Height × width, and × channels if there are several: `32 × 32 × 3`.
impl fmt::Display for ImageShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.height, self.width)?;
        if self.channels > 1 { write!(f, " × {}", self.channels) } else { Ok(()) }
    }
}
