//! The bodies of encode, decode and loss.

use crate::code::{
    facts,
    parts::{Part, parts},
    template::{indented, number},
};
use latent_core::model::{Activation, Corruption, Half, LayerKind, LossKind, ModelSpec, Reduction};

/// The body of `encode`.
pub(super) fn encode(model: &ModelSpec) -> String {
    let mut lines = expressions(model, Half::Encoder, "images");
    if model.is_variational() {
        lines.push("(self.encoder_z_mean.forward(x.clone()), self.encoder_z_log_var.forward(x))".into());
    }
    body(lines)
}

/// The body of `decode`.
pub(super) fn decode(model: &ModelSpec) -> String {
    body(expressions(model, Half::Decoder, "codes"))
}

/// A body that computes one expression after another and gives the last.
fn body(mut expressions: Vec<String>) -> String {
    let last = expressions.pop().unwrap_or_default();
    let mut lines: Vec<_> =
        expressions.into_iter().map(|expression| format!("let x = {expression};")).collect();
    lines.push(last);
    indented(&lines, 8)
}

/// An expression for each part of a half. The first reads the argument of this name, each other `x`.
fn expressions(model: &ModelSpec, half: Half, argument: &str) -> Vec<String> {
    let mut expressions = Vec::new();
    for part in parts(model, half) {
        let read = if expressions.is_empty() { argument } else { "x" };
        expressions.extend(expressions_of(&part, read));
    }
    expressions
}

fn expressions_of(part: &Part, x: &str) -> Vec<String> {
    match part {
        Part::Flatten(_) => vec![format!("to_list({x})")],
        Part::Reshape(map) => vec![format!("to_maps({x}, [{}])", facts::shape(*map))],
        Part::Layer(layer) => {
            let forward = format!("self.{}.forward({x})", layer.name);
            match &layer.kind {
                LayerKind::Conv2dTranspose(it) if it.margins() != [[0; 2]; 2] => {
                    let size = [it.large.height, it.large.width];
                    vec![forward, format!("crop(x, {:?}, {size:?})", it.before)]
                }
                _ => vec![forward],
            }
        }
        Part::Activation(layer) => vec![match layer.activation {
            Activation::LeakyRelu => format!("leaky_relu({x})"),
            Activation::Relu | Activation::Tanh | Activation::Sigmoid | Activation::Linear => {
                format!("activation::{}({x})", layer.activation.name())
            }
        }],
    }
}

/// The body of `loss`.
pub(super) fn loss(model: &ModelSpec) -> String {
    let outputs = if model.loss.reads_logits() { "logits" } else { "reconstructions" };
    let (read, mut lines) = corrupted(model.corruption);
    match model.is_variational() {
        true => lines.extend(sampled(&read, outputs)),
        false => lines.push(format!("let {outputs} = self.decode(self.encode({read}));")),
    }
    lines.extend(by_pixel(model.loss.kind));
    // Image by image: one sum over all pixels of a batch would lose digits.
    let by_image = match model.loss.reduction {
        Reduction::Mean => "mean_dim",
        Reduction::Sum => "sum_dim",
    };
    lines.push(format!("let by_image = by_pixel.flatten::<2>(1, 3).{by_image}(1);"));
    let plus = if model.is_variational() { " + divergence.mean() * BETA" } else { "" };
    lines.push(format!("by_image.mean(){plus}"));
    indented(&lines, 8)
}

/// What the encoder reads, and the lines before that.
fn corrupted(corruption: Corruption) -> (String, Vec<String>) {
    let corrupt: [String; 2] = match corruption {
        Corruption::None => return ("images.clone()".into(), Vec::new()),
        Corruption::Gaussian { deviation } => [
            "    let noise = images.random_like(Distribution::Normal(0.0, 1.0));".into(),
            format!("    (images.clone() + noise * {}).clamp(0, 1)", number(deviation)),
        ],
        Corruption::Masking { fraction } => [
            "    let random = images.random_like(Distribution::Uniform(0.0, 1.0));".into(),
            format!("    images.clone().mask_fill(random.lower_elem({}), 0)", number(fraction)),
        ],
    };
    let [draw, give] = corrupt;
    let lines = [
        "let corrupted = if is_training {".into(),
        draw,
        give,
        "} else {".into(),
        "    images.clone()".into(),
        "};".into(),
    ];
    ("corrupted".into(), lines.into())
}

/// The lines that draw the codes of a variational model.
fn sampled(read: &str, outputs: &str) -> Vec<String> {
    [
        &format!("let (mean, log_variance) = self.encode({read});"),
        "// How far each distribution is from the standard normal one.",
        "let divergence = mean.clone().square() + log_variance.clone().exp() - log_variance.clone() - 1;",
        "let divergence = divergence.sum_dim(1) * 0.5;",
        "// A code is drawn in training, and is the mean otherwise.",
        "let codes = if is_training {",
        "    let noise = mean.random_like(Distribution::Normal(0.0, 1.0));",
        "    mean + (log_variance * 0.5).exp() * noise",
        "} else {",
        "    mean",
        "};",
        &format!("let {outputs} = self.decode(codes);"),
    ]
    .map(String::from)
    .into()
}

fn by_pixel(kind: LossKind) -> Vec<String> {
    let lines: &[&str] = match kind {
        LossKind::MeanSquaredError => &["let by_pixel = (reconstructions - images).square();"],
        LossKind::BinaryCrossEntropy => &[
            "let background = -images.clone() + 1;",
            "let ink = images * activation::log_sigmoid(logits.clone());",
            "let by_pixel = -(ink + background * activation::log_sigmoid(-logits));",
        ],
    };
    lines.iter().map(|line| line.to_string()).collect()
}

/// The images at the codes.
pub(super) fn reconstructions(model: &ModelSpec) -> &'static str {
    match model.loss.reads_logits() {
        true => "activation::sigmoid(valid.decode(codes))",
        false => "valid.decode(codes)",
    }
}
