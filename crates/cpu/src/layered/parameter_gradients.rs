//! The gradients of a layer's kernel and bias.

use super::{
    convolution::kernel_gradient,
    layer_plan::Kind,
    network::Network,
    packing::pack,
    pass::{Pass, Scratch},
    product::{add_columns, add_to_rows},
};
use crate::{
    simd::{Simd, run},
    tile::{ROWS, zero},
};

impl<F: Simd> Network<F> {
    /// Adds them to `parameters`, which lie as the weights do, from the gradient at the layer's sums.
    pub(super) fn parameter_gradients(
        &self,
        at: usize,
        pass: &Pass,
        scratch: &mut Scratch,
        parameters: &mut [f32],
    ) {
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
