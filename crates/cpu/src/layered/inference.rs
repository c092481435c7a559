//! Inference: codes of images, images of codes, the losses over images.

use super::{network::Network, pass::Pass, workspace::Workspace};
use crate::{inference::CodePart, simd::Simd};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, TrainerError},
    weights::Weights,
};
use std::ops::Range;

/// A network for inference, for any vectors. Results do not depend on the number of threads.
pub(super) trait Infer {
    /// Takes other weights.
    fn load(&mut self, workspace: &mut Workspace, weights: &Weights) -> Result<(), TrainerError>;
    /// A copy of the weights.
    fn weights(&self) -> Weights;
    /// The values of this layer of the encoder for these images: `[which, code]`.
    fn encode(
        &self,
        workspace: &mut Workspace,
        images: &Images,
        which: Range<usize>,
        part: CodePart,
    ) -> Vec<f32>;
    /// The images at these codes: `[n, pixels]`.
    fn decode(&self, workspace: &mut Workspace, codes: &[f32]) -> Vec<f32>;
    /// The losses over these images, as validation takes them.
    fn evaluate(&self, workspace: &mut Workspace, images: &Images, which: Range<usize>) -> Losses;
}

/// A network with zeros for weights. The width of the first layer's panels is the dense kernels' and not used here.
pub(super) fn network<F: Simd, const WIDE: usize>(model: &ModelSpec) -> Box<dyn Infer> {
    Box::new(Network::<F>::new(model))
}

impl<F: Simd> Infer for Network<F> {
    fn load(&mut self, workspace: &mut Workspace, weights: &Weights) -> Result<(), TrainerError> {
        Self::load(self, &mut workspace.pool, weights)
    }

    fn weights(&self) -> Weights {
        self.unpack(&self.weights)
    }

    fn encode(
        &self,
        workspace: &mut Workspace,
        images: &Images,
        which: Range<usize>,
        part: CodePart,
    ) -> Vec<f32> {
        let code = self.plan.model.latent_units();
        let layer = self.plan.code_layer() + usize::from(part == CodePart::LogVariance);
        let mut codes = vec![0.0; which.len() * code];
        let blocks = codes.chunks_mut(self.plan.images_at_once * code).enumerate();
        workspace.for_each(blocks, |pass, (block, to)| {
            let first = which.start + block * self.plan.images_at_once;
            pass.begin(&self.plan, to.len() / code);
            pass.gather(images, first..first + to.len() / code);
            self.layers(pass, 0..layer + 1, false);
            to.copy_from_slice(&pass.values[layer][..to.len()]);
        });
        codes
    }

    fn decode(&self, workspace: &mut Workspace, codes: &[f32]) -> Vec<f32> {
        let (code, pixels) = (self.plan.model.latent_units(), self.plan.pixels());
        let (output, at_once) = (self.plan.output_layer(), self.plan.images_at_once);
        let mut images = vec![0.0; codes.len() / code * pixels];
        let blocks = images.chunks_mut(at_once * pixels).zip(codes.chunks(at_once * code));
        workspace.for_each(blocks, |pass, (to, codes)| {
            pass.begin(&self.plan, codes.len() / code);
            let layer = self.plan.code_layer();
            pass.values[layer][..codes.len()].copy_from_slice(codes);
            pass.code[..codes.len()].copy_from_slice(codes);
            self.layers(pass, self.plan.decoder()..output + 1, false);
            to.copy_from_slice(&pass.values[output][..to.len()]);
            self.activate_output(to);
        });
        images
    }

    fn evaluate(&self, workspace: &mut Workspace, images: &Images, which: Range<usize>) -> Losses {
        let at_once = self.plan.images_at_once;
        let mut sums = vec![[0.0; 2]; which.len().div_ceil(at_once)];
        workspace.for_each(sums.iter_mut().enumerate(), |pass, (block, sums)| {
            let first = which.start + block * at_once;
            let these = first..which.end.min(first + at_once);
            pass.begin(&self.plan, these.len());
            pass.gather(images, these.clone());
            pass.corrupt_for_validation::<F>(&self.plan, first);
            *sums = self.losses(pass);
        });
        let sums = sums.iter().fold([0.0; 2], |sum, block| [sum[0] + block[0], sum[1] + block[1]]);
        self.plan.objective.losses(sums, which.len())
    }
}

impl<F: Simd> Network<F> {
    /// The losses of images at the means of their codes, summed: of reconstruction and divergence.
    fn losses(&self, pass: &mut Pass) -> [f64; 2] {
        self.layers(pass, 0..self.plan.decoder(), false);
        let mut divergence = 0.0;
        if self.plan.model.is_variational() {
            pass.take_means(&self.plan);
            divergence = pass.divergence(&self.plan);
        }
        self.layers(pass, self.plan.decoder()..self.plan.layers.len(), false);
        [pass.reconstruction::<F>(&self.plan, None), divergence]
    }

    /// Takes sums of the output layer to its values.
    fn activate_output(&self, sums: &mut [f32]) {
        let activation = self.plan.layers[self.plan.output_layer()].activation;
        let mut vector = vec![0.0; F::LANES];
        for sums in sums.chunks_mut(F::LANES) {
            vector[..sums.len()].copy_from_slice(sums);
            match activation.smooth {
                Some(smooth) => smooth.apply::<F>(&mut vector, None),
                None => activation.piecewise_linear(F::load(&vector)).store(&mut vector),
            }
            sums.copy_from_slice(&vector[..sums.len()]);
        }
    }
}
