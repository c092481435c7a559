//! The shape of what a layer reads or gives.

use super::ImageShape;
use std::fmt;

/// The shape of what a layer reads or gives for one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A list of so many values.
    Flat(usize),
    /// A feature map, whose values lie row by row, channels innermost.
    Map(ImageShape),
}

impl Shape {
    /// How many values there are.
    pub const fn values(self) -> usize {
        match self {
            Self::Flat(values) => values,
            Self::Map(map) => map.values(),
        }
    }
}

/// As Keras prints it: `(None, 16)`, `(None, 14, 14, 32)`. `None` stands for the images of a batch.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flat(values) => write!(f, "(None, {values})"),
            Self::Map(ImageShape { height, width, channels }) => {
                write!(f, "(None, {height}, {width}, {channels})")
            }
        }
    }
}
