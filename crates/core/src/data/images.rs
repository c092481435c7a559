//! Images at rest: bytes, side by side, filling up in order while shards arrive.

use super::{ImageShape, mnist};
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;

/// The images that are there so far, all of one shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    shape: ImageShape,
    pixels: Vec<u8>,
    identity: Identity,
}

/// Bytes that end within an image.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{bytes} bytes are not a whole number of images of {shape} pixels")]
pub struct PartialImage {
    /// How many bytes were given.
    pub bytes: usize,
    /// The shape of an image.
    pub shape: ImageShape,
}

/// A number that no other has in this program. Values that differ in it alone are equal.
#[derive(Debug)]
struct Identity(u64);

impl Default for Identity {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Identity {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Identity {}

/// No images yet, of MNIST's shape.
impl Default for Images {
    fn default() -> Self {
        Self::new(mnist::SHAPE)
    }
}

impl Images {
    /// No images yet, of this shape.
    pub fn new(shape: ImageShape) -> Self {
        Self { shape, pixels: Vec::new(), identity: Identity::default() }
    }

    /// The shape of each image.
    pub fn shape(&self) -> ImageShape {
        self.shape
    }

    /// A number of these images' own. Images are only ever added, so whoever holds a copy of the first few of them
    /// elsewhere, on a GPU, knows by this number that the copy is good.
    pub fn identity(&self) -> u64 {
        self.identity.0
    }

    /// How many images fit before they would have to move.
    pub fn capacity(&self) -> usize {
        self.pixels.capacity() / self.shape.values()
    }

    /// Reserves memory for so many images in all, and no more, so that they need not move while they arrive.
    pub fn reserve(&mut self, images: usize) {
        self.pixels.reserve_exact((images * self.shape.values()).saturating_sub(self.pixels.len()));
    }

    /// Adds the pixels of whole images: `[images, height, width, channels]`. Bytes that end within an image are
    /// refused, and nothing is added.
    pub fn append(&mut self, pixels: &[u8]) -> Result<(), PartialImage> {
        if !pixels.len().is_multiple_of(self.shape.values()) {
            return Err(PartialImage { bytes: pixels.len(), shape: self.shape });
        }
        self.pixels.extend_from_slice(pixels);
        Ok(())
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.pixels.len() / self.shape.values()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// The values of image `index`, of which 0 is black. Panics if there is none.
    pub fn get(&self, index: usize) -> &[u8] {
        let values = self.shape.values();
        &self.pixels[index * values..][..values]
    }

    /// All pixels: `[images, height, width, channels]`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The images at `indices` as the network reads them, in 0..=1: `[indices, values]`.
    pub fn gather(&self, indices: impl IntoIterator<Item = usize>) -> Vec<f32> {
        indices.into_iter().flat_map(|index| self.get(index).iter().map(|&x| f32::from(x) / 255.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLOUR: ImageShape = ImageShape { height: 2, width: 3, channels: 3 };

    #[test]
    fn a_copy_is_equal_and_has_an_identity_of_its_own() {
        let mut images = Images::new(COLOUR);
        let identity = images.identity();
        images.append(&[7; COLOUR.values()]).unwrap();
        assert_eq!(images.identity(), identity);
        let copy = images.clone();
        assert_eq!(copy, images);
        assert_ne!(copy.identity(), identity);
    }

    #[test]
    fn images_of_any_shape_are_found_again() {
        let mut images = Images::new(COLOUR);
        images.append(&[1; 18]).unwrap();
        images.append(&[2; 36]).unwrap();
        assert_eq!((images.len(), images.get(2)), (3, &[2; 18][..]));
        assert_eq!(images.gather([0]).len(), 18);
    }

    #[test]
    fn a_part_of_an_image_is_refused_and_nothing_is_added() {
        let mut images = Images::new(COLOUR);
        let refusal = images.append(&[7; 19]).unwrap_err();
        assert_eq!(refusal.to_string(), "19 bytes are not a whole number of images of 2 × 3 × 3 pixels");
        assert!(images.is_empty());
    }

    #[test]
    fn memory_is_reserved_once() {
        let mut images = Images::new(COLOUR);
        images.reserve(10);
        let capacity = images.capacity();
        (0..10).for_each(|_| images.append(&[7; 18]).unwrap());
        assert_eq!((capacity, images.capacity()), (10, 10));
    }
}
