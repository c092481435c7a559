//! The gradient at what a layer reads.

use super::{
    convolution::{gather, scatter},
    geometry::Geometry,
    layer_plan::{Kind, LayerPlan},
    network::Network,
    packing::{get_row, put_row},
    pass::{Pass, Scratch},
    product::product,
};
use crate::simd::{Simd, VECTORS, run, vectors};
use latent_core::model::Role;

impl<F: Simd> Network<F> {
    /// Writes it to `below`, from the gradient at the layer's sums; of the mean, adds it to that of the logarithm of the
    /// variance.
    pub(super) fn input_gradient(&self, at: usize, pass: &Pass, scratch: &mut Scratch, below: &mut [f32]) {
        let layer = &self.plan.layers[at];
        let (gradient, transposed) = (&pass.gradients[at], &self.transposed[at]);
        let kernel = &self.weights[layer.kernel.clone()];
        let maps = gradient.chunks_exact(layer.outputs).zip(below.chunks_exact_mut(layer.inputs));
        let maps = maps.take(pass.images);
        match &layer.kind {
            Kind::Dense => {
                run!(F, dense_input::<F>(layer, gradient, pass.images, transposed, &mut scratch.sums, below));
            }
            Kind::Convolution(geometry) => {
                for (gradient, below) in maps {
                    run!(F, scatter::<F>(geometry, gradient, transposed, &mut scratch.scattered));
                    for (row, below) in geometry.rows_of(below) {
                        below.copy_from_slice(&scratch.scattered[row..][..below.len()]);
                    }
                }
            }
            Kind::Transpose(geometry) => {
                for (gradient, below) in maps {
                    let padded = &mut scratch.padded[at];
                    geometry.pad(gradient, padded);
                    run!(F, transpose_input::<F>(geometry, padded, kernel, below));
                }
            }
            Kind::Dropout { .. } => {
                let products = below.iter_mut().zip(gradient).zip(&pass.factors[at]);
                products.for_each(|((below, gradient), factor)| *below = gradient * factor);
            }
        }
    }
}

#[inline(always)]
fn dense_input<F: Simd>(
    layer: &LayerPlan,
    gradient: &[f32],
    images: usize,
    transposed: &[f32],
    sums: &mut Vec<f32>,
    below: &mut [f32],
) {
    product::<F>(
        gradient,
        (images, layer.outputs),
        transposed,
        sums,
        #[inline(always)]
        |image, panel, sums| {
            let column = panel * F::PANEL;
            let width = F::PANEL.min(layer.inputs - column);
            let below = &mut below[image * layer.inputs + column..][..width];
            let before: [F; VECTORS] = get_row(below);
            let sums = if layer.role == Role::Mean { vectors(|v| before[v] + sums[v]) } else { sums };
            put_row::<F>(sums, below);
        },
    );
}

#[inline(always)]
fn transpose_input<F: Simd>(geometry: &Geometry, padded: &[f32], kernel: &[f32], below: &mut [f32]) {
    let channels = geometry.small().channels;
    gather::<F>(
        geometry,
        padded,
        kernel,
        #[inline(always)]
        |position, panel, sums| {
            let column = panel * F::PANEL;
            put_row::<F>(sums, &mut below[position * channels + column..][..F::PANEL.min(channels - column)]);
        },
    );
}
