//! A variational code: its sample, its divergence from the prior, and the gradients there.
//!
//! For each unit, `z = μ + exp(½ l) · ε` with the logarithm `l` of the variance, and the divergence from the standard normal
//! distribution is `−½ (1 + l − μ² − eˡ)` (Kingma and Welling, 2014, appendix B).

use super::{pass::Pass, plan::Plan};
use latent_core::math::exp;

impl Pass {
    /// The number of the codes' values, and the layers of mean and logarithm of the variance.
    fn of_code(&self, plan: &Plan) -> (usize, usize, usize) {
        let mean = plan.code_layer();
        (self.images * plan.model.latent_units(), mean, mean + 1)
    }

    /// Draws the codes with the deviates.
    pub(super) fn sample(&mut self, plan: &Plan) {
        let (count, mean, log_variance) = self.of_code(plan);
        for at in 0..count {
            let deviation = exp(0.5 * self.values[log_variance][at]);
            self.code[at] = self.values[mean][at] + deviation * self.deviates[at];
        }
    }

    /// Takes the means for codes.
    pub(super) fn take_means(&mut self, plan: &Plan) {
        let (count, mean, _) = self.of_code(plan);
        self.code[..count].copy_from_slice(&self.values[mean][..count]);
    }

    /// The divergences, summed over the images.
    pub(super) fn divergence(&self, plan: &Plan) -> f64 {
        let (count, mean, log_variance) = self.of_code(plan);
        let of_unit = |(&m, &l): (&f32, &f32)| f64::from(-0.5 * (1.0 + l - m * m - exp(l)));
        self.values[mean][..count].iter().zip(&self.values[log_variance]).map(of_unit).sum()
    }

    /// The gradients at mean and logarithm of the variance, from that at the code and that of the divergence times `weight`.
    pub(super) fn code_backward(&mut self, plan: &Plan, weight: f32) {
        let (count, mean, log_variance) = self.of_code(plan);
        for at in 0..count {
            let (m, l, g) = (self.values[mean][at], self.values[log_variance][at], self.code_gradient[at]);
            let deviation = exp(0.5 * l);
            self.gradients[mean][at] = g + weight * m;
            self.gradients[log_variance][at] =
                0.5 * (g * self.deviates[at] * deviation + weight * (exp(l) - 1.0));
        }
    }
}
