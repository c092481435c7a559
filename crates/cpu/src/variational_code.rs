//! The codes that a step of a variational dense network draws, with the formulas of [`variational`].

use super::{
    deviates::StepNoise,
    network::{Network, grow},
    simd::Simd,
    variational,
};
use latent_core::{model::ModelSpec, noise::NoiseError};

/// A batch's drawn codes.
#[derive(Default)]
pub(super) struct DrawnCode {
    /// Standard normal deviates: `[images, code]`.
    deviates: Vec<f32>,
    /// Where the code's layer has means: `[rows / PANEL, units, PANEL]`.
    pub(super) values: Vec<f32>,
}

type Begin<F, const WIDE: usize> =
    fn(&mut DrawnCode, &Network<F, WIDE>, usize, StepNoise<'_>) -> Result<(), NoiseError>;

/// What a variational code adds to a step. `&[f32]` is what the code's layer gives: means, and logarithms of the variances behind
/// them. Programs whose models are deterministic do without this code, so nothing else refers to it.
#[derive(Clone, Copy)]
pub(super) struct VariationalCode<F, const WIDE: usize> {
    /// Draws the deviates of so many images.
    pub(super) begin: Begin<F, WIDE>,
    /// Draws the codes.
    pub(super) sample: fn(&mut DrawnCode, &Network<F, WIDE>, &[f32]),
    /// Adds up how far the distributions of so many images are from the prior.
    pub(super) divergence: fn(&Network<F, WIDE>, &[f32], usize) -> f64,
    /// Replaces the gradient at the drawn codes by those at means and logarithms of the variances, given the weight of an image's
    /// divergence in the loss.
    pub(super) backward: fn(&DrawnCode, &Network<F, WIDE>, &[f32], f32, &mut [f32]),
}

impl<F: Simd, const WIDE: usize> VariationalCode<F, WIDE> {
    /// What a model's code adds, if it is variational.
    pub(super) fn of(model: &ModelSpec) -> Option<Self> {
        model.is_variational().then_some(Self { begin, sample, divergence, backward })
    }
}

fn begin<F: Simd, const WIDE: usize>(
    drawn: &mut DrawnCode,
    network: &Network<F, WIDE>,
    images: usize,
    StepNoise { noise, steps }: StepNoise<'_>,
) -> Result<(), NoiseError> {
    drawn.deviates = noise.sampling(steps, 0..images, network.shape.code)?;
    Ok(())
}

fn sample<F: Simd, const WIDE: usize>(
    drawn: &mut DrawnCode,
    network: &Network<F, WIDE>,
    distributions: &[f32],
) {
    grow(&mut drawn.values, distributions.len());
    for (at, &deviate) in drawn.deviates.iter().enumerate() {
        let [mean, log_variance] = places(network, at);
        drawn.values[mean] = variational::sample(distributions[mean], distributions[log_variance], deviate);
    }
}

fn divergence<F: Simd, const WIDE: usize>(
    network: &Network<F, WIDE>,
    distributions: &[f32],
    images: usize,
) -> f64 {
    let of_unit = |at| {
        let [mean, log_variance] = places(network, at);
        variational::divergence(distributions[mean], distributions[log_variance])
    };
    (0..images * network.shape.code).map(of_unit).sum()
}

fn backward<F: Simd, const WIDE: usize>(
    drawn: &DrawnCode,
    network: &Network<F, WIDE>,
    distributions: &[f32],
    weight: f32,
    gradient: &mut [f32],
) {
    for (at, &deviate) in drawn.deviates.iter().enumerate() {
        let [mean, log_variance] = places(network, at);
        let distribution = (distributions[mean], distributions[log_variance]);
        (gradient[mean], gradient[log_variance]) =
            variational::backward(distribution, deviate, gradient[mean], weight);
    }
}

/// Where mean and logarithm of the variance lie, of a number of `[images, code]`.
fn places<F: Simd, const WIDE: usize>(network: &Network<F, WIDE>, at: usize) -> [usize; 2] {
    let code = network.shape.code;
    [at % code, code + at % code].map(|unit| network.code_at(at / code, unit))
}
