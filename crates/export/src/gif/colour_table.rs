//! A table of colours that all frames share.

use crate::PictureError;
use latent_core::picture::Rgb;
use std::collections::HashMap;

/// Colours of an animation at most.
const MOST: usize = 256;
/// Greys of a plot's palette, for the images behind its dots.
const GREYS: usize = 32;
/// Blends of each of its colours with the background.
const BLENDS: usize = 16;

/// Colours, and which of them is nearest to another.
pub(super) struct ColourTable {
    /// Three for each colour.
    bytes: Vec<u8>,
    is_grey: bool,
    known: HashMap<Rgb, u8>,
}

impl ColourTable {
    /// Every grey.
    pub(super) fn greys() -> Self {
        let bytes = (0..=u8::MAX).flat_map(|grey| [grey; 3]).collect();
        Self { bytes, is_grey: true, known: HashMap::new() }
    }

    /// Greys, and blends of each colour with the background.
    pub(super) fn plot(background: Rgb, colours: &[Rgb]) -> Result<Self, PictureError> {
        if GREYS + BLENDS * colours.len() > MOST {
            return Err(PictureError::Colours(colours.len()));
        }
        let greys = (0..GREYS).map(|grey| [(grey * 255 / (GREYS - 1)) as u8; 3]);
        let blends =
            colours.iter().flat_map(|&colour| (1..=BLENDS).map(move |step| blend(background, colour, step)));
        // The background takes the place of the last grey but white.
        let mut table: Vec<Rgb> = greys.chain(blends).collect();
        table[GREYS - 2] = background;
        Ok(Self { bytes: table.into_flattened(), is_grey: false, known: HashMap::new() })
    }

    /// Three bytes for each colour.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The number of the nearest colour.
    pub(super) fn nearest(&mut self, colour: Rgb) -> u8 {
        if self.is_grey {
            return grey(colour);
        }
        let bytes = &self.bytes;
        *self.known.entry(colour).or_insert_with(|| {
            let (colours, _) = bytes.as_chunks::<3>();
            let nearest = colours.iter().enumerate().min_by_key(|(_, other)| distance(colour, **other));
            nearest.map_or(0, |(index, _)| index as u8)
        })
    }
}

/// So many sixteenths of the way from the background to a colour.
fn blend(background: Rgb, colour: Rgb, step: usize) -> Rgb {
    std::array::from_fn(|channel| {
        let [from, to] = [background, colour].map(|it| usize::from(it[channel]));
        ((from * (BLENDS - step) + to * step) / BLENDS) as u8
    })
}

/// The lightness of a colour (ITU-R BT.601).
fn grey([red, green, blue]: Rgb) -> u8 {
    ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000) as u8
}

fn distance(one: Rgb, other: Rgb) -> u32 {
    one.iter().zip(other).map(|(&a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_keeps_its_colours_exactly() {
        let (background, colours) = ([250, 251, 252], [[31, 119, 180], [255, 127, 14]]);
        let mut table = ColourTable::plot(background, &colours).unwrap();
        for colour in [background, colours[0], colours[1], [0; 3], [255; 3]] {
            let at = usize::from(table.nearest(colour)) * 3;
            assert_eq!(table.bytes()[at..at + 3], colour);
        }
        // The middle of an edge.
        let at = usize::from(table.nearest([140, 185, 216])) * 3;
        assert!(distance(table.bytes()[at..at + 3].try_into().unwrap(), [140, 185, 216]) < 10);
    }

    #[test]
    fn a_grey_is_its_own_number() {
        let mut table = ColourTable::greys();
        assert_eq!([0, 7, 255].map(|grey| table.nearest([grey; 3])), [0, 7, 255]);
    }

    #[test]
    fn a_table_has_at_most_fourteen_blended_colours() {
        assert_eq!(ColourTable::plot([0; 3], &[[9; 3]; 14]).unwrap().bytes().len(), 3 * 256);
        assert!(matches!(ColourTable::plot([0; 3], &[[9; 3]; 15]), Err(PictureError::Colours(15))));
    }
}
