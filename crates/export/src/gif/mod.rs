//! Frames as an animation that repeats for ever.

mod colour_table;

use crate::{PictureError, picture::Layout};
use ::gif::{DisposalMethod, Encoder, Frame, Repeat};
use colour_table::ColourTable;
use latent_core::picture::{Animation, Palette};

/// Milliseconds in the unit of a frame's time.
const MS_IN_UNIT: u32 = 10;
/// The least time that browsers keep to: they show faster frames for 100 ms.
const LEAST_UNITS: u32 = 2;
/// Of the search for the nearest 256 colours: 1 is the best, 30 the fastest.
const SPEED: i32 = 10;

/// An animation that is being written, frame by frame.
pub struct GifWriter {
    layout: Layout,
    encoder: Encoder<Vec<u8>>,
    /// None where each frame has its own colours.
    table: Option<ColourTable>,
    /// The colours of the frame before, by their numbers in the table.
    before: Vec<u8>,
}

/// A part of a frame, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Area {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl GifWriter {
    /// An animation without frames. Fails on sizes and palettes that no animation has.
    pub fn new(animation: &Animation) -> Result<Self, PictureError> {
        let Animation { width, height, channels, scale, palette } = animation;
        let layout = Layout::new(*width, *height, *channels, *scale)?;
        let table = match palette {
            Palette::Grey => Some(ColourTable::greys()),
            Palette::Plot { background, colours } => Some(ColourTable::plot(*background, colours)?),
            Palette::Adaptive => None,
        };
        let colours = table.as_ref().map_or(&[][..], ColourTable::bytes);
        let [width, height] = layout.enlarged().map(|side| side as u16);
        let mut encoder = Encoder::new(Vec::new(), width, height, colours)?;
        encoder.set_repeat(Repeat::Infinite)?;
        Ok(Self { layout, encoder, table, before: Vec::new() })
    }

    /// Adds a frame, `[height, width, channels]`, that is shown for so many milliseconds.
    pub fn add(&mut self, values: &[u8], milliseconds: u32) -> Result<(), PictureError> {
        self.layout.check(values)?;
        let delay = (milliseconds / MS_IN_UNIT).clamp(LEAST_UNITS, u16::MAX.into()) as u16;
        let mut frame = match &mut self.table {
            None => adaptive(self.layout, values),
            Some(table) => {
                let indices: Vec<_> =
                    self.layout.colours(values).map(|colour| table.nearest(colour)).collect();
                let area = changed(self.layout, &self.before, &indices);
                let frame = part(self.layout, &indices, area);
                self.before = indices;
                frame
            }
        };
        frame.delay = delay;
        frame.dispose = DisposalMethod::Keep;
        Ok(self.encoder.write_frame(&frame)?)
    }

    /// The file's bytes.
    pub fn finish(self) -> Result<Vec<u8>, PictureError> {
        Ok(self.encoder.into_inner()?)
    }
}

/// A frame with colours of its own.
fn adaptive(layout: Layout, values: &[u8]) -> Frame<'static> {
    let colours: Vec<_> = layout.colours(values).collect();
    let [width, height] = layout.enlarged().map(|side| side as u16);
    let pixels = layout.enlarge(&colours);
    Frame::from_rgb_speed(width, height, pixels.as_flattened(), SPEED)
}

/// The smallest part of a frame that has all changes. Something has to be in a frame, so a frame without changes has one pixel.
fn changed(layout: Layout, before: &[u8], now: &[u8]) -> Area {
    let Layout { width, height, .. } = layout;
    if before.len() != now.len() {
        return Area { left: 0, top: 0, width, height };
    }
    let differs = |at: usize| before.get(at) != now.get(at);
    let in_row = |row: &usize| (0..width).any(|column| differs(row * width + column));
    let in_column = |column: &usize| (0..height).any(|row| differs(row * width + column));
    let (first_row, last_row) = ((0..height).find(in_row), (0..height).rfind(in_row));
    let (first_column, last_column) = ((0..width).find(in_column), (0..width).rfind(in_column));
    let extent = |first: Option<usize>, last: Option<usize>| {
        let first = first.unwrap_or_default();
        (first, 1 + last.unwrap_or_default().max(first) - first)
    };
    let ((top, height), (left, width)) = (extent(first_row, last_row), extent(first_column, last_column));
    Area { left, top, width, height }
}

/// A part of a frame, enlarged.
fn part(layout: Layout, indices: &[u8], Area { left, top, width, height }: Area) -> Frame<'static> {
    let rows = indices.chunks_exact(layout.width).skip(top).take(height);
    let part: Vec<u8> = rows.flat_map(|row| &row[left..left + width]).copied().collect();
    let buffer = Layout { width, height, ..layout }.enlarge(&part).into();
    let [left, top, width, height] = [left, top, width, height].map(|side| (side * layout.scale) as u16);
    Frame { left, top, width, height, buffer, ..Frame::default() }
}

#[cfg(test)]
mod tests;
