//! The loss of reconstructions, and its gradient at their sums.

use super::{
    packing::{get_row, put_row},
    pass::Pass,
    plan::Plan,
    product::MOST_PANEL,
};
use crate::{
    objective::PanelTarget,
    simd::{Simd, run},
};

impl Pass {
    /// The losses of the images' reconstructions, summed over the images. With what the gradients are
    /// scaled by, writes them, too.
    pub(super) fn reconstruction<F: Simd>(&mut self, plan: &Plan, scale: Option<f32>) -> f64 {
        let (pixels, output) = (plan.pixels(), plan.output_layer());
        let mut sum = 0.0;
        for image in 0..self.images {
            let these = image * pixels..(image + 1) * pixels;
            let sums = &self.values[output][these.clone()];
            let gradients = scale.map(|scale| (scale, &mut self.gradients[output][these.clone()]));
            let mut lanes = [0.0; MOST_PANEL];
            run!(F, image_loss::<F>(plan, sums, &self.target[these], gradients, &mut lanes));
            sum += lanes[..F::LANES].iter().map(|&loss| f64::from(loss)).sum::<f64>();
        }
        sum
    }
}

#[inline(always)]
fn image_loss<F: Simd>(
    plan: &Plan,
    sums: &[f32],
    target: &[u8],
    mut gradients: Option<(f32, &mut [f32])>,
    losses: &mut [f32],
) {
    let scale = gradients.as_ref().map_or(0.0, |(scale, _)| *scale);
    for at in (0..sums.len()).step_by(F::PANEL) {
        let width = F::PANEL.min(sums.len() - at);
        let (mut pixels, mut mask) = ([0; MOST_PANEL], [0.0; MOST_PANEL]);
        pixels[..width].copy_from_slice(&target[at..][..width]);
        mask[..width].fill(1.0);
        let target = PanelTarget { pixels: &pixels, mask: &mask, scale };
        let gradient = plan.objective.add_losses::<F>(get_row(&sums[at..][..width]), target, losses);
        if let Some((_, gradients)) = &mut gradients {
            put_row::<F>(gradient, &mut gradients[at..][..width]);
        }
    }
}
