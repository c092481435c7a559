//! Images on the device, as bytes: sent once, and more of them as they arrive.

use super::{device::Gpu, memory::Memory, readback::FLOAT};
use latent_core::{data::Images, settings::PIXELS};
use std::ops::Range;
use wgpu::{BindGroup, Buffer, BufferDescriptor, BufferUsages};

/// Bytes of an image on the device: its pixels, and a 1 behind them (`ONE` in `wgsl/common.wgsl`).
const LENGTH: usize = PIXELS + ONE.len();
const ONE: [u8; FLOAT] = [255, 0, 0, 0];
/// Images that are sent at once.
const SLICE: usize = 1_000;

/// A copy of [`Images`] on the device, with the one bind group of all passes that read them.
pub(super) struct Resident {
    of: u64,
    images: usize,
    room: usize,
    buffer: Buffer,
    group: Option<BindGroup>,
}

impl Resident {
    /// Room for these images and those that they have room for.
    pub(super) fn new(gpu: &Gpu, of: &Images) -> Self {
        let room = of.capacity().max(1);
        let buffer = gpu.device.create_buffer(&BufferDescriptor {
            label: Some("pixels"),
            size: bytes(room) as u64,
            usage: BufferUsages::STORAGE | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Self { of: of.identity(), images: 0, room, buffer, group: None }
    }

    /// Whether this is a copy of `images`, as far as it goes, with room for the rest.
    pub(super) fn is_of(&self, images: &Images) -> bool {
        self.of == images.identity() && images.len() <= self.room
    }

    /// Sends what is new.
    pub(super) fn update(&mut self, gpu: &Gpu, images: &Images) {
        let new = self.images..images.len();
        for slice in slices(new, SLICE) {
            let mut block = Vec::with_capacity(bytes(slice.len()));
            for image in slice.clone() {
                block.extend_from_slice(images.get(image));
                block.extend_from_slice(&ONE);
            }
            gpu.queue.write_buffer(&self.buffer, bytes(slice.start) as u64, &block);
        }
        self.images = images.len();
    }

    /// Whether the bind group is there.
    pub(super) fn is_bound(&self) -> bool {
        self.group.is_some()
    }

    /// Forgets the bind group: buffers in it were replaced.
    pub(super) fn unbind(&mut self) {
        self.group = None;
    }

    /// The bind group, made when there is none.
    pub(super) fn group(&mut self, gpu: &Gpu, memory: &Memory) -> &BindGroup {
        self.group.get_or_insert_with(|| memory.bind(gpu, &self.buffer))
    }
}

/// Bytes that so many images take on the device.
pub(super) fn bytes(images: usize) -> usize {
    images * LENGTH
}

/// A range in slices of at most so many.
pub(super) fn slices(range: Range<usize>, most: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(most).map(move |start| start..end.min(start + most))
}
