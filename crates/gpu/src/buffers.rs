//! The buffers of a network: created once, and anew only for a larger batch or a longer chunk than any before.

use super::{
    device::Gpu,
    layout::{BLOCK, LayerLayout, Layout, MAX_LAYERS},
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

/// Bytes from one row of a uniform table to the next: the alignment that every device accepts.
pub(super) const STRIDE: usize = 256;
/// Words of `Step` in `wgsl/common.wgsl`, padded.
pub(super) const STEP_WORDS: usize = 8;

/// The sizes that a chunk of steps needs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Capacity {
    /// Images in the largest batch.
    pub(super) rows: usize,
    /// Steps.
    pub(super) steps: usize,
    /// Images in all batches, each batch filled up to eights.
    pub(super) order: usize,
}

/// The buffers of a network, which `wgsl/common.wgsl` describes.
pub(super) struct NetworkBuffers {
    pub(super) layout: Layout,
    pub(super) weights: Buffer,
    pub(super) means: Buffer,
    pub(super) squares: Buffer,
    pub(super) activations: Buffer,
    pub(super) steps: Buffer,
    pub(super) order: Buffer,
    pub(super) losses: Buffer,
    layers: Buffer,
    current_layer: Buffer,
    capacity: Capacity,
}

impl NetworkBuffers {
    /// The buffers of a network that goes on from `progress`.
    pub(super) fn new(
        gpu: &Gpu,
        model: &ModelSpec,
        progress: &Progress,
        capacity: Capacity,
    ) -> Result<Self, TrainerError> {
        let layout = Layout::new(model, capacity.rows);
        check(gpu, &layout)?;
        let parameters = |name, weights| {
            let buffer = storage(gpu, name, BLOCK * layout.weights);
            gpu.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(&layout.pack(weights)));
            buffer
        };
        let current_layer = uniform(gpu, "current layer", STRIDE * (MAX_LAYERS + 1));
        let mut numbers = vec![0u8; STRIDE * (MAX_LAYERS + 1)];
        for (number, row) in (0u32..).zip(numbers.chunks_exact_mut(STRIDE)) {
            row[..FLOAT].copy_from_slice(&number.to_le_bytes());
        }
        gpu.queue.write_buffer(&current_layer, 0, &numbers);
        let layers = uniform(gpu, "layers", MAX_LAYERS * size_of_val(&layout.layers[0].words()));
        write_layers(gpu, &layers, &layout);
        Ok(Self {
            weights: parameters("weights", &progress.weights),
            means: parameters("means", &progress.first_moment),
            squares: parameters("squares", &progress.second_moment),
            activations: storage(gpu, "activations", BLOCK * layout.activations),
            steps: uniform(gpu, "steps", STRIDE * capacity.steps),
            order: storage(gpu, "order", capacity.order),
            losses: storage(gpu, "losses", capacity.order / BLOCK),
            layers,
            current_layer,
            capacity: Capacity { rows: layout.rows, ..capacity },
            layout,
        })
    }

    /// Whether all of it fits.
    pub(super) fn holds(&self, needed: Capacity) -> bool {
        needed.rows <= self.capacity.rows
            && needed.steps <= self.capacity.steps
            && needed.order <= self.capacity.order
    }

    /// Makes the buffers large enough. Bind groups created before are of no use then.
    pub(super) fn reserve(
        &mut self,
        gpu: &Gpu,
        model: &ModelSpec,
        needed: Capacity,
    ) -> Result<(), TrainerError> {
        if needed.rows > self.capacity.rows {
            let layout = Layout::new(model, needed.rows);
            check(gpu, &layout)?;
            write_layers(gpu, &self.layers, &layout);
            self.activations = storage(gpu, "activations", BLOCK * layout.activations);
            (self.capacity.rows, self.layout) = (layout.rows, layout);
        }
        if needed.steps > self.capacity.steps {
            self.capacity.steps = needed.steps.next_power_of_two();
            self.steps = uniform(gpu, "steps", STRIDE * self.capacity.steps);
        }
        if needed.order > self.capacity.order {
            self.capacity.order = needed.order.next_power_of_two();
            self.order = storage(gpu, "order", self.capacity.order);
            self.losses = storage(gpu, "losses", self.capacity.order / BLOCK);
        }
        Ok(())
    }

    /// The bind group of all passes, with these pixels.
    pub(super) fn bind(&self, gpu: &Gpu, pixels: &Buffer) -> BindGroup {
        let row = |buffer, size: usize| {
            BindingResource::Buffer(BufferBinding { buffer, offset: 0, size: NonZeroU64::new(size as u64) })
        };
        let resources = [
            row(&self.steps, FLOAT * STEP_WORDS),
            row(&self.current_layer, FLOAT * BLOCK),
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

/// Whether the device takes buffers and dispatches as large as these.
fn check(gpu: &Gpu, layout: &Layout) -> Result<(), TrainerError> {
    let limits = gpu.device.limits();
    let largest = (FLOAT * BLOCK * layout.weights.max(layout.activations)) as u64;
    let workgroups = layout.train(layout.rows).iter().map(|pass| pass.workgroups).max().unwrap_or_default();
    let fits =
        largest <= gpu.largest_buffer() && workgroups <= limits.max_compute_workgroups_per_dimension as usize;
    if fits {
        Ok(())
    } else {
        let megabytes = largest.div_ceil(1 << 20);
        Err(Unsupported(format!("a network that takes buffers of {megabytes} MB on this device")).into())
    }
}

fn write_layers(gpu: &Gpu, buffer: &Buffer, layout: &Layout) {
    let words: Vec<_> = layout.layers.iter().flat_map(LayerLayout::words).collect();
    gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(&words));
}

/// A storage buffer of so many zeros.
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
