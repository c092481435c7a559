//! What the programs of all dialects say of a run.

use super::template::number;
use latent_core::{
    data::DatasetId,
    model::{Corruption, ImageShape, LayerSpec, ModelSpec},
    settings::Settings,
};

/// What kind of autoencoder it is, for the first line: "A convolutional autoencoder".
pub(super) fn kind(model: &ModelSpec) -> String {
    let has = |of: fn(&LayerSpec) -> bool| model.encoder.iter().any(of);
    let mut words = Vec::new();
    if model.corruption != Corruption::None {
        words.push("denoising");
    }
    if model.is_variational() {
        words.push("variational");
    }
    if has(|layer| matches!(layer, LayerSpec::Conv2d { .. })) {
        words.push("convolutional");
    }
    let article = if words.is_empty() { "An" } else { "A" };
    let words: String = words.iter().map(|word| format!(" {word}")).collect();
    format!("{article}{words} autoencoder")
}

/// The images, for the first line.
pub(super) fn images(data: DatasetId) -> &'static str {
    match data {
        DatasetId::Mnist => "MNIST",
        DatasetId::FashionMnist => "Fashion-MNIST",
        DatasetId::Own(_) => "your own images",
    }
}

/// What differs from the page by chance, as a paragraph. None where nothing does.
pub(super) fn chance(settings: &Settings) -> Option<String> {
    let model = &settings.model;
    let has_noise = model.corruption != Corruption::None;
    let mut what = Vec::new();
    if settings.shuffle {
        what.push("the order of the images");
    }
    if has_noise {
        what.push("the noise on the images");
    }
    if model.encoder.iter().any(|layer| matches!(layer, LayerSpec::Dropout { .. })) {
        what.push("the values that dropout removes");
    }
    if model.is_variational() {
        what.push("the codes");
    }
    let last = what.pop()?;
    let what = if what.is_empty() { last.into() } else { format!("{} and {last}", what.join(", ")) };
    let validation = match has_noise {
        true => {
            " The images of the validation have no noise here. In the page they have, so its validation loss is higher."
        }
        false => "",
    };
    Some(format!("The page draws {what} with other random numbers, so losses differ a little.{validation}"))
}

/// The shape of an image, as `28, 28, 1`.
pub(super) fn shape(ImageShape { height, width, channels }: ImageShape) -> String {
    format!("{height}, {width}, {channels}")
}

/// The learning rate, where it is one, or each rate with the steps done when it begins.
pub(super) fn learning_rates(settings: &Settings) -> Vec<(u64, String)> {
    let rates = &settings.learning_rates;
    let changes = rates.changes().iter().map(|change| (change.steps, number(change.rate)));
    [(0, number(rates.after(0)))].into_iter().chain(changes).collect()
}
