//! Puts tiles side by side into one picture.

use latent_core::trace::Tiles;

/// Pixels between two tiles.
const GAP: usize = 1;

/// A picture of tiles in rows.
#[derive(Debug, PartialEq, Eq)]
pub struct TileSheet {
    /// Pixels in a row.
    pub width: usize,
    /// Rows of pixels.
    pub height: usize,
    /// RGBA pixels, row by row. Gaps are transparent.
    pub pixels: Vec<u8>,
}

impl TileSheet {
    /// The tiles, `columns` in a row. `None` where the values are not a whole number of tiles of one or three channels, or none.
    pub fn of(Tiles { shape, values }: &Tiles, columns: usize) -> Option<Self> {
        let (each, channels) = (shape.values(), shape.channels);
        if each == 0 || values.is_empty() || !values.len().is_multiple_of(each) || ![1, 3].contains(&channels)
        {
            return None;
        }
        let count = values.len() / each;
        let columns = columns.clamp(1, count);
        let side = |cells: usize, pixels: usize| cells * (pixels + GAP) - GAP;
        let (width, height) = (side(columns, shape.width), side(count.div_ceil(columns), shape.height));
        let mut pixels = vec![0; 4 * width * height];
        for (cell, tile) in values.chunks_exact(each).enumerate() {
            let (top, left) = (cell / columns * (shape.height + GAP), cell % columns * (shape.width + GAP));
            for (at, value) in tile.chunks_exact(channels).enumerate() {
                let (y, x) = (top + at / shape.width, left + at % shape.width);
                let to = 4 * (y * width + x);
                pixels[to..to + 4].copy_from_slice(&[
                    value[0],
                    value[channels / 2],
                    value[channels - 1],
                    u8::MAX,
                ]);
            }
        }
        Some(Self { width, height, pixels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::model::ImageShape;

    fn tiles(width: usize, channels: usize, values: &[u8]) -> Tiles {
        Tiles { shape: ImageShape { height: 1, width, channels }, values: values.to_vec() }
    }

    #[test]
    fn tiles_stand_in_rows_with_gaps_between() {
        let sheet = TileSheet::of(&tiles(2, 1, &[1, 2, 3, 4, 5, 6]), 2).unwrap();
        assert_eq!((sheet.width, sheet.height), (5, 3));
        let greys: Vec<_> =
            sheet.pixels.chunks_exact(4).map(|pixel| (pixel[3] > 0).then_some(pixel[0])).collect();
        #[rustfmt::skip]
        assert_eq!(greys, [
            Some(1), Some(2), None, Some(3), Some(4),
            None, None, None, None, None,
            Some(5), Some(6), None, None, None,
        ]);
    }

    #[test]
    fn three_channels_are_colours() {
        let sheet = TileSheet::of(&tiles(1, 3, &[1, 2, 3]), 9).unwrap();
        assert_eq!((sheet.width, sheet.pixels), (1, vec![1, 2, 3, 255]));
    }

    #[test]
    fn values_that_are_no_tiles_make_no_picture() {
        for bad in [tiles(2, 1, &[]), tiles(2, 1, &[1; 3]), tiles(1, 2, &[1; 2]), tiles(0, 1, &[1])] {
            assert_eq!(TileSheet::of(&bad, 2), None);
        }
    }
}
