//! Images on the device, as bytes: copied once, and more of them as they arrive.

use super::{device::Gpu, layout::BLOCK};
use latent_core::{
    data::Images,
    training::{TrainerError, Unsupported},
};
use std::ops::Range;
use wgpu::{Buffer, BufferDescriptor, BufferUsages};

/// The word behind the pixels of an image (`ONE` in `wgsl/common.wgsl`).
const ONE: [u8; BLOCK] = [255, 0, 0, 0];
/// Images that are copied at once.
const SLICE: usize = 1_000;

/// A copy of [`Images`] on the device.
pub(super) struct ImageBuffer {
    pub(super) buffer: Buffer,
    /// The identity of the images.
    of: u64,
    /// How many of them are there.
    images: usize,
    /// How many fit.
    capacity: usize,
    /// Bytes of an image: its pixels, padding, and a 1.
    length: usize,
}

impl ImageBuffer {
    /// A buffer for as many images, of so many blocks each, as these have memory for.
    pub(super) fn new(gpu: &Gpu, of: &Images, image_blocks: usize) -> Result<Self, TrainerError> {
        let length = BLOCK * image_blocks + ONE.len();
        let capacity = of.capacity().max(1);
        let size = (capacity * length) as u64;
        if size > gpu.largest_buffer() {
            let megabytes = size.div_ceil(1 << 20);
            return Err(Unsupported(format!("on images that take {megabytes} MB on this device")).into());
        }
        let buffer = gpu.device.create_buffer(&BufferDescriptor {
            label: Some("pixels"),
            size,
            usage: BufferUsages::STORAGE | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Ok(Self { buffer, of: of.identity(), images: 0, capacity, length })
    }

    /// Whether this is a copy of `images`, as far as it goes, and all of them fit.
    pub(super) fn is_of(&self, images: &Images) -> bool {
        self.of == images.identity() && images.len() <= self.capacity
    }

    /// Copies the images that are new.
    pub(super) fn update(&mut self, gpu: &Gpu, images: &Images) {
        for slice in slices(self.images..images.len(), SLICE) {
            let mut bytes = vec![0; slice.len() * self.length];
            for (row, image) in bytes.chunks_exact_mut(self.length).zip(slice.clone()) {
                let pixels = images.get(image);
                row[..pixels.len()].copy_from_slice(pixels);
                row[self.length - ONE.len()..].copy_from_slice(&ONE);
            }
            gpu.queue.write_buffer(&self.buffer, (slice.start * self.length) as u64, &bytes);
        }
        self.images = images.len();
    }
}

/// A range in slices of at most so many.
pub(super) fn slices(range: Range<usize>, most: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(most).map(move |start| start..end.min(start + most))
}
