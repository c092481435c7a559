//! The runner: submits a chunk of steps, waits for the device once, and reads back the results.

#[cfg(not(target_family = "wasm"))]
use super::profile::{KernelTime, Timestamps};
use super::{
    buffers::{Capacity, NetworkBuffers, STRIDE},
    chunk::{Chunk, ImageSlot, Prepared, Results},
    device::Gpu,
    errors::ErrorScopes,
    images::ImageBuffer,
    layout::BLOCK,
    network::LayOut,
    pipelines::Pipelines,
    readback::{FLOAT, Readback},
    schedule::{Dispatch, Task},
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Progress, TrainerError},
};
use wgpu::{BindGroup, Buffer, ComputePass, ComputePassDescriptor};

/// The buffers and pipelines of a network, and what is needed to run its passes.
pub(super) struct Runner {
    gpu: Gpu,
    pub(super) model: ModelSpec,
    pub(super) buffers: NetworkBuffers,
    pipelines: Pipelines,
    images: [Option<BoundImages>; 2],
    readback: Readback,
    /// Whether a chunk has run without an error of the device.
    has_run: bool,
}

/// Images on the device, with the bind group of all passes that read them.
struct BoundImages {
    images: ImageBuffer,
    group: Option<BindGroup>,
}

impl Runner {
    pub(super) async fn new(
        gpu: &Gpu,
        lay_out: LayOut,
        model: &ModelSpec,
        progress: &Progress,
        capacity: Capacity,
    ) -> Result<Self, TrainerError> {
        let scopes = ErrorScopes::open(&gpu.device);
        let buffers = NetworkBuffers::new(gpu, lay_out, model, progress, capacity);
        scopes.close().await?;
        let buffers = buffers?;
        let network = &buffers.network;
        let pipelines = gpu.pipelines.get(&gpu.device, &network.kernels(), network.image_blocks()).await?;
        Ok(Self {
            gpu: gpu.clone(),
            model: model.clone(),
            buffers,
            pipelines,
            images: [None, None],
            readback: Readback::default(),
            has_run: false,
        })
    }

    /// Submits a chunk, waits, and gives its results.
    pub(super) async fn run(&mut self, chunk: Chunk<'_>) -> Result<Vec<f32>, TrainerError> {
        if chunk.batches.is_empty() {
            return Ok(Vec::new());
        }
        let prepared = chunk.prepare(&self.model, self.buffers.at_once)?;
        let needed = prepared.capacity();
        let numbers = prepared.results_length(&self.buffers.network, chunk.results);
        let is_new = !self.has_run
            || !self.buffers.holds(needed)
            || !self.readback.holds(numbers)
            || !self.is_bound(chunk.images);
        // The device can refuse only what is new.
        let scopes = is_new.then(|| ErrorScopes::open(&self.gpu.device));
        let submitted = self.reserve(needed, numbers).and_then(|()| self.submit(&chunk, &prepared));
        if let Some(scopes) = scopes {
            scopes.close().await?;
        }
        submitted?;
        let values = self.readback.read(&self.gpu, numbers).await?;
        self.has_run = true;
        Ok(values)
    }

    /// Updates the weights with these gradients, which the buffer is to have, by this rate of Adam's.
    pub(super) async fn update(
        &mut self,
        images: &Images,
        gradients: &[f32],
        rate: f32,
    ) -> Result<(), TrainerError> {
        let scopes = ErrorScopes::open(&self.gpu.device);
        let submitted = self.submit_update(images, gradients, rate);
        scopes.close().await?;
        submitted
    }

    fn submit_update(&mut self, images: &Images, gradients: &[f32], rate: f32) -> Result<(), TrainerError> {
        let Self { gpu, buffers, pipelines, .. } = self;
        let group = bind(gpu, buffers, &mut self.images[ImageSlot::Training as usize], Some(images))?;
        let mut step = [0; STRIDE];
        step[..FLOAT].copy_from_slice(&rate.to_le_bytes());
        gpu.queue.write_buffer(&buffers.steps, 0, &step);
        gpu.queue.write_buffer(&buffers.gradients, 0, bytemuck::cast_slice(gradients));
        let mut encoder = gpu.encoder();
        let mut compute = encoder.begin_compute_pass(&ComputePassDescriptor::default());
        dispatch(pipelines, group, &mut compute, 0, &buffers.network.update());
        drop(compute);
        gpu.queue.submit([encoder.finish()]);
        Ok(())
    }

    /// Trains a chunk that is like the one before, and says what each kernel took.
    #[cfg(not(target_family = "wasm"))]
    pub(super) async fn profile(&mut self, chunk: Chunk<'_>) -> Result<Vec<KernelTime>, TrainerError> {
        let prepared = chunk.prepare(&self.model, self.buffers.at_once)?;
        let Self { gpu, buffers, pipelines, .. } = self;
        let images = chunk.images.map(|(_, images)| images);
        let group = bind(gpu, buffers, &mut self.images[ImageSlot::Training as usize], images)?;
        prepared.write(gpu, buffers, &chunk);
        let timestamps = Timestamps::new(gpu, &buffers.network, &prepared)?;
        let mut encoder = gpu.encoder();
        timestamps.encode(&mut encoder, |pass, step, of| dispatch(pipelines, group, pass, step, &[*of]));
        gpu.queue.submit([encoder.finish()]);
        timestamps.read(gpu).await
    }

