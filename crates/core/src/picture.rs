//! Pictures that leave the page: how they are asked for.

use serde::{Deserialize, Serialize};

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// The colours of an animation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Palette {
    /// Every grey.
    Grey,
    /// Those of a plot: each of `colours` blended with `background` in steps, as edges of dots are, and greys. At most 14
    /// colours.
    Plot {
        /// The colour behind everything.
        background: Rgb,
        /// The colours of classes and lines.
        colours: Vec<Rgb>,
    },
    /// Those of each frame: exactly, if they are 256 or fewer, else the nearest 256.
    Adaptive,
}

/// What an animation consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Animation {
    /// Pixels across each frame.
    pub width: u16,
    /// Pixels down each frame.
    pub height: u16,
    /// How many values each pixel of a frame has: 1 (grey), 3 (red, green, blue), or 4, of which the last is left out.
    pub channels: u8,
    /// The colours.
    pub palette: Palette,
    /// By how much each pixel is enlarged.
    pub scale: u8,
}

/// What a row of images looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strip {
    /// Pixels across each image.
    pub width: u16,
    /// Pixels down each image.
    pub height: u16,
    /// How many values each pixel has: 1, 3 or 4, as in [`Animation::channels`].
    pub channels: u8,
    /// By how much each pixel is enlarged.
    pub scale: u8,
    /// Pixels between images and around the row.
    pub gap: u8,
    /// The colour of the gap.
    pub background: Rgb,
    /// The colour of captions.
    pub ink: Rgb,
    /// What stands below each image, such as an anchor's letter or its coordinates: letters from A to H, numerals, signs, points,
    /// commas and spaces. Nothing stands below those without.
    pub captions: Vec<String>,
}

/// The whole factor that enlarges a side of so many pixels to `wanted` or a little more.
pub fn whole_factor(side: usize, wanted: u8) -> u8 {
    usize::from(wanted).div_ceil(side.max(1)).max(1) as u8
}

/// A QR code as the outline of its dark modules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrOutline {
    /// The `d` attribute of an SVG path. A module is a unit square.
    pub path: String,
    /// Units along each side, the margin included: the path is for the view box `0 0 side side`.
    pub side: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_images_are_enlarged_and_large_ones_left() {
        assert_eq!([28, 64, 9, 255, 500, 0].map(|side| whole_factor(side, 250)), [9, 4, 28, 1, 1, 250]);
    }
}
