//! Pixels of one, three or four values, enlarged.

use crate::{MOST_SIDE, PictureError};

/// How the pixels of an image lie: `[height, width, channels]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) channels: usize,
    /// By how much each pixel is enlarged.
    pub(crate) scale: usize,
}

impl Layout {
    /// A layout with pixels that are not too many once they are enlarged.
    pub(crate) fn new(width: u16, height: u16, channels: u8, scale: u8) -> Result<Self, PictureError> {
        if !matches!(channels, 1 | 3 | 4) {
            return Err(PictureError::Channels(channels));
        }
        let [width, height] = [width, height].map(usize::from);
        let layout = Self { width, height, channels: channels.into(), scale: scale.max(1).into() };
        let [across, down] = layout.enlarged();
        match (1..=MOST_SIDE).contains(&across) && (1..=MOST_SIDE).contains(&down) {
            true => Ok(layout),
            false => Err(PictureError::Size { width: across, height: down }),
        }
    }

    /// Pixels across and down the enlarged image.
    pub(crate) fn enlarged(&self) -> [usize; 2] {
        [self.width * self.scale, self.height * self.scale]
    }

    /// Whether these are the values of an image.
    pub(crate) fn check(&self, values: &[u8]) -> Result<(), PictureError> {
        let expected = self.width * self.height * self.channels;
        match values.len() == expected {
            true => Ok(()),
            false => Err(PictureError::Values { found: values.len(), expected }),
        }
    }

    /// The colour of each pixel, row by row. Grey is red, green and blue alike, and a fourth value is left out.
    pub(crate) fn colours<'a>(&self, values: &'a [u8]) -> impl Iterator<Item = [u8; 3]> + use<'a> {
        values.chunks_exact(self.channels).map(|pixel| match *pixel {
            [grey] => [grey; 3],
            [red, green, blue, ..] => [red, green, blue],
            _ => [0; 3],
        })
    }

    /// Values of pixels, `[height, width]`, each as often as pixels are enlarged.
    pub(crate) fn enlarge<T: Copy>(&self, values: &[T]) -> Vec<T> {
        let mut enlarged = Vec::with_capacity(values.len() * self.scale * self.scale);
        for row in values.chunks_exact(self.width) {
            let start = enlarged.len();
            enlarged.extend(row.iter().flat_map(|&value| std::iter::repeat_n(value, self.scale)));
            let end = enlarged.len();
            (1..self.scale).for_each(|_| enlarged.extend_from_within(start..end));
        }
        enlarged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_enlarged_in_both_directions() {
        let layout = Layout::new(2, 1, 1, 2).unwrap();
        assert_eq!(layout.enlarge(&[7, 9]), [7, 7, 9, 9, 7, 7, 9, 9]);
        let values = [1, 2, 3, 255, 4, 5, 6, 0];
        let layout = Layout::new(2, 1, 4, 1).unwrap();
        assert_eq!(layout.colours(&values).collect::<Vec<_>>(), [[1, 2, 3], [4, 5, 6]]);
    }

    #[test]
    fn sizes_that_no_picture_has_are_refused() {
        for (width, height, channels, scale) in [(0, 1, 1, 1), (1, 0, 3, 1), (2, 2, 2, 1), (200, 1, 1, 255)] {
            assert!(Layout::new(width, height, channels, scale).is_err(), "{width} {height}");
        }
        let layout = Layout::new(2, 2, 3, 1).unwrap();
        assert!(matches!(layout.check(&[0; 11]), Err(PictureError::Values { found: 11, expected: 12 })));
    }
}
