//! Some pictures, evenly spread over all that were found, for a person to look at before an import.

use crate::{fit, raster::Raster};
use latent_core::data::Recipe;

/// The longer side of a picture that is kept: four times the largest image.
const MOST_SIDE: u32 = 4 * Recipe::MOST_SIDE as u32;

/// A picture, reduced, that shows what a recipe will make of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamplePicture(Raster);

impl SamplePicture {
    pub(crate) fn new(picture: Raster) -> Self {
        Self(fit::reduced(picture, MOST_SIDE))
    }

    /// The image that a recipe makes of it, up to rounding: its values row by row, channels innermost.
    pub fn fitted(&self, recipe: &Recipe) -> Vec<u8> {
        fit::fitted(self.0.clone(), recipe)
    }
}

/// Keeps every n-th picture. n is 1 at first, and doubles whenever there are too many.
pub(crate) struct Sheet {
    most: usize,
    every: usize,
    offered: usize,
    pub(crate) pictures: Vec<SamplePicture>,
}

impl Sheet {
    /// Of at most so many pictures, and of at least half as many where there are enough.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, every: 1, offered: 0, pictures: Vec::new() }
    }

    /// Takes the next picture, which is decoded only if it is kept.
    ///
    /// # Errors
    /// When it cannot be decoded.
    pub(crate) fn offer<E>(&mut self, picture: impl FnOnce() -> Result<Raster, E>) -> Result<(), E> {
        let is_due = self.most > 0 && self.offered.is_multiple_of(self.every);
        self.offered += 1;
        if !is_due {
            return Ok(());
        }
        if self.pictures.len() == self.most {
            let mut at = 0;
            self.pictures.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.every *= 2;
            // The place of this picture may be one of those that are left out from now on.
            if !(self.offered - 1).is_multiple_of(self.every) {
                return Ok(());
            }
        }
        self.pictures.push(SamplePicture::new(picture()?));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of the pictures that are kept of so many.
    fn kept(most: usize, offered: usize) -> Vec<u8> {
        let mut sheet = Sheet::new(most);
        for at in 0..offered {
            sheet.offer(|| Ok::<_, ()>(Raster::new(1, 1, 1, vec![at as u8]))).unwrap();
        }
        sheet.pictures.iter().map(|picture| picture.0.values[0]).collect()
    }

    #[test]
    fn pictures_are_evenly_spread() {
        assert_eq!(kept(4, 3), [0, 1, 2]);
        assert_eq!(kept(4, 4), [0, 1, 2, 3]);
        assert_eq!(kept(4, 5), [0, 2, 4]);
        assert_eq!(kept(4, 10), [0, 4, 8]);
        assert_eq!(kept(4, 100), [0, 32, 64, 96]);
        assert_eq!(kept(0, 9), []);
    }

    #[test]
    fn a_picture_that_cannot_be_decoded_is_told() {
        assert_eq!(Sheet::new(4).offer(|| Err("damaged")), Err("damaged"));
    }
}
