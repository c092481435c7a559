//! The loss, and its gradient at the sums of the output layer.

use super::{
    activation::{Activation, Smooth},
    simd::{Simd, VECTORS, load, run, vectors},
};
use latent_core::{
    math::sigmoid_and_log,
    model::{LossKind, ModelSpec, Reduction},
    training::Losses,
};

/// How the output layer's sums become losses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Objective {
    kind: Kind,
    reduction: Reduction,
    /// Values of an image.
    pixels: usize,
    /// The weight of the divergence. None for deterministic models.
    beta: Option<f32>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// The squared error behind a piecewise linear activation.
    Squared { negative_slope: f32 },
    /// The squared error behind another activation.
    SquaredSmooth(Smooth),
    /// Binary cross-entropy behind a sigmoid, computed from the sums: no probability is clipped.
    CrossEntropy,
}

/// What is needed of a panel of pixels of one image.
#[derive(Clone, Copy)]
pub(super) struct PanelTarget<'a> {
    /// The image's bytes from the panel's first pixel on, with zeros beyond the image.
    pub(super) pixels: &'a [u8],
    /// 1 for each pixel of the panel, 0 for what lies beyond the image.
    pub(super) mask: &'a [f32],
    /// See [`Objective::gradient_scale`].
    pub(super) scale: f32,
}

impl Objective {
    /// The objective of a model whose output layer has this activation.
    pub(super) fn new(model: &ModelSpec, output: Activation) -> Self {
        let kind = match (model.loss.kind, output.smooth) {
            (LossKind::MeanSquaredError, None) => Kind::Squared { negative_slope: output.negative_slope },
            (LossKind::MeanSquaredError, Some(smooth)) => Kind::SquaredSmooth(smooth),
            (LossKind::BinaryCrossEntropy, _) => Kind::CrossEntropy,
        };
        let beta = model.is_variational().then(|| model.beta());
        Self { kind, reduction: model.loss.reduction, pixels: model.input.values(), beta }
    }

    /// What is factored out of the gradient of a batch's loss: 2 for squares, over the number that the losses are divided by.
    pub(super) fn gradient_scale(self, images: usize) -> f32 {
        let factor = match self.kind {
            Kind::Squared { .. } | Kind::SquaredSmooth(_) => 2.0,
            Kind::CrossEntropy => 1.0,
        };
        factor / self.divisor(images) as f32
    }

    /// The losses of some images, from the sums of their pixels' losses and of their codes' divergences.
    pub(super) fn losses(self, [reconstruction, divergence]: [f64; 2], images: usize) -> Losses {
        let reconstruction = reconstruction / self.divisor(images) as f64;
        match self.beta {
            None => Losses::deterministic(reconstruction),
            Some(beta) => Losses::variational(reconstruction, divergence / images as f64, beta),
        }
    }

    fn divisor(self, images: usize) -> usize {
        match self.reduction {
            Reduction::Mean => images * self.pixels,
            Reduction::Sum => images,
        }
    }

    /// Adds the losses of a panel of one image to `losses`, `[LANES]`, and gives the gradient at its sums.
    #[inline(always)]
    pub(super) fn add_losses<F: Simd>(
        self,
        sums: [F; VECTORS],
        target: PanelTarget<'_>,
        losses: &mut [f32],
    ) -> [F; VECTORS] {
        match self.kind {
            Kind::Squared { negative_slope } => {
                let slope = F::splat(negative_slope);
                let outputs: [F; VECTORS] = vectors(|v| sums[v].where_positive(sums[v], sums[v] * slope));
                let pixels = pixels::<F>(target.pixels);
                let errors: [F; VECTORS] = vectors(|v| outputs[v] - pixels[v]);
                add_squares(losses, errors);
                let gradient: [F; VECTORS] = vectors(|v| errors[v] * F::splat(target.scale));
                vectors(|v| outputs[v].where_positive(gradient[v], gradient[v] * slope))
            }
            // A function of its own, so that the loops around it stay small.
            Kind::SquaredSmooth(smooth) => run!(F, add_smooth_squares(smooth, sums, target, losses)),
            Kind::CrossEntropy => run!(F, add_cross_entropies(sums, target, losses)),
        }
    }
}

#[inline(always)]
fn add_smooth_squares<F: Simd>(
    smooth: Smooth,
    sums: [F; VECTORS],
    target: PanelTarget<'_>,
    losses: &mut [f32],
) -> [F; VECTORS] {
    let (pixels, mask): ([F; VECTORS], [F; VECTORS]) = (pixels(target.pixels), load(target.mask));
    let (mut errors, mut gradient) = (sums, sums);
    for v in 0..VECTORS {
        let (output, derivative) = smooth.value_and_derivative(sums[v]);
        errors[v] = (output - pixels[v]) * mask[v];
        gradient[v] = errors[v] * F::splat(target.scale) * derivative;
    }
    add_squares(losses, errors);
    gradient
}

#[inline(always)]
fn add_cross_entropies<F: Simd>(
    sums: [F; VECTORS],
    target: PanelTarget<'_>,
    losses: &mut [f32],
) -> [F; VECTORS] {
    let (pixels, mask): ([F; VECTORS], [F; VECTORS]) = (pixels(target.pixels), load(target.mask));
    let mut gradient = sums;
    let mut sum = F::load(losses);
    for v in 0..VECTORS {
        let a = sums[v];
        let (output, log) = sigmoid_and_log(a);
        let loss = a.where_positive(a, F::splat(0.0)) - a * pixels[v] + log;
        sum = sum + loss * mask[v];
        gradient[v] = (output - pixels[v]) * F::splat(target.scale) * mask[v];
    }
    sum.store(losses);
    gradient
}

/// Adds squares lane by lane.
#[inline(always)]
fn add_squares<F: Simd>(losses: &mut [f32], errors: [F; VECTORS]) {
    let mut sum = F::load(losses);
    for error in errors {
        sum = sum.add_product(error, error);
    }
    sum.store(losses);
}

/// A panel of pixels, from 0 to 1.
#[inline(always)]
fn pixels<F: Simd>(bytes: &[u8]) -> [F; VECTORS] {
    vectors(|v| F::load_bytes(&bytes[v * F::LANES..]) * F::splat(1.0 / 255.0))
}
