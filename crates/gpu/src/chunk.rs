//! A chunk of steps: the same passes over batches, one after another, in one submission.

use super::{
    buffers::{Capacity, NetworkBuffers, STEP_WORDS, STRIDE},
    device::Gpu,
    general::{Map, Positions, Random, RandomSource},
    layout::{BLOCK, ROWS},
    network::Network,
    readback::FLOAT,
    schedule::Task,
};
use latent_core::{
    data::Images,
    model::{Loss, LossKind, ModelSpec},
    noise::NoiseError,
    team::Rank,
    training::adam::adam_rate,
};
use std::ops::Range;

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
    /// Whose share of each batch the passes are over.
    pub(super) rank: Rank,
    pub(super) update: Update,
    pub(super) task: Task,
    pub(super) random: RandomSource<'a>,
    pub(super) results: Results,
}

/// The settings of gradients and updates. Passes without them ignore it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Update {
    pub(super) loss: Loss,
    /// Values of an image.
    pub(super) values: usize,
    /// The weight of the divergence.
    pub(super) beta: f32,
    pub(super) learning_rate: f32,
    /// Steps before the chunk's first.
    pub(super) steps: u64,
}

/// What is read back when a chunk is done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Results {
    /// The sums of each four images (`Network::sums`), each part of a batch filled up to eights.
    Sums,
    /// The same, and behind them the gradients by weights in parts, as the buffer has them. The weights are not updated.
    Gradients,
    /// Maps of all images.
    Outputs(fn(&Network) -> Map),
}

/// A part of a batch that is trained at once.
pub(super) struct Shard {
    /// The number of the batch.
    pub(super) batch: usize,
    /// Positions in the batch.
    pub(super) positions: Range<usize>,
    /// Whether it is the first of its batch that the rank has.
    is_first: bool,
    /// Whether it is the last of its batch that the rank has.
    pub(super) is_last: bool,
    /// Where its images begin in `order`, in fours.
    pub(super) first: usize,
    random: Random,
}

/// A chunk's shards, and what the host writes for them.
pub(super) struct Prepared {
    pub(super) shards: Vec<Shard>,
    /// The images of all shards, each filled up to eights, and supplied random numbers behind them.
    order: Vec<u32>,
    /// How many of those are images.
    pub(super) images: usize,
}

/// The positions of a batch that a rank trains on: whole eights, about as many for each rank. A small batch has none for some.
pub(super) fn positions_of(rank: Rank, images: usize) -> Range<usize> {
    let eights = images.div_ceil(ROWS);
    let bound = |index| images.min(ROWS * (eights * index / rank.of));
    bound(rank.index)..bound(rank.index + 1)
}

impl Chunk<'_> {
    /// Cuts batches into shards of at most so many images, and draws what the host draws.
    pub(super) fn prepare(&self, model: &ModelSpec, at_once: usize) -> Result<Prepared, NoiseError> {
        let (mut shards, mut order) = (Vec::new(), Vec::new());
        for (number, batch) in self.batches.iter().enumerate() {
            let own = positions_of(self.rank, batch.len());
            assert!(!own.is_empty(), "a batch without images has no gradient");
            // As many shards as needed, about equally large.
            let images = own.len().div_ceil(own.len().div_ceil(at_once)).next_multiple_of(ROWS);
            for start in own.clone().step_by(images) {
                let positions = start..own.end.min(start + images);
                let (is_first, is_last) = (start == own.start, positions.end == own.end);
                let first = order.len() / BLOCK;
                let rest = positions.len().next_multiple_of(ROWS) - positions.len();
                order.extend_from_slice(&batch[positions.clone()]);
                order.extend(std::iter::repeat_n(batch[positions.end - 1], rest));
                let random = Random::default();
                shards.push(Shard { batch: number, positions, is_first, is_last, first, random });
            }
        }
        if let Some((_, images)) = self.images {
            let exist = order.iter().all(|&image| (image as usize) < images.len());
            assert!(exist, "a batch names an image that does not exist");
            let images_in_order = order.len();
            for shard in &mut shards {
                let of = Positions {
                    images,
                    batch: self.batches[shard.batch],
                    positions: shard.positions.clone(),
                    steps_before: self.update.steps + shard.batch as u64,
                };
                shard.random = self.random.entries(model, &of, &mut order)?;
            }
            return Ok(Prepared { shards, order, images: images_in_order });
        }
        Ok(Prepared { shards, images: order.len(), order })
    }
}

impl Prepared {
    pub(super) fn capacity(&self) -> Capacity {
        Capacity {
            rows: self.shards.iter().map(|shard| shard.positions.len()).max().unwrap_or_default(),
            steps: self.shards.len(),
            order: self.order.len(),
        }
    }

    /// How many sums the passes give.
    pub(super) fn sums_length(&self, network: &Network) -> usize {
        self.images / BLOCK * network.sums()
    }

    /// How many numbers are read back.
    pub(super) fn results_length(&self, network: &Network, results: Results) -> usize {
        match results {
            Results::Sums => self.sums_length(network),
            Results::Gradients => self.sums_length(network) + BLOCK * network.gradients(),
            Results::Outputs(map) => {
                let map = map(network);
                let images: usize = self.shards.iter().map(|shard| shard.positions.len()).sum();
                BLOCK * map.image * images
            }
        }
    }

    /// Writes the batches' order, and what changes from step to step.
    pub(super) fn write(&self, gpu: &Gpu, buffers: &NetworkBuffers, chunk: &Chunk) {
        let mut table = vec![0u8; STRIDE * self.shards.len()];
        for (shard, row) in self.shards.iter().zip(table.chunks_exact_mut(STRIDE)) {
            let images = chunk.batches[shard.batch].len();
            let step = [
                adam_rate(chunk.update.learning_rate, chunk.update.steps + shard.batch as u64 + 1).to_bits(),
                chunk.update.gradient_scale(images).to_bits(),
                shard.positions.len() as u32,
                shard.first as u32,
                buffers.network.nodes() as u32,
                buffers.network.rows() as u32,
                shard.positions.start as u32,
                (chunk.update.beta / images as f32).to_bits(),
                u32::from(!shard.is_first),
                0,
                0,
                0,
            ];
            let mut words = [0; STEP_WORDS];
            let all = step.iter().chain(shard.random.as_flattened());
            words.iter_mut().zip(all).for_each(|(to, &word)| *to = word);
            row[..FLOAT * STEP_WORDS].copy_from_slice(bytemuck::cast_slice(&words));
        }
        gpu.queue.write_buffer(&buffers.order, 0, bytemuck::cast_slice(&self.order));
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
