//! A layer in f64: forward, backward and Adam.

use super::activation::activate;
use latent_core::model::{Convolution, Layer, LayerKind};

/// A layer with its weights and Adam's moments.
pub(super) struct PlainLayer {
    pub(super) layer: Layer,
    /// Kernel and bias, if it has weights.
    pub(super) tensors: Vec<Vec<f64>>,
    pub(super) first_moments: Vec<Vec<f64>>,
    second_moments: Vec<Vec<f64>>,
}

/// What a layer read, its sums before the activation, and its values.
pub(super) struct Trace {
    pub(super) inputs: Vec<f64>,
    pub(super) sums: Vec<f64>,
    pub(super) outputs: Vec<f64>,
}

impl PlainLayer {
    pub(super) fn new(layer: Layer, tensors: Vec<Vec<f64>>) -> Self {
        let zeros: Vec<_> = tensors.iter().map(|tensor| vec![0.0; tensor.len()]).collect();
        Self { layer, tensors, first_moments: zeros.clone(), second_moments: zeros }
    }

    /// Gradients of kernel and bias before anything is added to them.
    pub(super) fn zeros(&self) -> Vec<Vec<f64>> {
        self.tensors.iter().map(|tensor| vec![0.0; tensor.len()]).collect()
    }

    pub(super) fn forward(&self, inputs: Vec<f64>) -> Trace {
        let sums = match (&self.layer.kind, &self.tensors[..]) {
            (LayerKind::Dropout { .. }, _) => inputs.clone(),
            (kind, [kernel, bias]) => {
                let mut sums: Vec<_> = bias.iter().copied().cycle().take(self.layer.outputs).collect();
                products(kind, self.layer.outputs, inputs.len(), |input, output, weight| {
                    sums[output] += inputs[input] * kernel[weight];
                });
                sums
            }
            _ => unreachable!("a layer with weights has a kernel and a bias"),
        };
        let outputs = sums.iter().map(|&sum| activate(self.layer.function, sum).0).collect();
        Trace { inputs, sums, outputs }
    }

    /// Adds the gradients of kernel and bias, and gives that of the inputs, from that at the sums.
    pub(super) fn backward(&self, trace: &Trace, at_sums: &[f64], gradients: &mut [Vec<f64>]) -> Vec<f64> {
        let (LayerKind::Dense | LayerKind::Conv2d(_) | LayerKind::Conv2dTranspose(_), [kernel, bias]) =
            (&self.layer.kind, gradients)
        else {
            return at_sums.to_vec();
        };
        let mut below = vec![0.0; trace.inputs.len()];
        products(&self.layer.kind, self.layer.outputs, trace.inputs.len(), |input, output, weight| {
            kernel[weight] += trace.inputs[input] * at_sums[output];
            below[input] += self.tensors[0][weight] * at_sums[output];
        });
        let outputs = bias.len();
        at_sums.iter().enumerate().for_each(|(at, gradient)| bias[at % outputs] += gradient);
        below
    }

    /// Adam in Keras' form, with the step's size.
    pub(super) fn adam(&mut self, gradients: &[Vec<f64>], rate: f64) {
        let moments = self.first_moments.iter_mut().zip(&mut self.second_moments);
        for ((tensor, (first, second)), gradient) in self.tensors.iter_mut().zip(moments).zip(gradients) {
            for (k, g) in gradient.iter().enumerate() {
                first[k] = 0.9 * first[k] + 0.1 * g;
                second[k] = 0.999 * second[k] + 0.001 * g * g;
                tensor[k] -= rate * first[k] / (second[k].sqrt() + 1e-7);
            }
        }
    }
}

/// Calls `each` for every product that a layer sums up: the places of the input, the output and the weight.
fn products(kind: &LayerKind, outputs: usize, inputs: usize, mut each: impl FnMut(usize, usize, usize)) {
    match kind {
        LayerKind::Dense => {
            for input in 0..inputs {
                (0..outputs).for_each(|output| each(input, output, input * outputs + output));
            }
        }
        LayerKind::Conv2d(convolution) => {
            pairs(convolution, &mut each);
        }
        LayerKind::Conv2dTranspose(convolution) => {
            pairs(convolution, |large, small, weight| each(small, large, weight));
        }
        LayerKind::Dropout { .. } => {}
    }
}

/// Calls `each` for every pair of values that a convolution connects: the places in the large map, the small one and the kernel.
fn pairs(convolution: &Convolution, mut each: impl FnMut(usize, usize, usize)) {
    let Convolution { large, small, kernel, stride, before } = *convolution;
    for (i, j, row, column) in positions([small.height, small.width, kernel, kernel]) {
        let (y, x) = (i * stride + row, j * stride + column);
        let (Some(y), Some(x)) = (y.checked_sub(before[0]), x.checked_sub(before[1])) else { continue };
        if y >= large.height || x >= large.width {
            continue;
        }
        for from in 0..large.channels {
            for to in 0..small.channels {
                each(
                    (y * large.width + x) * large.channels + from,
                    (i * small.width + j) * small.channels + to,
                    ((row * kernel + column) * large.channels + from) * small.channels + to,
                );
            }
        }
    }
}

fn positions([a, b, c, d]: [usize; 4]) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    (0..a * b * c * d).map(move |at| (at / (b * c * d), at / (c * d) % b, at / d % c, at % d))
}
