//! The losses, as Keras defines them.

use burn::{
    nn::loss::MseLoss,
    tensor::{Tensor, activation::log_sigmoid},
};
use latent_core::model::{Loss, LossKind, Reduction};

/// The loss of each image, `[batch, 1]`. `logits` are the pre-activations of the output layer, `outputs` what its
/// activation makes of them, and `images` the targets, all `[batch, pixels]`.
pub fn by_image(loss: Loss, logits: Tensor<2>, outputs: Tensor<2>, images: Tensor<2>) -> Tensor<2> {
    let by_pixel = match loss.kind {
        LossKind::MeanSquaredError => MseLoss::new().forward_no_reduction(outputs, images),
        LossKind::BinaryCrossEntropy => binary_cross_entropy(logits, images),
    };
    match loss.reduction {
        Reduction::Mean => by_pixel.mean_dim(1),
        Reduction::Sum => by_pixel.sum_dim(1),
    }
}

/// `−x · ln σ(a) − (1 − x) · ln σ(−a)` for each pixel, from the logits `a`, which is never clipped.
/// ([`burn::nn::loss::BinaryCrossEntropyLoss`] takes whole numbers as targets only.)
fn binary_cross_entropy(logits: Tensor<2>, images: Tensor<2>) -> Tensor<2> {
    let background = -images.clone() + 1;
    -(images * log_sigmoid(logits.clone()) + background * log_sigmoid(-logits))
}

/// How far each image's distribution is from the standard normal one, summed over the code, `[batch, 1]`:
/// `−½ Σ (1 + ln σ² − μ² − σ²)` (Kingma and Welling, 2014, appendix B).
pub fn divergence(mean: Tensor<2>, log_variance: Tensor<2>) -> Tensor<2> {
    (mean.square() + log_variance.clone().exp() - log_variance - 1).sum_dim(1) * 0.5
}
