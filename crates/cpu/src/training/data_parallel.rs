//! Training a deterministic network of any depth.
//!
//! Forward and backward passes of images are independent, so the batch is cut into shards, one for each thread. Then updates of
//! the weights' panels are independent, and each gradient is a sum over all images in their order. So results do not depend
//! on the number of threads, which wait for each other twice a step.
//!
//! Of several workers each computes a range of the batch's images, and, once it has what the others computed of theirs, a range
//! of each layer's panels (`data_worker.rs`).

use super::{
    gradient::{update_first_panel, update_panel},
    shard::Shard,
    state::{ParameterPanel, State},
    team_worker::TeamWorker,
    train::Train,
};
use crate::{
    adam::Adam,
    inference::Infer,
    simd::Simd,
    tensors::{LayerShape, Shape},
    thread_pool::ThreadPool,
};
use latent_core::{
    data::Images,
    noise::{Noise, NoiseError},
    team::Rank,
    training::{Losses, Progress},
};
use std::ops::Range;

/// A network in training.
pub(super) struct DataParallel<F, const WIDE: usize> {
    pub(super) state: State<F, WIDE>,
    /// Whose share of the images and of the weights is computed here.
    pub(super) rank: Rank,
    /// How many images the batch has.
    images: usize,
    pub(super) shards: Shards,
}

/// The shards of a batch.
#[derive(Default)]
pub(super) struct Shards {
    /// The own images, a shard for each thread.
    own: Vec<Shard>,
    /// How many of those the batch fills.
    filled: usize,
    /// The images of each rank but the own one, whose place stays empty. None without other ranks.
    pub(super) others: Vec<Shard>,
}

impl Shards {
    /// Those of the own images.
    pub(super) fn own(&self) -> &[Shard] {
        &self.own[..self.filled]
    }

    /// Those of all images, in the batch's order. A small batch has no images for some ranks.
    fn all(&self, rank: Rank) -> Vec<&Shard> {
        let of =
            |index| if index == rank.index { self.own() } else { std::slice::from_ref(&self.others[index]) };
        (0..rank.of).flat_map(of).filter(|shard| shard.pass.images > 0).collect()
    }
}

impl<F: Simd, const WIDE: usize> Train for DataParallel<F, WIDE> {
    fn set_noise(&mut self, _: Noise) {
        // These models draw no random numbers.
    }

    fn step(
        &mut self,
        pool: &mut ThreadPool,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<Losses, NoiseError> {
        self.pass_images(pool, images, batch, learning_rate);
        self.update(pool);
        Ok(self.losses())
    }

    fn progress(&self) -> Progress {
        self.state.progress()
    }

    fn network(&self) -> &dyn Infer {
        &self.state.network
    }

    fn boundary_share(&self) -> Option<f64> {
        None
    }

    fn as_team_worker(&mut self) -> &mut dyn TeamWorker {
        self
    }
}

impl<F: Simd, const WIDE: usize> DataParallel<F, WIDE> {
    pub(super) fn new(state: State<F, WIDE>) -> Self {
        Self { state, rank: Rank::SINGLE, images: 0, shards: Shards::default() }
    }

    /// Which images of the batch are a rank's: whole panels but for the last one.
    pub(super) fn images_of(&self, rank: Rank) -> Range<usize> {
        let panels = self.images.div_ceil(F::PANEL);
        let before = |index: usize| (panels * index / rank.of * F::PANEL).min(self.images);
        before(rank.index)..before(rank.index + 1)
    }

    /// Begins a step: forward and backward passes of the own images.
    pub(super) fn pass_images(
        &mut self,
        pool: &mut ThreadPool,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) {
        assert!(!batch.is_empty(), "a batch without images has no gradient");
        self.state.begin(learning_rate);
        self.images = batch.len();
        let own = &batch[self.images_of(self.rank)];
        let share = own.len().div_ceil(F::PANEL).div_ceil(pool.threads()).max(1) * F::PANEL;
        let Shards { own: shards, filled, .. } = &mut self.shards;
        *filled = own.len().div_ceil(share);
        if shards.len() < *filled {
            shards.resize_with(*filled, Shard::default);
        }
        let network = &self.state.network;
        let scale = network.shape.objective.gradient_scale(batch.len());
        pool.for_each(shards.iter_mut().zip(own.chunks(share)), |(shard, batch)| {
            shard.forward(network, images, batch, scale);
            shard.backward(network);
        });
    }

    /// Updates the own panels of all layers, from the shards of the whole batch.
    pub(super) fn update(&mut self, pool: &mut ThreadPool) {
        let Self { state, rank, shards, .. } = self;
        let shards = shards.all(*rank);
        let (shape, adam) = (state.network.shape.clone(), state.adam);
        pool.for_each(state.panels_of(*rank), |panel| update::<F, WIDE>(adam, &shape, &shards, panel));
    }

    /// The losses of the batch before the step.
    pub(super) fn losses(&self) -> Losses {
        let shards = self.shards.all(self.rank);
        let losses = shards.iter().flat_map(|shard| shard.losses::<F>());
        let sum = losses.map(|&loss| f64::from(loss)).sum();
        self.state.network.shape.objective.losses([sum, 0.0], self.images)
    }
}

fn update<F: Simd, const WIDE: usize>(
    adam: Adam,
    shape: &Shape,
    shards: &[&Shard],
    panel: ParameterPanel<'_>,
) {
    let (layer, at) = (panel.layer, panel.panel);
    let LayerShape { rows, width, .. } = shape.layers[layer];
    let shards = shards.iter().map(|shard| (&shard.pass, shard.gradient(layer, at, width)));
    if layer == 0 {
        let operands: Vec<_> = shards.map(|(pass, gradient)| (&pass.pixels, gradient)).collect();
        update_first_panel::<F, WIDE>(adam, panel, &operands);
    } else {
        let operands: Vec<_> =
            shards.map(|(pass, gradient)| (&pass.activations[layer - 1][..], gradient)).collect();
        update_panel::<F>(adam, rows, panel, &operands);
    }
}
