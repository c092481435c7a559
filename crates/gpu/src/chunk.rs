//! A chunk of steps: everything for it is written first, then it is one submission, then one thing is read.

use super::{
    device::{Gpu, Scopes},
    images::Resident,
    layout::{BLOCK, Layout, ROWS},
    memory::{Memory, Need, STEP_WORDS, STRIDE},
    passes::Passes,
    readback::FLOAT,
    schedule::Dispatch,
};
use latent_core::{
    data::Images,
    settings::PIXELS,
    training::{TrainerError, adam::adam_rate},
};
use wgpu::{BindGroup, ComputePass, ComputePassDescriptor};

/// Two sets of images stay on the device: those that are trained, and others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Training,
    Other,
}

/// The same passes over batches, one after another.
pub(super) struct Chunk<'a> {
    /// The images that batches name; none where no pass reads images.
    pub(super) images: Option<(Set, &'a Images)>,
    pub(super) batches: &'a [&'a [u32]],
    /// Adam's, where there is an update among the passes.
    pub(super) learning_rate: f32,
    /// The passes for a batch of so many images.
    pub(super) passes: fn(&Layout, usize) -> Vec<Dispatch>,
    /// What comes back.
    pub(super) wanted: Wanted,
}

/// What is read when a chunk is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The squared errors of each four images, each batch filled up to eights.
    Losses,
    /// What a layer gives, for all batches: `[images, Layout::output_length]`.
    Outputs(usize),
}

impl Passes {
    /// Submits a chunk, waits, and gives what is wanted.
    pub(super) async fn run(&mut self, chunk: Chunk<'_>) -> Result<Vec<f32>, TrainerError> {
        if chunk.batches.is_empty() {
            return Ok(Vec::new());
        }
        let (need, numbers) = (chunk.need(), chunk.numbers(&self.memory.layout));
        let new = !self.proven || !self.memory.holds(need) || !self.readback.holds(numbers);
        let new = new || !self.is_resident(chunk.images);
        // What went well before goes well again; what is new may be refused.
        let scopes = new.then(|| Scopes::open(&self.gpu.device));
        if !self.memory.holds(need) {
            self.memory.reserve(&self.gpu, &self.model, need)?;
            self.resident.iter_mut().flatten().for_each(Resident::unbind);
        }
        self.readback.reserve(&self.gpu.device, numbers);
        self.submit(&chunk);
        if let Some(scopes) = scopes {
            scopes.close().await?;
        }
        let values = self.readback.read(&self.gpu.device, numbers).await?;
        self.proven = true;
        Ok(values)
    }

    fn is_resident(&self, images: Option<(Set, &Images)>) -> bool {
        let set = images.map_or(Set::Other, |(set, _)| set);
        self.resident[set as usize].as_ref().is_some_and(|resident| {
            resident.is_bound() && images.is_none_or(|(_, images)| resident.is_of(images))
        })
    }

    fn submit(&mut self, chunk: &Chunk) {
        let Self { gpu, memory, readback, .. } = self;
        let set = chunk.images.map_or(Set::Other, |(set, _)| set);
        let resident = &mut self.resident[set as usize];
        let group = bind(gpu, memory, resident, chunk.images.map(|(_, images)| images));
        chunk.write(gpu, memory, self.steps);
        let mut encoder = gpu.encoder();
        let steps =
            || chunk.batches.iter().map(|batch| (chunk.passes)(&memory.layout, batch.len())).enumerate();
        match chunk.wanted {
            Wanted::Losses => {
                let mut compute = encoder.begin_compute_pass(&ComputePassDescriptor::default());
                steps().for_each(|(slot, passes)| dispatch(gpu, group, &mut compute, slot, &passes));
                drop(compute);
                readback.copy(&mut encoder, &memory.losses, 0, 0, chunk.numbers(&memory.layout));
            }
            Wanted::Outputs(layer) => {
                let mut done = 0;
                for ((slot, passes), batch) in steps().zip(chunk.batches) {
                    let mut compute = encoder.begin_compute_pass(&ComputePassDescriptor::default());
                    dispatch(gpu, group, &mut compute, slot, &passes);
                    drop(compute);
                    let numbers = memory.layout.output_length(layer) * batch.len();
                    let place = BLOCK * memory.layout.layers[layer].output;
                    readback.copy(&mut encoder, &memory.activations, place, done, numbers);
                    done += numbers;
                }
            }
        }
        gpu.queue.submit([encoder.finish()]);
    }
}