    /// Reads whole buffers that have the layout of the weights.
    pub(super) async fn read_parameters<const N: usize>(
        &mut self,
        buffers: impl Fn(&NetworkBuffers) -> [&Buffer; N],
    ) -> Result<[Vec<f32>; N], TrainerError> {
        let numbers = BLOCK * self.buffers.network.weights();
        let scopes = (!self.readback.holds(N * numbers)).then(|| ErrorScopes::open(&self.gpu.device));
        self.readback.reserve(&self.gpu.device, N * numbers);
        let mut encoder = self.gpu.encoder();
        for (at, buffer) in buffers(&self.buffers).into_iter().enumerate() {
            self.readback.copy(&mut encoder, buffer, 0, at * numbers, numbers);
        }
        self.gpu.queue.submit([encoder.finish()]);
        if let Some(scopes) = scopes {
            scopes.close().await?;
        }
        let values = self.readback.read(&self.gpu, N * numbers).await?;
        Ok(std::array::from_fn(|at| values[at * numbers..][..numbers].to_vec()))
    }

    /// Writes to the activations, from a position in blocks.
    pub(super) fn write_activations(&self, position: usize, values: &[f32]) {
        let offset = (size_of::<f32>() * BLOCK * position) as u64;
        self.gpu.queue.write_buffer(&self.buffers.activations, offset, bytemuck::cast_slice(values));
    }

    /// The slot of images that are not trained on: that of the training images, if they are among those.
    pub(super) fn slot_of(&self, images: &Images) -> ImageSlot {
        let training = self.images[ImageSlot::Training as usize].as_ref();
        let is_training = training.is_some_and(|bound| bound.images.is_of(images));
        if is_training { ImageSlot::Training } else { ImageSlot::Other }
    }

    fn is_bound(&self, images: Option<(ImageSlot, &Images)>) -> bool {
        let slot = images.map_or(ImageSlot::Other, |(slot, _)| slot);
        self.images[slot as usize].as_ref().is_some_and(|bound| {
            bound.group.is_some() && images.is_none_or(|(_, images)| bound.images.is_of(images))
        })
    }

    fn reserve(&mut self, needed: Capacity, numbers: usize) -> Result<(), TrainerError> {
        if !self.buffers.holds(needed) {
            self.buffers.reserve(&self.gpu, &self.model, needed)?;
            self.images.iter_mut().flatten().for_each(|bound| bound.group = None);
        }
        self.readback.reserve(&self.gpu.device, numbers);
        Ok(())
    }

    fn submit(&mut self, chunk: &Chunk, prepared: &Prepared) -> Result<(), TrainerError> {
        let Self { gpu, buffers, pipelines, readback, .. } = self;
        let slot = chunk.images.map_or(ImageSlot::Other, |(slot, _)| slot);
        let group =
            bind(gpu, buffers, &mut self.images[slot as usize], chunk.images.map(|(_, images)| images))?;
        prepared.write(gpu, buffers, chunk);
        let mut encoder = gpu.encoder();
        let network = &buffers.network;
        let steps = prepared.shards.iter().enumerate();
        match chunk.results {
            Results::Sums | Results::Gradients => {
                let updates = chunk.task == Task::Train && matches!(chunk.results, Results::Sums);
                let mut compute = encoder.begin_compute_pass(&ComputePassDescriptor::default());
                for (step, shard) in steps {
                    let passes = network.passes(chunk.task, shard.positions.len());
                    dispatch(pipelines, group, &mut compute, step, &passes);
                    if updates && shard.is_last {
                        dispatch(pipelines, group, &mut compute, step, &network.update());
                    }
                }
                drop(compute);
                let sums = prepared.sums_length(network);
                readback.copy(&mut encoder, &buffers.losses, 0, 0, sums);
                if let Results::Gradients = chunk.results {
                    let numbers = BLOCK * network.gradients();
                    readback.copy(&mut encoder, &buffers.gradients, 0, sums, numbers);
                }
            }
            Results::Outputs(map) => {
                let map = map(network);
                let mut done = 0;
                for (step, shard) in steps {
                    let mut compute = encoder.begin_compute_pass(&ComputePassDescriptor::default());
                    let passes = network.passes(chunk.task, shard.positions.len());
                    dispatch(pipelines, group, &mut compute, step, &passes);
                    drop(compute);
                    let numbers = BLOCK * map.image * shard.positions.len();
                    readback.copy(&mut encoder, &buffers.activations, BLOCK * map.start, done, numbers);
                    done += numbers;
                }
            }
        }
        gpu.queue.submit([encoder.finish()]);
        Ok(())
    }
}

/// The bind group with the images, after those that are new were copied.
fn bind<'a>(
    gpu: &Gpu,
    buffers: &NetworkBuffers,
    bound: &'a mut Option<BoundImages>,
    images: Option<&Images>,
) -> Result<&'a BindGroup, TrainerError> {
    let is_usable = |bound: &BoundImages| images.is_none_or(|images| bound.images.is_of(images));
    let usable = bound.take().filter(is_usable);
    let mut next = match usable {
        Some(bound) => bound,
        None => {
            let none = Images::default();
            let images = ImageBuffer::new(gpu, images.unwrap_or(&none), buffers.network.image_blocks())?;
            BoundImages { images, group: None }
        }
    };
    if let Some(images) = images {
        next.images.update(gpu, images);
    }
    let BoundImages { images, group } = bound.insert(next);
    Ok(group.get_or_insert_with(|| buffers.bind(gpu, &images.buffer)))
}

/// Encodes the passes of a step, whose row in the table of steps is `step`.
fn dispatch(
    pipelines: &Pipelines,
    group: &BindGroup,
    compute: &mut ComputePass,
    step: usize,
    passes: &[Dispatch],
) {
    for pass in passes {
        let offsets = [step, pass.layer].map(|row| (STRIDE * row) as u32);
        compute.set_bind_group(0, group, &offsets);
        compute.set_pipeline(pipelines.of(pass.kernel));
        compute.dispatch_workgroups(pass.workgroups as u32, 1, 1);
    }
}
