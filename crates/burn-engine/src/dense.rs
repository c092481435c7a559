//! A dense layer with the activation behind it, as a Burn module.

use burn::{
    module::{Module, Param},
    nn::Linear,
    tensor::{Device, Tensor, TensorData, activation},
};
use latent_core::{
    model::{ActivationFunction, Layer},
    weights::Dense,
};

/// A dense layer with the activation behind it.
#[derive(Module, Debug)]
pub struct DenseLayer {
    /// The weights: kernel `[inputs, outputs]` and bias `[outputs]`.
    pub linear: Linear,
    #[module(skip)]
    activation: ActivationFunction,
}

/// A layer's weights on a device: kernel `[inputs, outputs]` and bias `[outputs]`.
pub type DenseTensors = (Tensor<2>, Tensor<1>);

impl DenseLayer {
    /// The layer with these weights, which must have its size ([`latent_core::weights::Weights::check`]).
    pub fn new(layer: &Layer, weights: &Dense, device: &Device) -> Self {
        let (kernel, bias) = dense_tensors(layer, weights, device);
        let linear = Linear { weight: Param::from_tensor(kernel), bias: Some(Param::from_tensor(bias)) };
        Self { linear, activation: layer.function }
    }

    /// Inputs `[batch, inputs]` to outputs `[batch, outputs]`.
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.activate(self.linear.forward(inputs))
    }

    /// Applies the layer's activation to its pre-activations, elementwise.
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
    pub fn tensors(&self) -> Option<DenseTensors> {
        Some((self.linear.weight.val(), self.linear.bias.as_ref()?.val()))
    }
}

/// Copies a layer's weights, or values of the same shape, to a device.
pub fn dense_tensors(layer: &Layer, weights: &Dense, device: &Device) -> DenseTensors {
    let kernel = TensorData::new(weights.kernel.clone(), [layer.inputs, layer.outputs]);
    let bias = TensorData::new(weights.bias.clone(), [layer.outputs]);
    (Tensor::from_data(kernel, device), Tensor::from_data(bias, device))
}

/// LeakyReLU, ReLU (slope 0) and the linear activation (slope 1). The derivative at exactly 0 is the negative slope, as
/// in Keras. [`activation::leaky_relu`] has 1 there, which changes runs with a slope of 0: behind a code of zeros, a
/// layer's pre-activations are 0 for as long as its biases are.
fn piecewise_linear(x: Tensor<2>, negative_slope: f32) -> Tensor<2> {
    if negative_slope == 1.0 {
        return x;
    }
    let is_negative = x.clone().lower_equal_elem(0);
    x.clone().mask_where(is_negative, x * negative_slope)
}
