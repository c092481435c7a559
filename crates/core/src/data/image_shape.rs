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
    /// The largest side that is supported.
    pub const MOST_SIDE: usize = 1024;

    /// Whether models and data sets may have this shape: grey or three colours, of a supported size.
    pub fn is_supported(self) -> bool {
        let sides = [self.height, self.width];
        sides.iter().all(|side| (1..=Self::MOST_SIDE).contains(side)) && [1, 3].contains(&self.channels)
    }

    /// The shape in files and manifests: height, width and channels, such as `32x32x3`.
    pub fn name(self) -> String {
        format!("{}x{}x{}", self.height, self.width, self.channels)
    }

    /// The supported shape of that name, if it is one.
    pub fn from_name(name: &str) -> Option<Self> {
        let sides = name.split('x').map(|side| side.parse().ok()).collect::<Option<Vec<_>>>()?;
        let [height, width, channels] = sides[..] else { return None };
        Some(Self { height, width, channels }).filter(|shape| shape.is_supported())
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_reads_back_and_what_is_not_supported_is_refused() {
        let shape = ImageShape { height: 32, width: 16, channels: 3 };
        assert_eq!(ImageShape::from_name(&shape.name()), Some(shape));
        for name in ["", "32x32", "32x32x2", "0x32x1", "2000x1x1", "1x1x1x1", "-1x1x1", "a"] {
            assert_eq!(ImageShape::from_name(name), None, "{name}");
        }
    }
}
