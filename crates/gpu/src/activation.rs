//! The activation functions as the passes compute them.

use latent_core::model::ActivationFunction;

/// An activation function without its slope, which is data (`Layer` in `wgsl/common.wgsl`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activation {
    PiecewiseLinear,
    Tanh,
    Sigmoid,
}

impl From<ActivationFunction> for Activation {
    fn from(function: ActivationFunction) -> Self {
        match function {
            ActivationFunction::PiecewiseLinear { .. } => Self::PiecewiseLinear,
            ActivationFunction::Tanh => Self::Tanh,
            ActivationFunction::Sigmoid => Self::Sigmoid,
        }
    }
}

macro_rules! wgsl {
    ($($name:literal),* $(,)?) => { &[$(include_str!(concat!("wgsl/", $name, ".wgsl"))),*] };
}
pub(super) use wgsl;

impl Activation {
    /// Whether the derivative is a function of the activation's value, so that the forward pass need not store it.
    pub(super) fn derivative_from_value(self) -> bool {
        self == Self::PiecewiseLinear
    }

    /// WGSL that defines the activation: `activate`, `derivative`, `units_mask`, and how the backward pass gets at the
    /// derivative.
    pub(super) fn pieces(self) -> &'static [&'static str] {
        match self {
            Self::PiecewiseLinear => wgsl![
                "activation/piecewise_linear",
                "activation/keeps_zero",
                "activation/derivative_from_value"
            ],
            Self::Tanh => {
                wgsl!["math", "activation/tanh", "activation/keeps_zero", "activation/derivative_stored"]
            }
            Self::Sigmoid => {
                wgsl!["math", "activation/sigmoid", "activation/masked", "activation/derivative_stored"]
            }
        }
    }

    /// WGSL that defines `activate` and `derivative`, and the functions of `math.wgsl`.
    pub(super) fn function(self) -> &'static [&'static str] {
        match self {
            Self::PiecewiseLinear => wgsl!["math", "activation/piecewise_linear"],
            Self::Tanh => wgsl!["math", "activation/tanh"],
            Self::Sigmoid => wgsl!["math", "activation/sigmoid"],
        }
    }
}