impl Chunk<'_> {
    fn need(&self) -> Need {
        let sizes = self.batches.iter().map(|batch| batch.len());
        Need {
            rows: sizes.clone().max().unwrap_or_default(),
            steps: self.batches.len(),
            order: sizes.map(|images| images.next_multiple_of(ROWS)).sum(),
        }
    }

    /// How many numbers come back.
    fn numbers(&self, layout: &Layout) -> usize {
        match self.wanted {
            Wanted::Losses => self.need().order / BLOCK,
            Wanted::Outputs(layer) => {
                let images: usize = self.batches.iter().map(|batch| batch.len()).sum();
                layout.output_length(layer) * images
            }
        }
    }

    /// Writes the batches' order, and what changes from step to step. `steps` are done before these.
    fn write(&self, gpu: &Gpu, memory: &Memory, steps: u64) {
        let mut order = Vec::with_capacity(self.need().order);
        let mut table = vec![0u8; STRIDE * self.batches.len()];
        for (slot, (batch, row)) in self.batches.iter().zip(table.chunks_exact_mut(STRIDE)).enumerate() {
            assert!(!batch.is_empty(), "a batch without images has no gradient");
            let words: [u32; STEP_WORDS] = [
                adam_rate(self.learning_rate, steps + slot as u64 + 1).to_bits(),
                memory.layout.slope.to_bits(),
                (2.0 / (batch.len() * PIXELS) as f32).to_bits(),
                batch.len() as u32,
                (order.len() / BLOCK) as u32,
                memory.layout.nodes.unwrap_or_default() as u32,
                memory.layout.rows as u32,
                0,
            ];
            row[..FLOAT * STEP_WORDS].copy_from_slice(bytemuck::cast_slice(&words));
            let rest = batch.len().next_multiple_of(ROWS) - batch.len();
            order.extend_from_slice(batch);
            order.extend(std::iter::repeat_n(batch[batch.len() - 1], rest));
        }
        if let Some((_, images)) = self.images {
            let are_there = order.iter().all(|&image| (image as usize) < images.len());
            assert!(are_there, "a batch names an image that isn't there");
        }
        gpu.queue.write_buffer(&memory.order, 0, bytemuck::cast_slice(&order));
        gpu.queue.write_buffer(&memory.steps, 0, &table);
    }
}

/// The bind group with the images, after what is new of them was sent.
fn bind<'a>(
    gpu: &Gpu,
    memory: &Memory,
    resident: &'a mut Option<Resident>,
    images: Option<&Images>,
) -> &'a BindGroup {
    if images.is_some_and(|images| !resident.as_ref().is_some_and(|resident| resident.is_of(images))) {
        *resident = None;
    }
    let none = Images::default();
    let resident = resident.get_or_insert_with(|| Resident::new(gpu, images.unwrap_or(&none)));
    if let Some(images) = images {
        resident.update(gpu, images);
    }
    resident.group(gpu, memory)
}

/// The passes of a step, whose row in the step table is `slot`.
fn dispatch(gpu: &Gpu, group: &BindGroup, compute: &mut ComputePass, slot: usize, passes: &[Dispatch]) {
    for pass in passes {
        let rows = [slot, pass.layer].map(|row| (STRIDE * row) as u32);
        compute.set_bind_group(0, group, &rows);
        compute.set_pipeline(gpu.pipelines.of(pass.kernel));
        compute.dispatch_workgroups(pass.groups as u32, 1, 1);
    }
}
