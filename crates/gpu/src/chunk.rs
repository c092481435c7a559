//! A chunk of steps: the same passes over batches, one after another, in one submission.

use super::{
    buffers::{Capacity, NetworkBuffers, STEP_WORDS, STRIDE},
    device::Gpu,
    layout::{BLOCK, Layout, ROWS},
    readback::FLOAT,
    schedule::Dispatch,
};
use latent_core::{
    data::Images,
    model::{Loss, LossKind},
    training::adam::adam_rate,
};

/// Two sets of images stay on the device: those that are trained, and others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImageSlot {
    Training,
    Other,
}

/// The same passes over batches, one after another.
pub(super) struct Chunk<'a> {
    /// The images that batches name. None where no pass reads images.
    pub(super) images: Option<(ImageSlot, &'a Images)>,
    pub(super) batches: &'a [&'a [u32]],
    pub(super) update: Update,
    /// The passes for a batch of so many images.
    pub(super) passes: fn(&Layout, usize) -> Vec<Dispatch>,
    pub(super) results: Results,
}

/// The settings of gradients and updates. Passes without them ignore it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Update {
    pub(super) loss: Loss,
    /// Values of an image.
    pub(super) values: usize,
    pub(super) learning_rate: f32,
    /// Steps before the chunk's first.
    pub(super) steps: u64,
}

/// What is read back when a chunk is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Results {
    /// The summed losses of each four images, each batch filled up to eights.
    Losses,
    /// The outputs of a layer, for all batches: `[images, Layout::output_length]`.
    Outputs(usize),
}

impl Chunk<'_> {
    pub(super) fn capacity(&self) -> Capacity {
        let sizes = self.batches.iter().map(|batch| batch.len());
        Capacity {
            rows: sizes.clone().max().unwrap_or_default(),
            steps: self.batches.len(),
            order: sizes.map(|images| images.next_multiple_of(ROWS)).sum(),
        }
    }

    /// How many numbers are read back.
    pub(super) fn results_length(&self, layout: &Layout) -> usize {
        match self.results {
            Results::Losses => self.capacity().order / BLOCK,
            Results::Outputs(layer) => {
                let images: usize = self.batches.iter().map(|batch| batch.len()).sum();
                layout.output_length(layer) * images
            }
        }
    }

    /// Writes the batches' order, and what changes from step to step.
    pub(super) fn write(&self, gpu: &Gpu, buffers: &NetworkBuffers) {
        let mut order = Vec::with_capacity(self.capacity().order);
        let mut table = vec![0u8; STRIDE * self.batches.len()];
        for (slot, (batch, row)) in self.batches.iter().zip(table.chunks_exact_mut(STRIDE)).enumerate() {
            assert!(!batch.is_empty(), "a batch without images has no gradient");
            let words: [u32; STEP_WORDS] = [
                adam_rate(self.update.learning_rate, self.update.steps + slot as u64 + 1).to_bits(),
                self.update.gradient_scale(batch.len()).to_bits(),
                batch.len() as u32,
                (order.len() / BLOCK) as u32,
                buffers.layout.nodes.unwrap_or_default() as u32,
                buffers.layout.rows as u32,
                0,
                0,
            ];
            row[..FLOAT * STEP_WORDS].copy_from_slice(bytemuck::cast_slice(&words));
            let rest = batch.len().next_multiple_of(ROWS) - batch.len();
            order.extend_from_slice(batch);
            order.extend(std::iter::repeat_n(batch[batch.len() - 1], rest));
        }
        if let Some((_, images)) = self.images {
            let exist = order.iter().all(|&image| (image as usize) < images.len());
            assert!(exist, "a batch names an image that does not exist");
        }
        gpu.queue.write_buffer(&buffers.order, 0, bytemuck::cast_slice(&order));
        gpu.queue.write_buffer(&buffers.steps, 0, &table);
    }
}

impl Update {
    /// What a pixel's gradient is multiplied by (`Step` in `wgsl/common.wgsl`).
    fn gradient_scale(self, images: usize) -> f32 {
        let factor = match self.loss.kind {
            LossKind::MeanSquaredError => 2.0,
            LossKind::BinaryCrossEntropy => 1.0,
        };
        (factor * self.loss.scale(images, self.values)) as f32
    }
}
