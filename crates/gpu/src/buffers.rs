//! The buffers of a network: created once, and anew only for a larger batch or a longer chunk than any before.

use super::{
    device::Gpu,
    general::ENTRIES,
    layout::BLOCK,
    network::{LayOut, MOST_LAYERS, Network},
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
/// Words of `Step` in `wgsl/common.wgsl`.
pub(super) const STEP_WORDS: usize = 12 + BLOCK * ENTRIES;

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
    pub(super) network: Network,
    lay_out: LayOut,
    /// Images of a batch that are trained at once, at most.
    pub(super) at_once: usize,
    pub(super) weights: Buffer,
    pub(super) means: Buffer,
    pub(super) squares: Buffer,
    pub(super) activations: Buffer,
    pub(super) steps: Buffer,
    pub(super) order: Buffer,
    pub(super) losses: Buffer,
    pub(super) gradients: Buffer,
    layers: Buffer,
    current_layer: Buffer,
    capacity: Capacity,
}

impl NetworkBuffers {
    /// The buffers of a network that goes on from `progress`.
    pub(super) fn new(
        gpu: &Gpu,
        lay_out: LayOut,
        model: &ModelSpec,
        progress: &Progress,
        capacity: Capacity,
    ) -> Result<Self, TrainerError> {
        let at_once = Network::images_at_once(lay_out, model, gpu.largest_buffer(), gpu.most_workgroups());
        let capacity = Capacity { rows: capacity.rows.min(at_once), ..capacity };
        let network = lay_out(model, capacity.rows);
        check(gpu, &network)?;
        let parameters = |name, weights| {
            let buffer = storage(gpu, name, BLOCK * network.weights());
            gpu.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(&network.pack(weights, model)));
            buffer
        };
        let current_layer = uniform(gpu, "current layer", STRIDE * (MOST_LAYERS + 1));
        let mut numbers = vec![0u8; STRIDE * (MOST_LAYERS + 1)];
        for (number, row) in (0u32..).zip(numbers.chunks_exact_mut(STRIDE)) {
            row[..FLOAT].copy_from_slice(&number.to_le_bytes());
        }
        gpu.queue.write_buffer(&current_layer, 0, &numbers);
        let layers = uniform(gpu, "layers", FLOAT * network.layer_words().1);
        write_layers(gpu, &layers, &network);
        Ok(Self {
            weights: parameters("weights", &progress.weights),
            means: parameters("means", &progress.first_moment),
            squares: parameters("squares", &progress.second_moment),
            activations: storage(gpu, "activations", BLOCK * network.activations()),
            gradients: storage(gpu, "gradients", BLOCK * network.gradients()),
            steps: uniform(gpu, "steps", STRIDE * capacity.steps),
            order: storage(gpu, "order", capacity.order),
            losses: storage(gpu, "losses", capacity.order / BLOCK * network.sums()),
            layers,
            current_layer,
            capacity: Capacity { rows: network.rows(), ..capacity },
            at_once,
            lay_out,
            network,
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
            let network = (self.lay_out)(model, needed.rows);
            check(gpu, &network)?;
            write_layers(gpu, &self.layers, &network);
            self.activations = storage(gpu, "activations", BLOCK * network.activations());
            self.gradients = storage(gpu, "gradients", BLOCK * network.gradients());
            (self.capacity.rows, self.network) = (network.rows(), network);
        }
        if needed.steps > self.capacity.steps {
            self.capacity.steps = needed.steps.next_power_of_two();
            self.steps = uniform(gpu, "steps", STRIDE * self.capacity.steps);
        }
        if needed.order > self.capacity.order {
            self.capacity.order = needed.order.next_power_of_two();
            self.order = storage(gpu, "order", self.capacity.order);
            self.losses = storage(gpu, "losses", self.capacity.order / BLOCK * self.network.sums());
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
            self.gradients.as_entire_binding(),
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
fn check(gpu: &Gpu, network: &Network) -> Result<(), TrainerError> {
    if network.fits(gpu.largest_buffer(), gpu.most_workgroups()) {
        return Ok(());
    }
    let megabytes = network.largest_buffer().div_ceil(1 << 20);
    let reason = format!("a network that takes buffers of {megabytes} MB on this device");
    Err(Unsupported(reason).into())
}

fn write_layers(gpu: &Gpu, buffer: &Buffer, network: &Network) {
    gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(&network.layer_words().0));
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
