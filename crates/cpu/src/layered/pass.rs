//! What a thread needs to compute some images: their values, gradients and random numbers.

use super::{
    layer_plan::{Kind, Source},
    plan::Plan,
    product::SLACK,
};
use crate::{deviates::normals, simd::Simd};
use latent_core::{
    data::Images,
    noise::{Noise, NoiseError, corrupt_for_validation},
};
use std::ops::Range;

/// The values of some images. Buffers never shrink.
#[derive(Default)]
pub(super) struct Pass {
    /// How many images there are.
    pub(super) images: usize,
    /// The images as the encoder reads them, `[images, pixels]`.
    pub(super) input: Vec<f32>,
    /// The clean images' bytes, `[images, pixels]`.
    pub(super) target: Vec<u8>,
    /// Of each layer, `[images, outputs]`: the values behind the activation; of the last one, the sums before it.
    pub(super) values: Vec<Vec<f32>>,
    /// Of each layer with a smooth activation that is trained on, its derivatives, likewise; empty for others.
    pub(super) derivatives: Vec<Vec<f32>>,
    /// Of each layer, the gradient at its sums, likewise. Of a dropout layer, that at its values.
    pub(super) gradients: Vec<Vec<f32>>,
    /// Of each dropout layer, what values were multiplied by; empty for others.
    pub(super) factors: Vec<Vec<f32>>,
    /// The codes that were drawn, the deviates that they were drawn with, and the gradient there, `[images, code]`.
    pub(super) code: Vec<f32>,
    pub(super) deviates: Vec<f32>,
    pub(super) code_gradient: Vec<f32>,
    pub(super) scratch: Scratch,
}

/// Buffers that each layer uses for itself.
#[derive(Default)]
pub(super) struct Scratch {
    /// Of each convolution, a large map with zeros around it.
    pub(super) padded: Vec<Vec<f32>>,
    /// A large map that is being added up.
    pub(super) scattered: Vec<f32>,
    /// A matrix in panels.
    pub(super) packed: Vec<f32>,
    /// A panel of a product.
    pub(super) sums: Vec<f32>,
}

/// A buffer for at least so many values, and what may be read or written beyond them.
pub(super) fn grow(buffer: &mut Vec<f32>, len: usize) {
    if buffer.len() < len + SLACK {
        buffer.resize(len + SLACK, 0.0);
    }
}

impl Pass {
    /// Makes room for so many images.
    pub(super) fn begin(&mut self, plan: &Plan, images: usize) {
        self.images = images;
        self.values.resize_with(plan.layers.len(), Vec::new);
        self.derivatives.resize_with(plan.layers.len(), Vec::new);
        self.factors.resize_with(plan.layers.len(), Vec::new);
        self.scratch.padded.resize_with(plan.layers.len(), Vec::new);
        grow(&mut self.input, images * plan.pixels());
        let code = images * plan.model.latent_units();
        for buffer in [&mut self.code, &mut self.deviates, &mut self.code_gradient] {
            grow(buffer, code);
        }
        for (at, layer) in plan.layers.iter().enumerate() {
            grow(&mut self.values[at], images * layer.outputs);
            if let Kind::Convolution(geometry) | Kind::Transpose(geometry) = &layer.kind {
                grow(&mut self.scratch.padded[at], geometry.len());
                grow(&mut self.scratch.scattered, geometry.len());
            }
        }
    }

    /// Makes room for what training needs besides.
    pub(super) fn begin_training(&mut self, plan: &Plan) {
        self.gradients.resize_with(plan.layers.len(), Vec::new);
        for (at, layer) in plan.layers.iter().enumerate() {
            grow(&mut self.gradients[at], self.images * layer.outputs);
            if layer.activation.smooth.is_some() {
                grow(&mut self.derivatives[at], self.images * layer.outputs);
            }
        }
    }

    /// Reads images, clean.
    pub(super) fn gather(&mut self, images: &Images, which: impl Iterator<Item = usize>) {
        self.target.clear();
        which.for_each(|image| self.target.extend_from_slice(images.get(image)));
        for (value, &byte) in self.input.iter_mut().zip(&self.target) {
            *value = f32::from(byte) * (1.0 / 255.0);
        }
    }

    /// Corrupts the images as validation reads them; the first of them has this index in its set.
    pub(super) fn corrupt_for_validation<F: Simd>(&mut self, plan: &Plan, first: usize) {
        let (values, corruption) = (plan.pixels(), plan.model.corruption);
        let input = &mut self.input[..self.images * values];
        corrupt_for_validation(corruption, first, normals::<F>, input, values);
    }

    /// Draws the random numbers of these positions of a batch, and corrupts the images.
    pub(super) fn draw<F: Simd>(
        &mut self,
        plan: &Plan,
        noise: &Noise,
        steps: u64,
        positions: Range<usize>,
    ) -> Result<(), NoiseError> {
        let input = &mut self.input[..self.images * plan.pixels()];
        noise.corrupt(plan.model.corruption, steps, positions.clone(), normals::<F>, input)?;
        for (factors, layer) in self.factors.iter_mut().zip(&plan.layers) {
            if let Kind::Dropout { number, rate } = layer.kind {
                *factors = noise.dropout(steps, number, rate, positions.clone(), layer.outputs)?;
            }
        }
        if plan.model.is_variational() {
            let deviates = noise.sampling(steps, positions, plan.model.latent_units())?;
            self.deviates[..deviates.len()].copy_from_slice(&deviates);
        }
        Ok(())
    }

    /// What a layer reads.
    pub(super) fn source(&self, source: Source) -> &[f32] {
        match source {
            Source::Image => &self.input,
            Source::Layer(layer) => &self.values[layer],
            Source::Code => &self.code,
        }
    }

    /// What [`Activation::backward`](crate::activation::Activation::backward) needs of a layer.
    pub(super) fn state(&self, plan: &Plan, layer: usize) -> &[f32] {
        match plan.layers[layer].activation.smooth {
            Some(_) => &self.derivatives[layer],
            None => &self.values[layer],
        }
    }
}
