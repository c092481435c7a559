//! The program for Keras.

mod layers;

use super::{
    facts,
    template::{WIDTH, fill, indented, number, wrapped},
};
use latent_core::{
    data::DatasetId,
    model::{Corruption, Half, LossKind, ModelSpec, Reduction},
    settings::Settings,
};

/// The program.
pub(super) fn program(settings: &Settings) -> String {
    let model = &settings.model;
    let is_own = settings.data.is_own();
    let (outputs, reconstructions) = outputs(model);
    let beta =
        if model.is_variational() { format!("BETA = {}\n", number(model.beta())) } else { String::new() };
    let chance =
        facts::chance(settings).map_or(String::new(), |it| format!("\n\n{}", wrapped(&it, WIDTH, "")));
    let (constant, rate) = learning_rate(settings);
    fill(
        include_str!("program.py"),
        &[
            ("kind", &facts::kind(model)),
            ("images", facts::images(settings.data)),
            ("chance", &chance),
            ("standard imports", if is_own { "\nimport gzip\nimport zipfile" } else { "" }),
            ("numpy import", if is_own { "import numpy as np\n" } else { "" }),
            ("training images", &settings.training_images.to_string()),
            ("batch", &settings.batch.to_string()),
            ("epochs", &settings.epochs.to_string()),
            ("rate constant", &constant),
            ("rate", &rate),
            ("beta constant", &beta),
            ("seed", &seed(settings.seed)),
            ("load images", &load_images(settings)),
            ("classes", &classes(model)),
            ("model", &autoencoder(model)),
            ("outputs", outputs),
            ("loss title", model.loss.title()),
            ("loss", loss(model)),
            ("shuffle", if settings.shuffle { "True" } else { "False" }),
            ("other codes", if model.is_variational() { ", _" } else { "" }),
            ("reconstructions", reconstructions),
        ],
    )
}

/// The seed, of which Keras takes 31 bits.
fn seed(seed: u64) -> String {
    match i32::try_from(seed) {
        Ok(seed) => seed.to_string(),
        Err(_) => format!("{seed} % 2**31"),
    }
}

/// What the decoder's outputs are called, and how images are made of codes.
fn outputs(model: &ModelSpec) -> (&'static str, &'static str) {
    match model.loss.reads_logits() {
        true => ("logits", "ops.sigmoid(decoder.predict(codes, verbose=0))"),
        false => ("reconstructions", "decoder.predict(codes, verbose=0)"),
    }
}

/// The loss of each image, from arrays `[batch, height, width, channels]`.
fn loss(model: &ModelSpec) -> &'static str {
    match (model.loss.kind, model.loss.reduction) {
        (LossKind::MeanSquaredError, Reduction::Mean) => {
            "ops.mean(ops.square(images - reconstructions), axis=(1, 2, 3))"
        }
        (LossKind::MeanSquaredError, Reduction::Sum) => {
            "ops.sum(ops.square(images - reconstructions), axis=(1, 2, 3))"
        }
        (LossKind::BinaryCrossEntropy, Reduction::Mean) => {
            "ops.mean(ops.binary_crossentropy(images, logits, from_logits=True), axis=(1, 2, 3))"
        }
        (LossKind::BinaryCrossEntropy, Reduction::Sum) => {
            "ops.sum(ops.binary_crossentropy(images, logits, from_logits=True), axis=(1, 2, 3))"
        }
    }
}

/// The constant with the learning rate, and the optimizer's first argument.
fn learning_rate(settings: &Settings) -> (String, String) {
    let rates = facts::learning_rates(settings);
    if let [(_, rate)] = &rates[..] {
        return (format!("LEARNING_RATE = {rate}"), "LEARNING_RATE".into());
    }
    // The first step is step 0, and a rate holds up to its boundary.
    let boundaries: Vec<_> = rates[1..].iter().map(|(steps, _)| (steps - 1).to_string()).collect();
    let values: Vec<_> = rates.into_iter().map(|(_, rate)| rate).collect();
    let constant = format!(
        "# Each rate holds up to its step, of which 0 is the first.\nLEARNING_RATES = keras.optimizers.schedules.PiecewiseConstantDecay([{}], [{}])",
        boundaries.join(", "),
        values.join(", ")
    );
    (constant, "LEARNING_RATES".into())
}

fn load_images(settings: &Settings) -> String {
    let shape = facts::shape(settings.model.input);
    let (template, dataset) = match settings.data {
        DatasetId::Mnist => (include_str!("load_served.py"), "mnist"),
        DatasetId::FashionMnist => (include_str!("load_served.py"), "fashion_mnist"),
        DatasetId::Own(_) => (include_str!("load_own.py"), ""),
    };
    fill(template, &[("shape", &shape), ("dataset", dataset)])
}

/// The layers that Keras does not have.
fn classes(model: &ModelSpec) -> String {
    match model.corruption {
        Corruption::Masking { .. } => fill(include_str!("mask.py"), &[]) + "\n\n\n",
        Corruption::None | Corruption::Gaussian { .. } => String::new(),
    }
}

fn autoencoder(model: &ModelSpec) -> String {
    let (template, spaces) = match model.is_variational() {
        true => (include_str!("variational.py"), 4),
        false => (include_str!("deterministic.py"), 8),
    };
    let lines = |half| indented(&layers::lines(model, half), spaces);
    fill(
        template,
        &[
            ("shape", &facts::shape(model.input)),
            ("code", &model.latent_units().to_string()),
            ("encoder", &lines(Half::Encoder)),
            ("decoder", &lines(Half::Decoder)),
        ],
    )
}
