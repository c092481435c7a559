//! The buffers: made once, and anew only when a larger batch or a longer chunk comes than any before.

use super::{
    device::Gpu,
    images,
    layout::{BLOCK, Layout, MOST_LAYERS, Place},
    readback::FLOAT,
};
use latent_core::{
    model::ModelSpec,
    training::{Progress, TrainerError, Unsupported},
};
use std::num::NonZeroU64;
use wgpu::{
    BindGroup, BindGroupDescriptor, BindGroupEntry, BindingResource, Buffer, BufferBinding, BufferDescriptor,
    BufferUsages,
};

/// Bytes from one row of a uniform table to the next: what every device can begin a binding at.
pub(super) const STRIDE: usize = 256;
/// Words of `Step` in `wgsl/common.wgsl`, padded.
pub(super) const STEP_WORDS: usize = 8;

/// What a chunk of steps takes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Need {
    /// Images in the largest batch.
    pub(super) rows: usize,
    /// Steps.
    pub(super) steps: usize,
    /// Images in all batches, each batch filled up to eights.
    pub(super) order: usize,
}

/// The buffers that belong to a network.
pub(super) struct Memory {
    pub(super) layout: Layout,
    pub(super) weights: Buffer,
    pub(super) means: Buffer,
    pub(super) squares: Buffer,
    pub(super) activations: Buffer,
    pub(super) steps: Buffer,
    pub(super) order: Buffer,
    pub(super) losses: Buffer,
    layers: Buffer,
    layer_at_hand: Buffer,
    room: Need,
}

impl Memory {
    /// Buffers for a network that goes on from `progress`.
    pub(super) fn new(
        gpu: &Gpu,
        model: &ModelSpec,
        progress: &Progress,
        need: Need,
    ) -> Result<Self, TrainerError> {
        let layout = Layout::new(model, need.rows);
        check(gpu, &layout)?;
        let parameters = |name, weights| {
            let buffer = storage(gpu, name, BLOCK * layout.weights);
            gpu.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(&layout.pack(weights)));
            buffer
        };
        let layer_at_hand = uniform(gpu, "layer at hand", STRIDE * (MOST_LAYERS + 1));
        let mut numbers = vec![0u8; STRIDE * (MOST_LAYERS + 1)];
        for (number, row) in (0u32..).zip(numbers.chunks_exact_mut(STRIDE)) {
            row[..FLOAT].copy_from_slice(&number.to_le_bytes());
        }
        gpu.queue.write_buffer(&layer_at_hand, 0, &numbers);
        let layers = uniform(gpu, "layers", MOST_LAYERS * size_of_val(&layout.layers[0].words()));
        write_layers(gpu, &layers, &layout);
        Ok(Self {
            weights: parameters("weights", &progress.weights),
            means: parameters("means", &progress.first_moment),
            squares: parameters("squares", &progress.second_moment),
            activations: storage(gpu, "activations", BLOCK * layout.activations),
            steps: uniform(gpu, "steps", STRIDE * need.steps),
            order: storage(gpu, "order", need.order),
            losses: storage(gpu, "losses", need.order / BLOCK),
            layers,
            layer_at_hand,
            room: Need { rows: layout.rows, ..need },
            layout,
        })
    }

    /// Whether there is room for all of it.
    pub(super) fn holds(&self, need: Need) -> bool {
        need.rows <= self.room.rows && need.steps <= self.room.steps && need.order <= self.room.order
    }

    /// Makes room. Bind groups made before are of no use then.
    pub(super) fn reserve(&mut self, gpu: &Gpu, model: &ModelSpec, need: Need) -> Result<(), TrainerError> {
        if need.rows > self.room.rows {
            let layout = Layout::new(model, need.rows);
            check(gpu, &layout)?;
            write_layers(gpu, &self.layers, &layout);
            self.activations = storage(gpu, "activations", BLOCK * layout.activations);
            (self.room.rows, self.layout) = (layout.rows, layout);
        }
        if need.steps > self.room.steps {
            self.room.steps = need.steps.next_power_of_two();
            self.steps = uniform(gpu, "steps", STRIDE * self.room.steps);
        }
        if need.order > self.room.order {
            self.room.order = need.order.next_power_of_two();
            self.order = storage(gpu, "order", self.room.order);
            self.losses = storage(gpu, "losses", self.room.order / BLOCK);
        }
        Ok(())
    }

    /// What all passes bind, with these pixels.
    pub(super) fn bind(&self, gpu: &Gpu, pixels: &Buffer) -> BindGroup {
        let row = |buffer, size: usize| {
            BindingResource::Buffer(BufferBinding { buffer, offset: 0, size: NonZeroU64::new(size as u64) })
        };
        let resources = [
            row(&self.steps, FLOAT * STEP_WORDS),
            row(&self.layer_at_hand, FLOAT * BLOCK),
            self.layers.as_entire_binding(),
            pixels.as_entire_binding(),
            self.order.as_entire_binding(),
            self.weights.as_entire_binding(),
            self.means.as_entire_binding(),
            self.squares.as_entire_binding(),
            self.activations.as_entire_binding(),
            self.losses.as_entire_binding(),
        ];
        let entries = (0..).zip(resources).map(|(binding, resource)| BindGroupEntry { binding, resource });
        gpu.device.create_bind_group(&BindGroupDescriptor {
            label: None,
            layout: &gpu.pipelines.bindings,
            entries: &entries.collect::<Vec<_>>(),
        })
    }
}

/// Whether the device takes buffers and dispatches as large as these, and as many images as there may be.
fn check(gpu: &Gpu, layout: &Layout) -> Result<(), TrainerError> {
    let limits = gpu.device.limits();
    let largest = FLOAT * BLOCK * layout.weights.max(layout.activations);
    let largest = largest.max(images::bytes(latent_core::settings::TRAINING_IMAGES)) as u64;
    let groups = layout.train(layout.rows).iter().map(|pass| pass.groups).max().unwrap_or_default();
    let fits = largest <= limits.max_storage_buffer_binding_size.min(limits.max_buffer_size)
        && groups <= limits.max_compute_workgroups_per_dimension as usize;
    if fits {
        Ok(())
    } else {
        let megabytes = largest.div_ceil(1 << 20);
        Err(Unsupported(format!("a network that takes buffers of {megabytes} MB on this device")).into())
    }
}

fn write_layers(gpu: &Gpu, buffer: &Buffer, layout: &Layout) {
    let words: Vec<_> = layout.layers.iter().flat_map(Place::words).collect();
    gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(&words));
}

/// A storage buffer of zeros, for so many numbers.
fn storage(gpu: &Gpu, name: &str, numbers: usize) -> Buffer {
    buffer(gpu, name, FLOAT * numbers, BufferUsages::STORAGE | BufferUsages::COPY_SRC)
}

fn uniform(gpu: &Gpu, name: &str, bytes: usize) -> Buffer {
    buffer(gpu, name, bytes, BufferUsages::UNIFORM)
}

fn buffer(gpu: &Gpu, name: &str, bytes: usize, usage: BufferUsages) -> Buffer {
    gpu.device.create_buffer(&BufferDescriptor {
        label: Some(name),
        size: bytes as u64,
        usage: usage | BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}
