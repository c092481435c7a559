//! What is particular to a kind of model, in sentences: its layers, its code, and what training does at random.

use super::{model_text::list, numbers::grouped};
use latent_core::model::{Corruption, Half, Latent, LayerSpec, ModelSpec};

/// What the encoder maps an image through: `a hidden layer of 300 units`, or `convolutions with 8 and 16 filters and a
/// hidden layer of 16 units`.
pub fn encoder_layers(model: &ModelSpec) -> String {
    let filters = |layer: &LayerSpec| match *layer {
        LayerSpec::Conv2d { filters, .. } => Some(filters),
        LayerSpec::Dense { .. } | LayerSpec::Dropout { .. } => None,
    };
    let filters: Vec<_> = model.encoder.iter().filter_map(filters).collect();
    let parts = [
        layers_of(&filters, ["a convolution", "convolutions"], ["with", "filter", "filters"]),
        layers_of(&model.hidden(), ["a hidden layer", "hidden layers"], ["of", "unit", "units"]),
    ];
    list(&parts.into_iter().flatten().collect::<Vec<_>>())
}

/// Some layers of one kind by their sizes, if there are any.
fn layers_of(sizes: &[usize], [one, several]: [&str; 2], [of, unit, units]: [&str; 3]) -> Option<String> {
    let all = list(&sizes.iter().map(usize::to_string).collect::<Vec<_>>());
    match sizes {
        [] => None,
        [1] => Some(format!("{one} {of} 1 {unit}")),
        [_] => Some(format!("{one} {of} {all} {units}")),
        _ => Some(format!("{several} {of} {all} {units}")),
    }
}

/// How the decoder maps the code back.
pub fn decoder_layers(model: &ModelSpec) -> String {
    let is_convolution = |layer: &LayerSpec| matches!(layer, LayerSpec::Conv2d { .. });
    if !model.encoder.iter().any(is_convolution) {
        return "through the same layers in reverse order".into();
    }
    let layers = model.layers();
    let decoder = layers.iter().filter(|layer| layer.half == Half::Decoder);
    let first = decoder.map(|layer| layer.outputs).next().unwrap_or(0);
    format!(
        "through a layer of {} units and transposed convolutions, which lead from a small feature map to a large one",
        grouped(first as u64)
    )
}

/// What is special about the code of a variational model, in sentences; empty for any other.
pub fn variational_code(model: &ModelSpec) -> String {
    let Latent::Variational { beta, .. } = model.latent else { return String::new() };
    let weight = if beta == 1.0 { String::new() } else { format!(", with the weight {beta}") };
    format!(
        "The autoencoder is variational: for each number of the code the encoder gives the mean and the logarithm of the variance of a \
         normal distribution, and training draws the code from it. The plane and the reconstructions take the mean. The \
         loss has a second part{weight}: the Kullback–Leibler divergence between this distribution and the standard \
         normal distribution."
    )
}

/// What training does to images and hidden values at random, in sentences; empty for a model without dropout and corruption.
pub fn noise_in_training(model: &ModelSpec) -> String {
    let mut sentences = Vec::new();
    let rate = |layer: &LayerSpec| match *layer {
        LayerSpec::Dropout { rate } if rate > 0.0 => Some(share(rate)),
        _ => None,
    };
    let rates: Vec<_> = model.encoder.iter().filter_map(rate).collect();
    if !rates.is_empty() {
        sentences.push(format!(
            "In training, dropout sets {} of the encoder's hidden values to 0, chosen at random in each step, and \
             multiplies the others so that their mean stays.",
            list(&rates)
        ));
    }
    let corruption = match model.corruption {
        Corruption::None => None,
        Corruption::Gaussian { deviation } => {
            Some(format!("normal noise with the standard deviation {deviation} on every pixel"))
        }
        Corruption::Masking { fraction } => Some(format!("{} of their pixels set to 0", share(fraction))),
    };
    if let Some(corruption) = corruption {
        sentences.push(format!(
            "It is a denoising autoencoder: in training, the encoder reads images with {corruption}, and the loss compares \
             the reconstructions with the clean images."
        ));
    }
    sentences.join(" ")
}

