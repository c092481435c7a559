//! A helper's copy of the training images.

use latent_core::data::{Images, PartialImage};
use thiserror::Error;

/// Why images cannot be added to the copy.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum HelperImagesError {
    /// They are not the next ones.
    #[error("a helper with {has} images was sent those from {from} on")]
    Gap {
        /// How many images the copy has.
        has: usize,
        /// The index of the first image that was sent.
        from: usize,
    },
    /// They end within an image.
    #[error(transparent)]
    Partial(#[from] PartialImage),
}

/// Adds the images from index `from` on, of so many in all. 0 replaces all images before, and reserves memory for all.
pub fn add(images: &mut Images, from: usize, total: usize, pixels: &[u8]) -> Result<(), HelperImagesError> {
    if from == 0 {
        *images = Images::new(images.shape());
        images.reserve(total);
    }
    if from != images.len() {
        return Err(HelperImagesError::Gap { has: images.len(), from });
    }
    Ok(images.append(pixels)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIXELS: usize = 784;

    #[test]
    fn memory_for_all_images_is_reserved_with_the_first() {
        let mut images = Images::default();
        add(&mut images, 0, 90, &[7; 30 * PIXELS]).unwrap();
        let capacity = images.capacity();
        assert!((90..100).contains(&capacity), "{capacity}");
        add(&mut images, 30, 90, &[8; 30 * PIXELS]).unwrap();
        add(&mut images, 60, 90, &[9; 30 * PIXELS]).unwrap();
        assert_eq!((images.len(), images.capacity(), images.get(89)[0]), (90, capacity, 9));
    }

    #[test]
    fn images_that_are_not_the_next_ones_or_not_whole_are_refused() {
        let mut images = Images::default();
        add(&mut images, 0, 9, &[7; 2 * PIXELS]).unwrap();
        let gap = add(&mut images, 3, 9, &[7; PIXELS]);
        assert_eq!(gap, Err(HelperImagesError::Gap { has: 2, from: 3 }));
        let part = add(&mut images, 2, 9, &[7; PIXELS + 1]);
        assert!(matches!(part, Err(HelperImagesError::Partial(_))));
        assert_eq!(images.len(), 2);
    }
}
