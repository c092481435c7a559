//! The backward pass: the gradients of a layer's kernel and bias, and at what the layer reads.

use super::{
    convolution::{gather, kernel_gradient, scatter},
    geometry::Geometry,
    network::Network,
    pass::{Pass, Scratch},
    plan::{Kind, LayerPlan, Source},
    product::{SLACK, add_columns, add_to_rows, get_row, pack, product, put_row},
};
use crate::{
    activation::Activation,
    simd::{Simd, VECTORS, run, vectors},
    tile::{ROWS, zero},
};
use latent_core::model::Role;
use std::ops::Range;

impl<F: Simd> Network<F> {
    /// Goes back through some layers, from the gradient at the sums of the last one. Adds the gradients of kernels and biases to
    /// `parameters`, which lie as the weights do.
    pub(super) fn backward(&self, pass: &mut Pass, layers: Range<usize>, parameters: &mut [f32]) {
        for at in layers.rev() {
            let layer = &self.plan.layers[at];
            let mut scratch = std::mem::take(&mut pass.scratch);
            self.parameter_gradients(at, pass, &mut scratch, parameters);
            let mut below = match layer.source {
                Source::Image => Vec::new(),
                Source::Layer(before) => std::mem::take(&mut pass.gradients[before]),
                Source::Code => std::mem::take(&mut pass.code_gradient),
            };
            if layer.source != Source::Image {
                self.input_gradient(at, pass, &mut scratch, &mut below);
            }
            match layer.source {
                Source::Image => {}
                Source::Layer(before) => {
                    // What the logarithm of the variance contributes waits for the mean's share.
                    if layer.role != Role::LogVariance {
                        let count = pass.images * layer.inputs + SLACK;
                        let state = &pass.state(&self.plan, before)[..count];
                        let activation = self.plan.layers[before].activation;
                        run!(F, through::<F>(activation, state, &mut below[..count]));
                    }
                    pass.gradients[before] = below;
                }
                Source::Code => pass.code_gradient = below,
            }
            pass.scratch = scratch;
        }
    }

    fn parameter_gradients(&self, at: usize, pass: &Pass, scratch: &mut Scratch, parameters: &mut [f32]) {
        let layer = &self.plan.layers[at];
        let (input, gradient) = (pass.source(layer.source), &pass.gradients[at]);
        let (kernel, bias) = parameters[layer.kernel.start..layer.bias.end].split_at_mut(layer.kernel.len());
        let Scratch { padded, packed, sums, .. } = scratch;
        let maps = input.chunks_exact(layer.inputs).zip(gradient.chunks_exact(layer.outputs));
        let maps = maps.take(pass.images);
        match &layer.kind {
            Kind::Dense => run!(F, {
                let (images, inputs) = (pass.images, layer.inputs);
                dense::<F>(input, (images, inputs), gradient, layer.outputs, packed, kernel);
                add_rows_of(gradient, (images, layer.outputs), layer.channels, sums, bias);
            }),
            Kind::Convolution(geometry) => {
                for (input, gradient) in maps {
                    geometry.pad(input, &mut padded[at]);
                    run!(F, {
                        pack::<F>(gradient, (geometry.count(), layer.channels), packed);
                        kernel_gradient::<F>(geometry, &padded[at], packed, kernel);
                        let rows = (geometry.small().height, geometry.small().width * layer.channels);
                        add_rows_of(gradient, rows, layer.channels, sums, bias);
                    });
                }
            }
            Kind::Transpose(geometry) => {
                for (input, gradient) in maps {
                    geometry.pad(gradient, &mut padded[at]);
                    run!(F, {
                        pack::<F>(input, (geometry.count(), geometry.small().channels), packed);
                        kernel_gradient::<F>(geometry, &padded[at], packed, kernel);
                        let rows = (geometry.large().height, geometry.large().width * layer.channels);
                        add_rows_of(gradient, rows, layer.channels, sums, bias);
                    });
                }
            }
            Kind::Dropout { .. } => {}
        }
    }

    /// Writes the gradient at what a layer reads; of the mean, adds it to that of the logarithm of the variance.
    fn input_gradient(&self, at: usize, pass: &Pass, scratch: &mut Scratch, below: &mut [f32]) {
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

/// Adds the gradient of a dense kernel, `[panels, inputs, PANEL]`.
#[inline(always)]
fn dense<F: Simd>(
    input: &[f32],
    (images, inputs): (usize, usize),
    gradient: &[f32],
    outputs: usize,
    packed: &mut Vec<f32>,
    kernel: &mut [f32],
) {
    pack::<F>(gradient, (images, outputs), packed);
    let panels = packed.chunks_exact(images * F::PANEL);
    for (gradient, kernel) in panels.zip(kernel.chunks_exact_mut(inputs * F::PANEL)) {
        for row in (0..inputs).step_by(ROWS) {
            let tile = add_columns::<F>(zero(), &input[row..], inputs, gradient);
            add_to_rows(tile, inputs - row, &mut kernel[row * F::PANEL..]);
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

/// Adds up rows, `[rows, length]`, and then each channel of the sum, `[.., channels]`, to `to`.
#[inline(always)]
fn add_rows_of(
    matrix: &[f32],
    (rows, length): (usize, usize),
    channels: usize,
    sums: &mut Vec<f32>,
    to: &mut [f32],
) {
    sums.clear();
    sums.extend_from_slice(&matrix[..length]);
    for row in matrix.chunks_exact(length).take(rows).skip(1) {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    for row in sums.chunks_exact(channels) {
        to.iter_mut().zip(row).for_each(|(to, sum)| *to += sum);
    }
}

/// Takes gradients at values to those at the sums. `state` is that of [`Activation::backward`].
#[inline(always)]
fn through<F: Simd>(activation: Activation, state: &[f32], gradients: &mut [f32]) {
    for (gradient, state) in gradients.chunks_exact_mut(F::LANES).zip(state.chunks_exact(F::LANES)) {
        activation.backward(F::load(gradient), F::load(state)).store(gradient);
    }
}
