//! Activations as the kernels compute them.
//!
//! A piecewise linear activation is applied in the registers that hold the sums, and its derivative follows from the sign
//! of its value. Every other activation is *smooth*: it is applied to sums in memory, and training stores its derivative
//! beside its value, so the way back needs neither the sum nor the value. `docs/extending.md` says how to add one.

use super::simd::{Simd, run};
use latent_core::{
    math::{sigmoid, tanh},
    model::ActivationFunction,
};

/// A layer's activation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Activation {
    /// The slope for negative sums of a piecewise linear activation; 1 for a smooth one, so that its sums stay as they are.
    pub(super) negative_slope: f32,
    pub(super) smooth: Option<Smooth>,
}

/// An activation that is not piecewise linear.
#[derive(Clone, Copy, Debug)]
pub(super) enum Smooth {
    Tanh,
    Sigmoid,
}

impl From<ActivationFunction> for Activation {
    fn from(function: ActivationFunction) -> Self {
        match function {
            ActivationFunction::PiecewiseLinear { negative_slope } => Self { negative_slope, smooth: None },
            ActivationFunction::Tanh => Self { negative_slope: 1.0, smooth: Some(Smooth::Tanh) },
            ActivationFunction::Sigmoid => Self { negative_slope: 1.0, smooth: Some(Smooth::Sigmoid) },
        }
    }
}

impl Activation {
    /// The value of a piecewise linear activation; of a smooth one, the sum itself.
    #[inline(always)]
    pub(super) fn piecewise_linear<F: Simd>(self, sum: F) -> F {
        sum.where_positive(sum, sum * F::splat(self.negative_slope))
    }

    /// The gradient at the sum, from the gradient at the value. `state` is the value (whose sign is its sum's) of a
    /// piecewise linear activation, and the derivative of a smooth one.
    #[inline(always)]
    pub(super) fn backward<F: Simd>(self, gradient: F, state: F) -> F {
        match self.smooth {
            None => state.where_positive(gradient, gradient * F::splat(self.negative_slope)),
            Some(_) => gradient * state,
        }
    }

    /// Applies a smooth activation to the sums of some panels of images, `[panels, units, PANEL]`, of which only the first
    /// `outputs` units are real: padding stays 0. Writes the derivatives, unless no memory is reserved for them.
    /// Does nothing for a piecewise linear activation.
    pub(super) fn apply_to_panels<F: Simd>(
        self,
        (outputs, units): (usize, usize),
        sums: &mut [f32],
        derivatives: &mut [f32],
    ) {
        let (Some(smooth), 1..) = (self.smooth, outputs) else { return };
        let (len, real) = (units * F::PANEL, outputs.min(units) * F::PANEL);
        let mut derivatives = derivatives.chunks_exact_mut(len);
        for sums in sums.chunks_exact_mut(len) {
            smooth.apply::<F>(
                &mut sums[..real],
                derivatives.next().map(|derivatives| &mut derivatives[..real]),
            );
        }
    }
}

impl Smooth {
    /// The value and the derivative at some sums.
    #[inline(always)]
    pub(super) fn value_and_derivative<F: Simd>(self, sum: F) -> (F, F) {
        let one = F::splat(1.0);
        match self {
            Self::Tanh => {
                let y = tanh(sum);
                (y, one - y * y)
            }
            Self::Sigmoid => {
                let y = sigmoid(sum);
                (y, y * (one - y))
            }
        }
    }

    /// Replaces sums by values, and writes the derivatives if there is a place for them. The length is a multiple of a vector's.
    pub(super) fn apply<F: Simd>(self, sums: &mut [f32], mut derivatives: Option<&mut [f32]>) {
        run!(F, {
            for (at, sum) in (0..).step_by(F::LANES).zip(sums.chunks_exact_mut(F::LANES)) {
                let (value, derivative) = self.value_and_derivative(F::load(sum));
                value.store(sum);
                if let Some(derivatives) = &mut derivatives {
                    derivative.store(&mut derivatives[at..]);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{super::simd::Portable4, *};

    #[test]
    fn derivatives_are_the_slopes_of_the_values() {
        for smooth in [Smooth::Tanh, Smooth::Sigmoid] {
            for at in -40..=40 {
                let x = at as f32 / 8.0;
                let value = |x: f32| {
                    let (mut values, mut derivatives) = ([x; 4], [0.0; 4]);
                    smooth.apply::<Portable4>(&mut values, Some(&mut derivatives));
                    (f64::from(values[1]), f64::from(derivatives[1]))
                };
                let step = 1.0 / 128.0;
                let slope = (value(x + step).0 - value(x - step).0) / f64::from(2.0 * step);
                assert!((value(x).1 - slope).abs() < 5e-5, "{smooth:?} at {x}: {} for {slope}", value(x).1);
            }
        }
    }

    #[test]
    fn padded_units_stay_zero() {
        let activation = Activation::from(ActivationFunction::Sigmoid);
        let mut sums = vec![0.0; 2 * 4 * Portable4::PANEL];
        let mut derivatives = sums.clone();
        activation.apply_to_panels::<Portable4>((3, 4), &mut sums, &mut derivatives);
        for (values, derivatives) in sums.chunks(4 * 8).zip(derivatives.chunks(4 * 8)) {
            assert_eq!((&values[..24], &values[24..]), (&[0.5; 24][..], &[0.0; 8][..]));
            assert_eq!((&derivatives[..24], &derivatives[24..]), (&[0.25; 24][..], &[0.0; 8][..]));
        }
    }
}
