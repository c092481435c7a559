//! Losses as PyTorch writes them.

use latent_core::model::{LossKind, ModelSpec, Reduction};

/// The body of the function that gives the mean loss of a batch.
pub(super) fn lines(model: &ModelSpec) -> Vec<String> {
    let outputs = if model.loss.reads_logits() { "logits" } else { "reconstructions" };
    let function = match model.loss.kind {
        LossKind::MeanSquaredError => "mse_loss",
        LossKind::BinaryCrossEntropy => "binary_cross_entropy_with_logits",
    };
    let loss = match model.loss.reduction {
        Reduction::Mean => format!("F.{function}({outputs}, images)"),
        Reduction::Sum => format!(r#"F.{function}({outputs}, images, reduction="sum") / len(images)"#),
    };
    match model.is_variational() {
        true => vec![
            format!("{outputs}, divergence = autoencoder(images)"),
            format!("return {loss} + BETA * divergence.mean()"),
        ],
        false => vec![format!("{outputs} = autoencoder(images)"), format!("return {loss}")],
    }
}

/// The images at the codes.
pub(super) fn reconstructions(model: &ModelSpec) -> &'static str {
    match model.loss.reads_logits() {
        true => "autoencoder.decoder(codes).sigmoid()",
        false => "autoencoder.decoder(codes)",
    }
}
