//! The codes of a variational model's images, with the formulas of [`variational`].

use super::{pass::Pass, plan::Plan};
use crate::variational;

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
            let (m, l) = (self.values[mean][at], self.values[log_variance][at]);
            self.code[at] = variational::sample(m, l, self.deviates[at]);
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
        let units = self.values[mean][..count].iter().zip(&self.values[log_variance]);
        units.map(|(&m, &l)| variational::divergence(m, l)).sum()
    }

    /// The gradients at mean and logarithm of the variance, from that at the code and that of the divergence times `weight`.
    pub(super) fn code_backward(&mut self, plan: &Plan, weight: f32) {
        let (count, mean, log_variance) = self.of_code(plan);
        for at in 0..count {
            let distribution = (self.values[mean][at], self.values[log_variance][at]);
            let (deviate, gradient) = (self.deviates[at], self.code_gradient[at]);
            (self.gradients[mean][at], self.gradients[log_variance][at]) =
                variational::backward(distribution, deviate, gradient, weight);
        }
    }
}
