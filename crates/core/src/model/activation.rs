//! Activations: their names, and the functions that engines compute.

use serde::{Deserialize, Serialize};

/// An activation, as people choose it. The names are Keras'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activation {
    /// `x` where it is positive, else the model's slope times `x`.
    LeakyRelu,
    /// `x` where it is positive, else 0.
    Relu,
    /// The hyperbolic tangent.
    Tanh,
    /// `1 / (1 + e⁻ˣ)`.
    Sigmoid,
    /// `x`.
    Linear,
}

/// What an engine computes for an activation. Several activations are one function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ActivationFunction {
    /// `x` where it is positive, else `negative_slope · x`. The derivative at exactly 0 is `negative_slope`, as in Keras.
    PiecewiseLinear {
        /// 0 for ReLU, 1 for the linear activation.
        negative_slope: f32,
    },
    /// The hyperbolic tangent.
    Tanh,
    /// `1 / (1 + e⁻ˣ)`.
    Sigmoid,
}

impl Activation {
    /// Every activation, in the order of a menu.
    pub const ALL: [Self; 5] = [Self::LeakyRelu, Self::Relu, Self::Tanh, Self::Sigmoid, Self::Linear];

    /// Their names in a sentence.
    pub const NAMES: &str = "leaky_relu, relu, tanh, sigmoid or linear";

    /// The name in links, files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeakyRelu => "leaky_relu",
            Self::Relu => "relu",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Linear => "linear",
        }
    }

    /// The name in the page and in summaries: that of Keras' class, where there is one.
    pub fn title(self) -> &'static str {
        match self {
            Self::LeakyRelu => "LeakyReLU",
            Self::Relu => "ReLU",
            Self::Tanh => "Tanh",
            Self::Sigmoid => "Sigmoid",
            Self::Linear => "Linear",
        }
    }

    /// The activation of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|activation| activation.name() == name)
    }

    /// The function to compute, in a model whose LeakyReLUs have this slope.
    pub fn function(self, slope: f32) -> ActivationFunction {
        let piecewise_linear = |negative_slope| ActivationFunction::PiecewiseLinear { negative_slope };
        match self {
            Self::LeakyRelu => piecewise_linear(slope),
            Self::Relu => piecewise_linear(0.0),
            Self::Linear => piecewise_linear(1.0),
            Self::Tanh => ActivationFunction::Tanh,
            Self::Sigmoid => ActivationFunction::Sigmoid,
        }
    }
}

impl ActivationFunction {
    /// The slope for negative arguments, if the function is linear on either side of 0.
    pub fn negative_slope(self) -> Option<f32> {
        match self {
            Self::PiecewiseLinear { negative_slope } => Some(negative_slope),
            Self::Tanh | Self::Sigmoid => None,
        }
    }

    /// Whether 0 becomes 0, so that zero padding stays zero.
    pub fn keeps_zero(self) -> bool {
        match self {
            Self::PiecewiseLinear { .. } | Self::Tanh => true,
            Self::Sigmoid => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for activation in Activation::ALL {
            assert_eq!(Activation::from_name(activation.name()), Some(activation));
        }
        assert_eq!(Activation::from_name("swish"), None);
        let [first @ .., last] = Activation::ALL.map(Activation::name);
        assert_eq!(Activation::NAMES, format!("{} or {last}", first.join(", ")));
    }

    #[test]
    fn relu_and_linear_are_piecewise_linear() {
        let activations = [Activation::LeakyRelu, Activation::Relu, Activation::Linear, Activation::Tanh];
        let slopes = activations.map(|activation| activation.function(0.3).negative_slope());
        assert_eq!(slopes, [Some(0.3), Some(0.0), Some(1.0), None]);
    }
}
