//! One half of a network for one input, in plain arithmetic: some milliseconds for the largest models of the menu. Engines have
//! faster passes, which keep no layer's outputs.

use crate::{
    math::{sigmoid, tanh},
    model::{ActivationFunction, Convolution, Half, Layer, LayerKind, ModelSpec, Role},
    weights::Weights,
};

/// What each layer of a half gives for an input: an image's values, 0 to 1, for the encoder, a code for the decoder. Of a
/// variational model's code it is the mean.
///
/// `weights` are the model's ([`Weights::check`]).
pub fn forward(model: &ModelSpec, weights: &Weights, half: Half, input: &[f32]) -> Vec<Vec<f32>> {
    let mut tensors = weights.layers();
    let mut outputs: Vec<Vec<f32>> = Vec::new();
    for layer in model.layers() {
        let tensors = if layer.has_weights() { tensors.next() } else { None };
        if layer.half != half || layer.role == Role::LogVariance {
            continue;
        }
        let read = outputs.last().map_or(input, Vec::as_slice);
        let mut given = match tensors {
            Some(tensors) => sums(&layer, &tensors.kernel.values, &tensors.bias.values, read),
            None => read.to_vec(),
        };
        given.iter_mut().for_each(|value| *value = activated(layer.function, *value));
        outputs.push(given);
    }
    outputs
}

/// The sums of a layer that has weights, with its bias.
fn sums(layer: &Layer, kernel: &[f32], bias: &[f32], read: &[f32]) -> Vec<f32> {
    let mut sums: Vec<f32> = bias.iter().copied().cycle().take(layer.outputs).collect();
    match layer.kind {
        LayerKind::Dense => {
            for (&value, kernel) in read.iter().zip(kernel.chunks_exact(layer.outputs)) {
                if value != 0.0 {
                    sums.iter_mut().zip(kernel).for_each(|(sum, weight)| *sum += value * weight);
                }
            }
        }
        LayerKind::Conv2d(convolution) => for_each_position(convolution, |small, large, at| {
            let channels = convolution.small.channels;
            for (c, &value) in
                read[large * convolution.large.channels..].iter().take(convolution.large.channels).enumerate()
            {
                let kernel = &kernel[(at * convolution.large.channels + c) * channels..][..channels];
                let to = &mut sums[small * channels..][..channels];
                to.iter_mut().zip(kernel).for_each(|(sum, weight)| *sum += value * weight);
            }
        }),
        LayerKind::Conv2dTranspose(convolution) => for_each_position(convolution, |small, large, at| {
            let channels = convolution.small.channels;
            let read = &read[small * channels..][..channels];
            for c in 0..convolution.large.channels {
                let kernel = &kernel[(at * convolution.large.channels + c) * channels..][..channels];
                let sum: f32 = read.iter().zip(kernel).map(|(value, weight)| value * weight).sum();
                sums[large * convolution.large.channels + c] += sum;
            }
        }),
        LayerKind::Dropout { .. } => {}
    }
    sums
}

/// Calls with a position of the small map, one of the large map, and the position of the kernel that joins them, for each such
/// triple.
fn for_each_position(convolution: Convolution, mut visit: impl FnMut(usize, usize, usize)) {
    let Convolution { large, small, kernel, stride, before } = convolution;
    let within = |at: usize, row: usize, before: usize, side: usize| {
        (at * stride + row).checked_sub(before).filter(|&at| at < side)
    };
    for (i, j) in (0..small.height).flat_map(|i| (0..small.width).map(move |j| (i, j))) {
        for (row, column) in (0..kernel).flat_map(|row| (0..kernel).map(move |column| (row, column))) {
            let y = within(i, row, before[0], large.height);
            let x = within(j, column, before[1], large.width);
            if let (Some(y), Some(x)) = (y, x) {
                visit(i * small.width + j, y * large.width + x, row * kernel + column);
            }
        }
    }
}

fn activated(function: ActivationFunction, sum: f32) -> f32 {
    match function {
        ActivationFunction::PiecewiseLinear { negative_slope } if sum < 0.0 => sum * negative_slope,
        ActivationFunction::PiecewiseLinear { .. } => sum,
        ActivationFunction::Tanh => tanh(sum),
        ActivationFunction::Sigmoid => sigmoid(sum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presets;

    #[test]
    fn each_half_gives_the_outputs_of_each_of_its_layers() {
        for preset in presets::ALL {
            let model = preset.model();
            let weights = Weights::initial(&model, 1);
            let encoder = forward(&model, &weights, Half::Encoder, &vec![0.5; model.input.values()]);
            let code = encoder.last().unwrap();
            assert_eq!(code.len(), model.latent_units(), "{}", preset.name);
            let decoder = forward(&model, &weights, Half::Decoder, code);
            let sizes: Vec<_> = encoder.iter().chain(&decoder).map(Vec::len).collect();
            let layers = model.layers();
            let expected: Vec<_> = layers
                .iter()
                .filter(|layer| layer.role != Role::LogVariance)
                .map(|layer| layer.outputs)
                .collect();
            assert_eq!(sizes, expected, "{}", preset.name);
        }
    }

    #[test]
    fn a_convolution_reads_its_neighbourhood_and_its_transpose_writes_it() {
        let model = presets::model("encoder=conv1k3s2,dense1&activation=linear&output=linear&slope=0");
        let mut weights = Weights::zeros(&model);
        // Row 0, column 1 of the kernel.
        weights.tensors[0].values[1] = 2.0;
        let mut image = vec![0.0; 784];
        image[28 * 4 + 9] = 0.5;
        let outputs = forward(&model, &weights, Half::Encoder, &image);
        // 28 → 14 has no padding before: small[2, 4] reads large[4 .. 7, 8 .. 11].
        assert_eq!(outputs[0].iter().position(|&value| value != 0.0), Some(14 * 2 + 4));
        assert_eq!(outputs[0][14 * 2 + 4], 1.0);
        let transposed = Convolution::new(model.input, 1, 3, 2);
        let layer = model
            .layers()
            .into_iter()
            .find(|layer| layer.kind == LayerKind::Conv2dTranspose(transposed))
            .unwrap();
        let mut map = vec![0.0; 196];
        map[14 * 2 + 4] = 1.5;
        let given = sums(&layer, &weights.tensors[0].values, &[0.0], &map);
        assert_eq!(given.iter().position(|&value| value != 0.0), Some(28 * 4 + 9));
        assert_eq!(given[28 * 4 + 9], 3.0);
    }

    #[test]
    fn activations_are_those_of_keras() {
        let leaky = ActivationFunction::PiecewiseLinear { negative_slope: 0.3 };
        assert_eq!([activated(leaky, -2.0), activated(leaky, 2.0)], [-0.6, 2.0]);
        assert_eq!(activated(ActivationFunction::Sigmoid, 0.0), 0.5);
        assert_eq!(activated(ActivationFunction::Tanh, 0.0), 0.0);
    }
}
