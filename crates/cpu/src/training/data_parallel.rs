//! Training a network of any depth.
//!
//! Forward and backward passes of images are independent, so the batch is cut into shards, one for each thread. Then updates of
//! the weights' panels are independent, and each gradient is a sum over all images in their order. So results do not depend
//! on the number of threads, which wait for each other twice a step.

use super::{
    column_worker::ColumnWorker,
    gradient::{Backward, Gradient, Target, output_panel, update_first_panel, update_panel},
    state::{ParameterPanel, State},
    train::Train,
};
use crate::{
    adam::Adam,
    inference::Infer,
    network::{Network, Pass, grow},
    simd::{Simd, run},
    tensors::{LayerShape, Shape},
    thread_pool::ThreadPool,
};
use latent_core::{data::Images, training::Progress};

/// Units whose weights are used for all images before those of the next units: they fit a second-level cache.
const UNITS: usize = 64;

/// A network in training.
pub(super) struct DataParallel<F, const WIDE: usize> {
    state: State<F, WIDE>,
    shards: Vec<Shard>,
}

/// Some images of a batch, with their values and gradients.
#[derive(Default)]
struct Shard {
    pass: Pass,
    /// At each layer's units; at the first layer's by image only.
    gradients: Vec<Gradient>,
    /// The losses of each image, not yet added over the lanes: `[rows, LANES]`.
    losses: Vec<f32>,
    /// The numbers of the shard's images in it: 0, 1 …
    order: Vec<u32>,
}

impl<F: Simd, const WIDE: usize> DataParallel<F, WIDE> {
    pub(super) fn new(state: State<F, WIDE>) -> Self {
        Self { state, shards: Vec::new() }
    }
}

impl<F: Simd, const WIDE: usize> Train for DataParallel<F, WIDE> {
    fn step(&mut self, pool: &mut ThreadPool, images: &Images, batch: &[u32], learning_rate: f32) -> f64 {
        assert!(!batch.is_empty(), "a batch without images has no gradient");
        self.state.begin(learning_rate);
        let share = batch.len().div_ceil(F::PANEL).div_ceil(pool.threads()) * F::PANEL;
        let shards = batch.len().div_ceil(share);
        if self.shards.len() < shards {
            self.shards.resize_with(shards, Shard::default);
        }
        let shards = &mut self.shards[..shards];
        let network = &self.state.network;
        let scale = network.shape.objective.gradient_scale(batch.len());
        pool.for_each(shards.iter_mut().zip(batch.chunks(share)), |(shard, batch)| {
            shard.forward(network, images, batch, scale);
            shard.backward(network);
        });
        let (shape, adam, shards) = (network.shape.clone(), self.state.adam, &*shards);
        pool.for_each(self.state.all_panels(), |panel| update::<F, WIDE>(adam, &shape, shards, panel));
        let losses = shards.iter().flat_map(|shard| &shard.losses[..shard.pass.images * F::LANES]);
        shape.objective.reduce(losses.map(|&loss| f64::from(loss)).sum(), batch.len())
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

    fn as_column_worker(&mut self) -> Option<&mut dyn ColumnWorker> {
        None
    }
}

impl Shard {
    /// Computes the losses of these images, and the gradient at the output.
    fn forward<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        images: &Images,
        batch: &[u32],
        scale: f32,
    ) {
        let (shape, output) = (&network.shape, network.shape.output_layer());
        let Self { pass, gradients, losses, order } = self;
        pass.begin::<F>(shape, 0..output, batch.len());
        pass.keep_derivatives(shape, 0..output);
        pass.gather(shape, images, batch.iter().map(|&image| image as usize));
        pass.pixels.transpose();
        order.clear();
        order.extend(0..batch.len() as u32);
        gradients.resize_with(shape.layers.len(), Gradient::default);
        for (number, (gradient, layer)) in gradients.iter_mut().zip(&shape.layers).enumerate() {
            grow(&mut gradient.by_image, layer.columns() * pass.rows);
            if number > 0 {
                grow(&mut gradient.by_unit, layer.units * pass.rows);
            }
        }
        grow(losses, pass.rows * F::LANES);
        losses.fill(0.0);
        network.encode(pass);
        network.decode(pass);
        run!(F, {
            let hidden = &pass.activations[output - 1];
            let target = Target::new(&pass.pixels, order, scale);
            let LayerShape { panels, units, .. } = shape.layers[output];
            for panel in 0..panels {
                let place = (panel, panel, units);
                output_panel(
                    network,
                    #[inline(always)]
                    |image| network.output_tile(hidden, image, panel),
                    target,
                    place,
                    &mut gradients[output],
                    losses,
                );
            }
        });
    }

    /// Computes the gradients at all layers from that at the output.
    fn backward<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>) {
        for layer in (1..network.shape.layers.len()).rev() {
            self.backward_through(network, layer);
            self.clear_padding::<F>(&network.shape.layers[layer - 1], layer - 1);
        }
    }

    /// Computes the gradient at the units before a layer from that at its own.
    fn backward_through<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>, layer: usize) {
        let (shape, before) = (&network.shape.layers[layer], &network.shape.layers[layer - 1]);
        let (below, above) = self.gradients.split_at_mut(layer);
        let (below, above) = (&mut below[layer - 1], &above[0]);
        let backward = Backward {
            kernel: &network.weights.layers[layer].kernel,
            shape,
            gradient: &above.by_unit,
            activation: (before.activation, self.pass.state(&network.shape, layer - 1)),
            units: shape.rows,
            rows: self.pass.rows,
        };
        for first in (0..shape.rows).step_by(UNITS) {
            let by_unit = (layer > 1).then_some(&mut below.by_unit[..]);
            let units = first..shape.rows.min(first + UNITS);
            backward.run::<F>(units, before.width, &mut below.by_image, by_unit);
        }
    }

    /// Writes zeros where the last panel of a layer has more columns than there are units: batches of another size may have left
    /// numbers there.
    fn clear_padding<F: Simd>(&mut self, shape: &LayerShape, layer: usize) {
        if shape.units < shape.columns() {
            let last = (shape.panels - 1) * self.pass.rows * shape.width;
            let rows = self.gradients[layer].by_image[last..].chunks_exact_mut(shape.width);
            for row in rows.take(self.pass.rows) {
                row[shape.units % shape.width..].fill(0.0);
            }
        }
    }
}

impl Shard {
    /// The gradient at a panel of a layer, by image.
    fn gradient(&self, layer: usize, panel: usize, width: usize) -> &[f32] {
        let len = self.pass.rows * width;
        &self.gradients[layer].by_image[panel * len..][..len]
    }
}

fn update<F: Simd, const WIDE: usize>(
    adam: Adam,
    shape: &Shape,
    shards: &[Shard],
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
