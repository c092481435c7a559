//! Activations in f64.

use latent_core::model::ActivationFunction;

/// The value and the derivative of an activation.
pub(super) fn activate(function: ActivationFunction, a: f64) -> (f64, f64) {
    match function {
        ActivationFunction::PiecewiseLinear { .. } if a > 0.0 => (a, 1.0),
        ActivationFunction::PiecewiseLinear { negative_slope } => {
            (f64::from(negative_slope) * a, f64::from(negative_slope))
        }
        ActivationFunction::Tanh => (a.tanh(), 1.0 - a.tanh().powi(2)),
        ActivationFunction::Sigmoid => {
            let y = 1.0 / (1.0 + (-a).exp());
            (y, y * (1.0 - y))
        }
    }
}
