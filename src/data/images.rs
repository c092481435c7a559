//! Images at rest: bytes, side by side, filling up in order while shards arrive.

use crate::settings::PIXELS;

/// The images that are there so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    pixels: Vec<u8>,
}

impl Images {
    /// No images yet, with room for so many.
    pub fn with_capacity(images: usize) -> Self {
        Self { pixels: Vec::with_capacity(images * PIXELS) }
    }

    /// Adds the pixels of whole images; bytes beyond the last whole one are dropped.
    pub fn append(&mut self, pixels: &[u8]) {
        let whole = pixels.len() - pixels.len() % PIXELS;
        self.pixels.extend_from_slice(&pixels[..whole]);
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
