//! What each model of the menu is, and what it costs.

use super::numbers::grouped;
use latent_core::model::ModelSpec;

/// The menu's entry for every model that is no preset.
pub const CUSTOM: &str = "Custom";

/// What a preset is, in a sentence.
pub fn description(name: &str) -> &'static str {
    match name {
        "Tutorial" => {
            "The model of the Keras tutorial: one hidden layer of 300 units on each side of the code."
        }
        "Deep" => {
            "Two hidden layers on each side of the code, of 512 and 128 units: the second one combines what the first one finds."
        }
        "More codes" => {
            "The tutorial's model with codes of 8 numbers: the reconstructions are sharper, and the plane shows two of the eight."
        }
        "Convolutional" => {
            "Two convolutions look for the same small shapes everywhere in the image. It needs few parameters."
        }
        "Variational dense" => {
            "An image becomes a normal distribution of codes. The divergence in the loss keeps these distributions together, so that there are fewer gaps between the codes."
        }
        "Variational convolutional" => {
            "The variational autoencoder of the Keras examples: two convolutions, and a normal distribution of codes for each image."
        }
        "Denoising" => {
            "The encoder reads images with noise, and the loss compares the reconstruction with the clean image: the model learns to remove noise."
        }
        "Dropout" => {
            "The tutorial's model. In training, a random fifth of the encoder's hidden values is set to 0 in each step, so that the code does not depend on few of them."
        }
        _ => "A model of your own.",
    }
}

/// What a model costs beside the tutorial's: parameters, and multiply-adds for an image.
pub fn cost(model: &ModelSpec) -> String {
    let tutorial = ModelSpec { input: model.input, ..ModelSpec::default() };
    let part = |what: &str, count: u64, of_tutorial: u64| {
        let ratio = count as f64 / of_tutorial.max(1) as f64;
        let times = if count == of_tutorial { String::new() } else { format!(" ({})", times(ratio)) };
        format!("{} {what}{times}", grouped(count))
    };
    let parameters = part("parameters", model.parameters(), tutorial.parameters());
    let multiply_adds = part("multiply-adds for an image", model.multiply_adds(1), tutorial.multiply_adds(1));
    format!("{parameters}, {multiply_adds}.")
}

/// A ratio to the tutorial's model with two significant digits.
fn times(ratio: f64) -> String {
    let decimals = (1.0 - ratio.max(1e-9).log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{ratio:.decimals$} × the tutorial’s")
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::model::presets;

    #[test]
    fn every_preset_has_a_sentence_of_its_own() {
        let mut sentences: Vec<_> = presets::ALL.iter().map(|preset| description(preset.name)).collect();
        sentences.push(description(CUSTOM));
        for (at, sentence) in sentences.iter().enumerate() {
            assert!(sentence.ends_with('.') && !sentences[..at].contains(sentence), "{sentence}");
        }
    }

    #[test]
    fn costs_are_told_beside_the_tutorials() {
        let cost = |at: usize| cost(&presets::ALL[at].model());
        assert_eq!(cost(0), "472,986 parameters, 471,600 multiply-adds for an image.");
        assert_eq!(cost(7), cost(0));
        assert!(cost(3).starts_with("19,747 parameters (0.042 × the tutorial’s), "), "{}", cost(3));
        assert!(cost(5).contains("134,165 parameters (0.28 × the tutorial’s)"), "{}", cost(5));
        assert!(
            cost(5).contains(&format!(
                "({})",
                times(presets::ALL[5].model().multiply_adds(1) as f64 / 471_600.0)
            ))
        );
    }

    #[test]
    fn ratios_have_two_significant_digits() {
        assert_eq!(
            [0.0417, 1.234, 15.6].map(times).map(|it| it.split(' ').next().map(str::to_owned).unwrap()),
            ["0.042", "1.2", "16"]
        );
    }
}
