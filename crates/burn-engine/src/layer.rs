//! A layer with weights and the activation behind it, as a Burn module.

use crate::convolution::{convolve, transpose};
use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData, activation},
};
use latent_core::{
    model::{ActivationFunction, Layer, LayerKind},
    weights::LayerTensors,
};

/// A dense layer, a convolution or a transposed convolution, with the activation behind it.
///
/// It reads and gives lists of values, `[batch, values]`, which are feature maps as Keras lays them out: row by row, channels
/// innermost. Weights lie as in Keras, too, so that they and Adam's moments pass in and out as they are.
/// ([`burn::nn::conv::Conv2d`] has another layout and no asymmetric padding.)
#[derive(Module, Debug)]
pub struct WeightedLayer {
    /// The kernel, all axes but the last as one: `[inputs, outputs]`, `[row · column · inputs, outputs]`, and of a
    /// transposed convolution `[row · column · outputs, inputs]`.
    pub kernel: Param<Tensor<2>>,
    /// The bias: `[outputs]`.
    pub bias: Param<Tensor<1>>,
    #[module(skip)]
    kind: LayerKind,
    #[module(skip)]
    activation: ActivationFunction,
}

/// A layer's weights on a device, or values of the same shapes.
pub type DeviceTensors = (Tensor<2>, Tensor<1>);

impl WeightedLayer {
    /// The layer with these weights, which must have its shapes ([`latent_core::weights::Weights::check`]).
    pub fn new(layer: &Layer, weights: LayerTensors<'_>, device: &Device) -> Self {
        let (kernel, bias) = device_tensors(weights, device);
        Self {
            kernel: Param::from_tensor(kernel),
            bias: Param::from_tensor(bias),
            kind: layer.kind,
            activation: layer.function,
        }
    }

    /// Inputs `[batch, inputs]` to outputs `[batch, outputs]`.
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.activate(self.pre_activations(inputs))
    }

    /// Inputs `[batch, inputs]` to what the activation is applied to, `[batch, outputs]`.
    pub fn pre_activations(&self, inputs: Tensor<2>) -> Tensor<2> {
        let (kernel, bias) = (self.kernel.val(), self.bias.val());
        match &self.kind {
            LayerKind::Dense => inputs.matmul(kernel) + bias.unsqueeze(),
            LayerKind::Conv2d(convolution) => convolve(convolution, inputs, kernel, bias),
            LayerKind::Conv2dTranspose(convolution) => transpose(convolution, inputs, kernel, bias),
            // It has no weights, and the encoder applies it.
            LayerKind::Dropout { .. } => inputs,
        }
    }

    /// Applies the layer's activation, elementwise.
    pub fn activate(&self, pre_activations: Tensor<2>) -> Tensor<2> {
        match self.activation {
            ActivationFunction::PiecewiseLinear { negative_slope } => {
                piecewise_linear(pre_activations, negative_slope)
            }
            ActivationFunction::Tanh => activation::tanh(pre_activations),
            ActivationFunction::Sigmoid => activation::sigmoid(pre_activations),
        }
    }

    /// The weights, still on the device.
    pub fn tensors(&self) -> DeviceTensors {
        (self.kernel.val(), self.bias.val())
    }
}

/// Copies a layer's weights, or values of the same shapes, to a device.
pub fn device_tensors(weights: LayerTensors<'_>, device: &Device) -> DeviceTensors {
    let (kernel, bias) = (&weights.kernel.values, &weights.bias.values);
    let last = weights.kernel.shape.last().copied().unwrap_or(1);
    let kernel = TensorData::new(kernel.clone(), [kernel.len() / last, last]);
    let bias = TensorData::new(bias.clone(), [bias.len()]);
    (Tensor::from_data(kernel, device), Tensor::from_data(bias, device))
}

/// LeakyReLU, ReLU (slope 0) and the linear activation (slope 1). The derivative at exactly 0 is the negative slope, as
/// in Keras. [`activation::leaky_relu`] has 1 there. With biases of 0, most pre-activations of a first convolution are exactly
/// 0, because most pixels are black.
fn piecewise_linear(x: Tensor<2>, negative_slope: f32) -> Tensor<2> {
    if negative_slope == 1.0 {
        return x;
    }
    let is_negative = x.clone().lower_equal_elem(0);
    x.clone().mask_where(is_negative, x * negative_slope)
}
