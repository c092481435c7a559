//! Some images of a batch in training, with all layers' values and gradients.

use super::gradient::{Backward, Gradient, Target, output_panel};
use crate::{
    network::{Network, Pass, grow},
    simd::{Simd, run},
    tensors::{LayerShape, Shape},
};
use latent_core::data::Images;

/// Units whose weights are used for all images before those of the next units: they fit a second-level cache.
const UNITS: usize = 64;

/// Some images of a batch, with their values and gradients.
#[derive(Default)]
pub(super) struct Shard {
    pub(super) pass: Pass,
    /// At each layer's units; at the first layer's by image only.
    gradients: Vec<Gradient>,
    /// The losses of each image, not yet added over the lanes: `[rows, LANES]`.
    losses: Vec<f32>,
    /// The numbers of the shard's images in it: 0, 1 …
    order: Vec<u32>,
}

impl Shard {
    /// Gathers these images' pixels, and reserves memory for their values and gradients, by image.
    pub(super) fn gather<F: Simd>(&mut self, shape: &Shape, images: &Images, batch: &[u32]) {
        let Self { pass, gradients, losses, .. } = self;
        pass.begin::<F>(shape, 0..shape.output_layer(), batch.len());
        pass.gather(shape, images, batch.iter().map(|&image| image as usize));
        pass.pixels.transpose();
        gradients.resize_with(shape.layers.len(), Gradient::default);
        for (gradient, layer) in gradients.iter_mut().zip(&shape.layers) {
            grow(&mut gradient.by_image, layer.columns() * pass.rows);
        }
        grow(losses, pass.rows * F::LANES);
    }

    /// Computes the losses of these images, and the gradient at the output.
    pub(super) fn forward<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        images: &Images,
        batch: &[u32],
        scale: f32,
    ) {
        let (shape, output) = (&network.shape, network.shape.output_layer());
        self.gather::<F>(shape, images, batch);
        let Self { pass, gradients, losses, order } = self;
        pass.keep_derivatives(shape, 0..output);
        order.clear();
        order.extend(0..batch.len() as u32);
        for (gradient, layer) in gradients.iter_mut().zip(&shape.layers).skip(1) {
            grow(&mut gradient.by_unit, layer.units * pass.rows);
        }
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
    pub(super) fn backward<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>) {
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

    /// The gradient at a panel of a layer, by image.
    pub(super) fn gradient(&self, layer: usize, panel: usize, width: usize) -> &[f32] {
        let len = self.pass.rows * width;
        &self.gradients[layer].by_image[panel * len..][..len]
    }

    /// What the update of weights needs of some adjacent shards beside their pixels, as of one shard: the inputs of each layer
    /// but the first, the gradient at each layer by image, and the losses.
    pub(super) fn read<F: Simd>(shards: &[Self], shape: &Shape) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut add = |numbers: &[f32]| bytes.extend_from_slice(bytemuck::cast_slice(numbers));
        for (layer, hidden) in shape.layers[..shape.output_layer()].iter().enumerate() {
            shards
                .iter()
                .for_each(|Self { pass, .. }| add(&pass.activations[layer][..hidden.units * pass.rows]));
        }
        for (layer, &LayerShape { panels, width, .. }) in shape.layers.iter().enumerate() {
            for panel in 0..panels {
                shards.iter().for_each(|shard| add(shard.gradient(layer, panel, width)));
            }
        }
        shards.iter().for_each(|shard| add(shard.losses::<F>()));
        bytes
    }

    /// The memory for what [`Shard::read`] gives, piece by piece.
    pub(super) fn pieces<F: Simd>(&mut self, shape: &Shape) -> Vec<&mut [u8]> {
        let Self { pass, gradients, losses, .. } = self;
        let rows = pass.rows;
        let inputs = pass.activations.iter_mut().zip(&shape.layers);
        let inputs = inputs.map(|(values, layer)| &mut values[..layer.units * rows]);
        let gradients = gradients.iter_mut().zip(&shape.layers);
        let gradients = gradients.map(|(gradient, layer)| &mut gradient.by_image[..layer.columns() * rows]);
        let losses = &mut losses[..pass.images * F::LANES];
        inputs.chain(gradients).chain([losses]).map(bytemuck::cast_slice_mut).collect()
    }

    /// The losses of the shard's images: `[images, LANES]`.
    pub(super) fn losses<F: Simd>(&self) -> &[f32] {
        &self.losses[..self.pass.images * F::LANES]
    }
}
