//! The backward pass.

use super::{layer_plan::Source, network::Network, pass::Pass, product::SLACK};
use crate::{
    activation::Activation,
    simd::{Simd, run},
};
use latent_core::model::Role;
use std::ops::Range;

impl<F: Simd> Network<F> {
    /// Goes back through some layers, from the gradient at the sums of the last one. Adds the gradients of kernels and biases to
    /// `parameters`, which lie as the weights do.
    pub(super) fn backward(&self, pass: &mut Pass, layers: Range<usize>, parameters: &mut [f32]) {
        for at in layers.rev() {
            let layer = &self.plan.layers[at];
            let mut scratch = std::mem::take(&mut pass.scratch);
            self.parameter_gradients(at, pass, &mut scratch, parameters);
            let mut below = match layer.source {
                Source::Image => Vec::new(),
                Source::Layer(before) => std::mem::take(&mut pass.gradients[before]),
                Source::Code => std::mem::take(&mut pass.code_gradient),
            };
            if layer.source != Source::Image {
                self.input_gradient(at, pass, &mut scratch, &mut below);
            }
            match layer.source {
                Source::Image => {}
                Source::Layer(before) => {
                    // What the logarithm of the variance contributes waits for the mean's share.
                    if layer.role != Role::LogVariance {
                        let count = pass.images * layer.inputs + SLACK;
                        let state = &pass.state(&self.plan, before)[..count];
                        let activation = self.plan.layers[before].activation;
                        run!(F, through::<F>(activation, state, &mut below[..count]));
                    }
                    pass.gradients[before] = below;
                }
                Source::Code => pass.code_gradient = below,
            }
            pass.scratch = scratch;
        }
    }
}

/// Takes gradients at values to those at the sums. `state` is that of [`Activation::backward`].
#[inline(always)]
fn through<F: Simd>(activation: Activation, state: &[f32], gradients: &mut [f32]) {
    for (gradient, state) in gradients.chunks_exact_mut(F::LANES).zip(state.chunks_exact(F::LANES)) {
        activation.backward(F::load(gradient), F::load(state)).store(gradient);
    }
}
