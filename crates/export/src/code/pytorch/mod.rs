//! The program for PyTorch.

mod layers;
mod loss;

use super::{
    facts,
    template::{WIDTH, fill, indented, number, wrapped},
};
use latent_core::{
    data::DatasetId,
    model::{Corruption, Half, ModelSpec},
    settings::Settings,
};

/// The program.
pub(super) fn program(settings: &Settings) -> String {
    let model = &settings.model;
    let is_own = settings.data.is_own();
    let beta =
        if model.is_variational() { format!("BETA = {}\n", number(model.beta())) } else { String::new() };
    let chance =
        facts::chance(settings).map_or(String::new(), |it| format!("\n\n{}", wrapped(&it, WIDTH, "")));
    let (constant, first, set) = learning_rate(settings);
    let has_maps = model.layers().iter().any(layers::is_convolution);
    fill(
        include_str!("program.py"),
        &[
            ("kind", &facts::kind(model)),
            ("images", facts::images(settings.data)),
            ("chance", &chance),
            ("torchvision", if is_own { "" } else { "torchvision " }),
            ("standard imports", if is_own { "\nimport gzip\nimport zipfile" } else { "" }),
            ("torchvision import", if is_own { "" } else { "from torchvision import datasets\n" }),
            ("training images", &settings.training_images.to_string()),
            ("batch", &settings.batch.to_string()),
            ("epochs", &settings.epochs.to_string()),
            ("rate constant", &constant),
            ("first rate", first),
            ("set rate", set),
            ("beta constant", &beta),
            ("seed", &settings.seed.to_string()),
            ("load images", &load_images(settings)),
            ("classes", &layers::classes(model)),
            ("model", &autoencoder(model)),
            (
                "kernel",
                if has_maps {
                    "kernel.T if kernel.ndim == 2 else kernel.permute(3, 2, 0, 1)"
                } else {
                    "kernel.T"
                },
            ),
            ("loss title", model.loss.title()),
            ("plus divergence", if model.is_variational() { ", and the weighted divergence" } else { "" }),
            ("mean loss", &indented(&loss::lines(model), 4)),
            (
                "order",
                if settings.shuffle { "torch.randperm(len(train))" } else { "torch.arange(len(train))" },
            ),
            ("other codes", if model.is_variational() { ", _" } else { "" }),
            ("reconstructions", loss::reconstructions(model)),
        ],
    )
}

/// The constant with the learning rate, the optimizer's first one, and the line that sets it before a step.
fn learning_rate(settings: &Settings) -> (String, &'static str, &'static str) {
    let rates = facts::learning_rates(settings);
    if let [(_, rate)] = &rates[..] {
        return (format!("LEARNING_RATE = {rate}"), "LEARNING_RATE", "");
    }
    let rates: Vec<_> = rates.iter().map(|(steps, rate)| format!("{steps}: {rate}")).collect();
    let constant = format!(
        "LEARNING_RATES = {{{}}}  # each with the steps that are done when it begins",
        rates.join(", ")
    );
    const SET: &str = "\n        begun = max(steps for steps in LEARNING_RATES if steps <= optimizer.steps)\n        optimizer.param_groups[0][\"lr\"] = LEARNING_RATES[begun]";
    (constant, "LEARNING_RATES[0]", SET)
}

fn load_images(settings: &Settings) -> String {
    let shape = settings.model.input;
    let (template, dataset) = match settings.data {
        DatasetId::Mnist => (include_str!("load_served.py"), "MNIST"),
        DatasetId::FashionMnist => (include_str!("load_served.py"), "FashionMNIST"),
        DatasetId::Own(_) => (include_str!("load_own.py"), ""),
    };
    let [rows, columns, channels] = [shape.height, shape.width, shape.channels].map(|it| it.to_string());
    fill(template, &[("rows", &rows), ("columns", &columns), ("channels", &channels), ("dataset", dataset)])
}

fn autoencoder(model: &ModelSpec) -> String {
    let template = match model.is_variational() {
        true => include_str!("variational.py"),
        false => include_str!("deterministic.py"),
    };
    let lines = |half| indented(&layers::lines(model, half), 16);
    let hidden = super::parts::heads(model).first().map_or(0, |head| head.inputs);
    fill(
        template,
        &[
            ("encoder", &lines(Half::Encoder)),
            ("decoder", &lines(Half::Decoder)),
            ("hidden", &hidden.to_string()),
            ("code", &model.latent_units().to_string()),
            ("corruption", &corruption(model.corruption)),
            ("outputs title", if model.loss.reads_logits() { "The logits" } else { "The reconstructions" }),
        ],
    )
}

/// The lines that corrupt images in training.
fn corruption(corruption: Corruption) -> String {
    let corrupted = match corruption {
        Corruption::None => return String::new(),
        Corruption::Gaussian { deviation } => {
            format!("(images + {} * torch.randn_like(images)).clamp(0, 1)", number(deviation))
        }
        Corruption::Masking { fraction } => {
            format!("images * (torch.rand_like(images) >= {})", number(fraction))
        }
    };
    format!("\n        if self.training:\n            images = {corrupted}")
}
