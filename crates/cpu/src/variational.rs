//! A unit of a variational code: its sample, its divergence from the prior, and the gradients there.
//!
//! `z = μ + exp(½ l) · ε` with the logarithm `l` of the variance, and the divergence from the standard normal distribution is
//! `−½ (1 + l − μ² − eˡ)` (Kingma and Welling, 2014, appendix B).

use latent_core::math::exp;

/// The sample that a standard normal deviate gives.
pub(super) fn sample(mean: f32, log_variance: f32, deviate: f32) -> f32 {
    mean + exp(0.5 * log_variance) * deviate
}

/// The divergence.
pub(super) fn divergence(mean: f32, log_variance: f32) -> f64 {
    f64::from(-0.5 * (1.0 + log_variance - mean * mean - exp(log_variance)))
}

/// The gradients at mean and logarithm of the variance, from that at the sample and that of the divergence times `weight`.
pub(super) fn backward(
    (mean, log_variance): (f32, f32),
    deviate: f32,
    gradient: f32,
    weight: f32,
) -> (f32, f32) {
    let deviation = exp(0.5 * log_variance);
    let of_log_variance = gradient * deviate * deviation + weight * (exp(log_variance) - 1.0);
    (gradient + weight * mean, 0.5 * of_log_variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_are_the_slopes_of_sample_and_divergence() {
        let (mean, log_variance, deviate, gradient, weight) = (0.7, -0.4, -1.3, 2.0, 0.25);
        let loss = |m: f32, l: f32| {
            f64::from(gradient) * f64::from(sample(m, l, deviate)) + f64::from(weight) * divergence(m, l)
        };
        let step = 1.0 / 128.0;
        let slope = |plus: f64, minus: f64| (plus - minus) / f64::from(2.0 * step);
        let of_mean = slope(loss(mean + step, log_variance), loss(mean - step, log_variance));
        let of_log = slope(loss(mean, log_variance + step), loss(mean, log_variance - step));
        let found = backward((mean, log_variance), deviate, gradient, weight);
        assert!((f64::from(found.0) - of_mean).abs() < 1e-3, "{found:?} {of_mean}");
        assert!((f64::from(found.1) - of_log).abs() < 1e-3, "{found:?} {of_log}");
    }
}
