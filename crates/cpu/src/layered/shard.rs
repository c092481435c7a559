//! A shard of a batch: some consecutive positions, whose gradient is computed by one thread.

use super::{network::Network, pass::Pass};
use crate::simd::Simd;
use latent_core::{
    data::Images,
    noise::{Noise, NoiseError},
};
use std::ops::Range;

/// What came of a shard, or the sum of several.
#[derive(Default)]
pub(super) struct Shard {
    /// The gradient at all parameters, which lies as the weights do.
    gradient: Vec<f32>,
    /// Reconstruction and divergence, summed over the images.
    pub(super) losses: [f64; 2],
}

impl Shard {
    /// Computes losses and gradient of these positions of a batch, in the step after so many.
    pub(super) fn compute<F: Simd>(
        &mut self,
        network: &Network<F>,
        pass: &mut Pass,
        (images, batch): (&Images, &[u32]),
        positions: Range<usize>,
        (noise, steps): (&Noise, u64),
    ) -> Result<(), NoiseError> {
        let plan = &network.plan;
        let scale = plan.objective.gradient_scale(batch.len());
        let (decoder, end) = (plan.decoder(), plan.layers.len());
        self.gradient.clear();
        self.gradient.resize(plan.parameters, 0.0);
        self.losses = [0.0; 2];
        for first in positions.clone().step_by(plan.images_at_once) {
            let these = first..positions.end.min(first + plan.images_at_once);
            pass.begin(plan, these.len());
            pass.begin_training(plan);
            pass.gather(images, batch[these.clone()].iter().map(|&image| image as usize));
            pass.draw::<F>(plan, noise, steps, these)?;
            network.layers(pass, 0..decoder, true);
            if plan.model.is_variational() {
                pass.sample(plan);
                self.losses[1] += pass.divergence(plan);
            }
            network.layers(pass, decoder..end, true);
            self.losses[0] += pass.reconstruction::<F>(plan, Some(scale));
            network.backward(pass, decoder..end, &mut self.gradient);
            if plan.model.is_variational() {
                pass.code_backward(plan, plan.model.beta() / batch.len() as f32);
            }
            network.backward(pass, 0..decoder, &mut self.gradient);
        }
        Ok(())
    }

    /// Bytes of a shard with so many parameters, for another worker.
    pub(super) fn bytes(parameters: usize) -> usize {
        size_of::<[f64; 2]>() + parameters * size_of::<f32>()
    }

    /// The bytes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [bytemuck::bytes_of(&self.losses), bytemuck::cast_slice(&self.gradient)].concat()
    }

    /// Takes such bytes.
    pub(super) fn read_bytes(&mut self, bytes: &[u8]) {
        let (losses, gradient) = bytes.split_at(size_of::<[f64; 2]>());
        self.losses = bytemuck::pod_read_unaligned(losses);
        self.gradient = bytemuck::pod_collect_to_vec(gradient);
    }
}

/// Cuts the gradients of all shards at the same places: gives the parts of all shards from the first parameter on, then the next
/// ones. Shards without a gradient have empty parts.
pub(super) fn part_of_each(shards: &mut [Shard], len: usize) -> impl Iterator<Item = Vec<&mut [f32]>> + Send {
    let mut rest: Vec<&mut [f32]> = shards.iter_mut().map(|shard| &mut shard.gradient[..]).collect();
    std::iter::from_fn(move || {
        if rest.iter().all(|rest| rest.is_empty()) {
            return None;
        }
        Some(rest.iter_mut().map(|rest| cut(rest, len)).collect())
    })
}

/// Cuts off the first of some numbers, at most so many.
fn cut<'a>(rest: &mut &'a mut [f32], len: usize) -> &'a mut [f32] {
    let all = std::mem::take(rest);
    let (part, behind) = all.split_at_mut(len.min(all.len()));
    *rest = behind;
    part
}
