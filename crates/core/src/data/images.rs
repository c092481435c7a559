//! Images at rest: bytes, side by side, filling up in order while shards arrive.

use crate::{model::ImageShape, settings::PIXELS};
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;

/// The images that are there so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
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

/// A number that no other has in this program; whatever holds one is not the less equal for it.
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

impl Images {
    /// No images yet, with room for so many.
    pub fn with_capacity(images: usize) -> Self {
        Self { pixels: Vec::with_capacity(images * PIXELS), ..Self::default() }
    }

    /// A number of these images' own. Images are only ever added, so whoever holds a copy of the first few of them
    /// elsewhere, on a GPU, knows by this number that the copy is good.
    pub fn identity(&self) -> u64 {
        self.identity.0
    }

    /// How many images there is room for before they would have to move.
    pub fn capacity(&self) -> usize {
        self.pixels.capacity() / PIXELS
    }

    /// Makes room for so many images in all, and no more, so that they need not move while they arrive.
    pub fn reserve(&mut self, images: usize) {
        self.pixels.reserve_exact((images * PIXELS).saturating_sub(self.pixels.len()));
    }

    /// Adds the pixels of whole images. Bytes that end within an image are refused, and nothing is added.
    pub fn append(&mut self, pixels: &[u8]) -> Result<(), PartialImage> {
        if !pixels.len().is_multiple_of(PIXELS) {
            return Err(PartialImage { bytes: pixels.len(), shape: ImageShape::MNIST });
        }
        self.pixels.extend_from_slice(pixels);
        Ok(())
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.pixels.len() / PIXELS
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// Image `index`: 784 bytes, 0 is black. Panics if there is none.
    pub fn get(&self, index: usize) -> &[u8] {
        &self.pixels[index * PIXELS..][..PIXELS]
    }

    /// All pixels: `[images, 784]`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Pixels of the images at `indices` as the network reads them, in 0..=1: `[indices, 784]`.
    pub fn gather(&self, indices: impl IntoIterator<Item = usize>) -> Vec<f32> {
        indices.into_iter().flat_map(|index| self.get(index).iter().map(|&x| f32::from(x) / 255.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_equal_and_has_an_identity_of_its_own() {
        let mut images = Images::with_capacity(2);
        let identity = images.identity();
        images.append(&[7; PIXELS]).unwrap();
        assert_eq!(images.identity(), identity);
        let copy = images.clone();
        assert_eq!(copy, images);
        assert_ne!(copy.identity(), identity);
    }
}
