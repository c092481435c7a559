//! The forward pass.

use super::{
    convolution::{gather, scatter},
    geometry::Geometry,
    layer_plan::Kind,
    network::Network,
    packing::put_row,
    pass::{Pass, Scratch},
    product::product,
};
use crate::{
    activation::Activation,
    simd::{Simd, VECTORS, load, run, vectors},
};
use latent_core::model::ActivationFunction;
use std::ops::Range;

const LINEAR: ActivationFunction = ActivationFunction::PiecewiseLinear { negative_slope: 1.0 };

impl<F: Simd> Network<F> {
    /// Computes some layers one after another. Unless the images are trained on, dropout leaves values as they are. The last
    /// layer's activation is left to the loss.
    pub(super) fn layers(&self, pass: &mut Pass, layers: Range<usize>, is_training: bool) {
        for at in layers {
            let layer = &self.plan.layers[at];
            let mut values = std::mem::take(&mut pass.values[at]);
            let mut scratch = std::mem::take(&mut pass.scratch);
            let is_last = at == self.plan.output_layer();
            let activation = if is_last { LINEAR.into() } else { layer.activation };
            self.layer(at, pass, activation, &mut values, &mut scratch);
            if let Some(smooth) = activation.smooth {
                let count = (pass.images * layer.outputs).next_multiple_of(F::LANES);
                let derivatives = is_training.then_some(&mut pass.derivatives[at][..]);
                smooth.apply::<F>(&mut values[..count], derivatives);
            }
            if let (true, Kind::Dropout { .. }) = (is_training, &layer.kind) {
                values.iter_mut().zip(&pass.factors[at]).for_each(|(value, factor)| *value *= factor);
            }
            (pass.values[at], pass.scratch) = (values, scratch);
        }
    }

    /// Computes a layer, but no smooth activation.
    fn layer(
        &self,
        at: usize,
        pass: &Pass,
        activation: Activation,
        values: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let (layer, input) = (&self.plan.layers[at], pass.source(self.plan.layers[at].source));
        let (kernel, bias) = (&self.weights[layer.kernel.clone()], &self.weights[layer.bias.clone()]);
        let behind = Behind { bias, activation };
        let maps = input.chunks_exact(layer.inputs).zip(values.chunks_exact_mut(layer.outputs));
        let maps = maps.take(pass.images);
        match &layer.kind {
            Kind::Dense => {
                let (sizes, outputs) = ((pass.images, layer.inputs), layer.outputs);
                run!(F, dense::<F>(input, sizes, kernel, behind, values, outputs, &mut scratch.sums));
            }
            Kind::Convolution(geometry) => {
                let padded = &mut scratch.padded[at];
                for (map, values) in maps {
                    geometry.pad(map, padded);
                    run!(F, convolution::<F>(geometry, padded, kernel, behind, values));
                }
            }
            Kind::Transpose(geometry) => {
                let width = geometry.large().width;
                scratch.sums.clear();
                (0..width).for_each(|_| scratch.sums.extend_from_slice(&bias[..layer.channels]));
                let behind = Behind { bias: &scratch.sums, activation };
                for (map, values) in maps {
                    let sums = &mut scratch.scattered;
                    run!(F, transpose::<F>(geometry, map, &self.transposed[at], behind, sums, values));
                }
            }
            Kind::Dropout { .. } => {
                let count = pass.images * layer.outputs;
                values[..count].copy_from_slice(&input[..count]);
            }
        }
    }
}

/// What is done to sums before they are a layer's values, unless its activation is smooth.
#[derive(Clone, Copy)]
struct Behind<'a> {
    bias: &'a [f32],
    activation: Activation,
}

impl Behind<'_> {
    /// Writes a row of a panel of a matrix `[rows, columns]`.
    #[inline(always)]
    fn put<F: Simd>(
        self,
        (row, panel): (usize, usize),
        sums: [F; VECTORS],
        values: &mut [f32],
        columns: usize,
    ) {
        let column = panel * F::PANEL;
        let bias: [F; VECTORS] = load(&self.bias[column..]);
        let row = &mut values[row * columns + column..][..F::PANEL.min(columns - column)];
        put_row::<F>(vectors(|v| self.activation.piecewise_linear(sums[v] + bias[v])), row);
    }
}

#[inline(always)]
fn dense<F: Simd>(
    input: &[f32],
    sizes: (usize, usize),
    kernel: &[f32],
    behind: Behind<'_>,
    values: &mut [f32],
    outputs: usize,
    sums: &mut Vec<f32>,
) {
    product::<F>(
        input,
        sizes,
        kernel,
        sums,
        #[inline(always)]
        |image, panel, sums| behind.put((image, panel), sums, values, outputs),
    );
}

#[inline(always)]
fn convolution<F: Simd>(
    geometry: &Geometry,
    padded: &[f32],
    kernel: &[f32],
    behind: Behind<'_>,
    values: &mut [f32],
) {
    gather::<F>(
        geometry,
        padded,
        kernel,
        #[inline(always)]
        |position, panel, sums| behind.put((position, panel), sums, values, geometry.small().channels),
    );
}

/// The bias is repeated for each column of the map.
#[inline(always)]
fn transpose<F: Simd>(
    geometry: &Geometry,
    map: &[f32],
    kernel: &[f32],
    behind: Behind<'_>,
    scattered: &mut [f32],
    values: &mut [f32],
) {
    scatter::<F>(geometry, map, kernel, scattered);
    let slope = behind.activation.negative_slope;
    for (row, values) in geometry.rows_of(values) {
        let sums = &scattered[row..][..values.len()];
        let whole = values.len() / F::LANES * F::LANES;
        for at in (0..whole).step_by(F::LANES) {
            let sum = F::load(&sums[at..]) + F::load(&behind.bias[at..]);
            behind.activation.piecewise_linear(sum).store(&mut values[at..]);
        }
        for at in whole..values.len() {
            let sum = sums[at] + behind.bias[at];
            values[at] = if sum > 0.0 { sum } else { sum * slope };
        }
    }
}