/// A share in whole or tenths of a percent, such as `20 %`.
fn share(share: f32) -> String {
    let percent = (1000.0 * share).round() / 10.0;
    format!("{percent} %")
}

/// How a dot's place on the plane follows from its image.
pub fn place_on_the_plane(model: &ModelSpec) -> &'static str {
    match (model.latent_units(), model.is_variational()) {
        (1, false) => "Its place from left to right is its code, computed by the encoder.",
        (1, true) => "Its place from left to right is the mean of its code, computed by the encoder.",
        (2, false) => "Its place is its code, computed by the encoder.",
        (2, true) => "Its place is the mean of its code, computed by the encoder.",
        (_, false) => "Its place is two numbers of its code, computed by the encoder.",
        (_, true) => "Its place is two numbers of the mean of its code, computed by the encoder.",
    }
}

/// How variational autoencoders treat the gaps between codes.
pub fn gaps(model: &ModelSpec) -> &'static str {
    match model.is_variational() {
        true => {
            "A variational autoencoder, as this one, has fewer of them: it draws the code of an image from a distribution, \
             and the divergence in its loss keeps these distributions close to each other."
        }
        false => {
            "Variational autoencoders address this: their loss also makes the codes fill the plane evenly."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{
        model::presets,
        settings::{Field, Settings},
    };

    fn preset(name: &str) -> ModelSpec {
        presets::ALL.iter().find(|preset| preset.name == name).unwrap().model()
    }

    #[test]
    fn dense_layers_are_named_by_their_units() {
        let model = |hidden: &[usize]| encoder_layers(&ModelSpec::dense(hidden, 2, 0.3));
        assert_eq!(
            [model(&[300]), model(&[1]), model(&[9, 8]), model(&[9, 8, 7])],
            [
                "a hidden layer of 300 units",
                "a hidden layer of 1 unit",
                "hidden layers of 9 and 8 units",
                "hidden layers of 9, 8 and 7 units"
            ]
        );
    }

    #[test]
    fn convolutions_are_named_in_both_halves() {
        let model = preset("Convolutional");
        assert_eq!(
            encoder_layers(&model),
            "convolutions with 8 and 16 filters and a hidden layer of 16 units"
        );
        assert!(
            decoder_layers(&model).starts_with("through a layer of 784 units and transposed convolutions")
        );
        assert_eq!(decoder_layers(&preset("Deep")), "through the same layers in reverse order");
        let mut settings = Settings::default();
        settings.set(Field::Encoder, "conv1k3s2").unwrap();
        assert_eq!(encoder_layers(&settings.model), "a convolution with 1 filter");
    }

    #[test]
    fn only_models_with_noise_or_a_distribution_speak_of_it() {
        let says = |text: fn(&ModelSpec) -> String| -> Vec<&str> {
            let speaks = presets::ALL.iter().filter(|preset| !text(&preset.model()).is_empty());
            speaks.map(|preset| preset.name).collect()
        };
        assert_eq!(says(variational_code), ["Variational dense", "Variational convolutional"]);
        assert_eq!(says(noise_in_training), ["Denoising", "Dropout"]);
        assert!(noise_in_training(&preset("Denoising")).contains("standard deviation 0.4"));
        assert!(noise_in_training(&preset("Dropout")).contains("sets 20 % of"));
        let mut settings = Settings::default();
        settings.set(Field::Corruption, "masking0.125").unwrap();
        assert!(noise_in_training(&settings.model).contains("12.5 % of their pixels"));
        settings.set(Field::Variational, "1").unwrap();
        settings.set(Field::Beta, "4").unwrap();
        assert!(variational_code(&settings.model).contains("second part, with the weight 4:"));
    }

    #[test]
    fn the_place_of_a_dot_is_as_many_numbers_as_the_plane_shows() {
        assert!(place_on_the_plane(&preset("More codes")).contains("two numbers of its code"));
        assert!(place_on_the_plane(&preset("Variational dense")).contains("the mean of its code"));
        assert!(place_on_the_plane(&preset("Tutorial")).contains("place is its code"));
        assert_ne!(gaps(&preset("Tutorial")), gaps(&preset("Variational dense")));
    }
}
