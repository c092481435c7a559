//! Adam in Keras' form, for the numbers whose gradient has just been computed.

use super::simd::Simd;
use latent_core::training::adam::{BETA_1, BETA_2, EPSILON, adam_rate};

/// Adam at one step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Adam {
    /// The step's size: see [`adam_rate`].
    rate: f32,
}

/// Weights and their two moments, side by side.
pub(super) type Parameters<'a> = [&'a mut [f32]; 3];

const FIRST: f32 = (1.0 - BETA_1) as f32;
const SECOND: f32 = (1.0 - BETA_2) as f32;

impl Adam {
    /// Adam at step `t`, of which 1 is the first.
    pub(super) fn at(learning_rate: f32, t: u64) -> Self {
        Self { rate: adam_rate(learning_rate, t) }
    }

    /// Updates the parameters from `at` on, which have this gradient.
    #[inline(always)]
    pub(super) fn update<F: Simd, const K: usize>(
        self,
        [weights, first, second]: &mut Parameters<'_>,
        at: usize,
        gradient: [F; K],
    ) {
        let these = at..at + K * F::LANES;
        let (weights, first, second) =
            (&mut weights[these.clone()], &mut first[these.clone()], &mut second[these]);
        for k in 0..K {
            let (at, g) = (k * F::LANES, gradient[k]);
            let (m, v) = (F::load(&first[at..]), F::load(&second[at..]));
            let m = m + (g - m) * F::splat(FIRST);
            let v = v + (g * g - v) * F::splat(SECOND);
            m.store(&mut first[at..]);
            v.store(&mut second[at..]);
            let change = (m * F::splat(self.rate)) / (v.sqrt() + F::splat(EPSILON));
            (F::load(&weights[at..]) - change).store(&mut weights[at..]);
        }
    }

    /// The same one by one, for tensors that are small.
    pub(super) fn update_each(self, [weights, first, second]: &mut Parameters<'_>, gradient: &[f32]) {
        let parameters = weights.iter_mut().zip(first.iter_mut()).zip(second.iter_mut());
        for (((w, m), v), g) in parameters.zip(gradient) {
            *m += (g - *m) * FIRST;
            *v += (g * g - *v) * SECOND;
            *w -= self.rate * *m / (v.sqrt() + EPSILON);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::simd::Portable4, *};
    use latent_core::math::Float;

    #[test]
    fn the_first_step_is_the_learning_rate_against_the_gradients_sign() {
        let gradient = [0.5f32, -0.25, 1e-3, 0.0];
        let start = || [vec![1.0f32; 4], vec![0.0f32; 4], vec![0.0f32; 4]];
        let (mut many, mut each) = (start(), start());
        Adam::at(0.01, 1).update(
            &mut many.each_mut().map(Vec::as_mut_slice),
            0,
            [Portable4::load(&gradient)],
        );
        Adam::at(0.01, 1).update_each(&mut each.each_mut().map(Vec::as_mut_slice), &gradient);
        assert_eq!(many, each);
        for (w, expected) in many[0].iter().zip([0.99f32, 1.01, 0.99, 1.0]) {
            assert!((w - expected).abs() < 1e-4, "{w} for {expected}");
        }
    }

    #[test]
    fn a_number_without_a_gradient_stays_as_it_is() {
        let mut numbers = [vec![0.0; 4], vec![0.0; 4], vec![0.0; 4]];
        for t in 1..100 {
            Adam::at(10.0, t).update(
                &mut numbers.each_mut().map(Vec::as_mut_slice),
                0,
                [Portable4::splat(0.0)],
            );
        }
        assert_eq!(numbers, [[0.0; 4]; 3].map(Vec::from));
    }
}
