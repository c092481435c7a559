//! A model in sentences.

use latent_core::model::{Activation, ModelSpec};

/// The value of the setting `code-activation` that stands for the hidden layers' activation.
pub const INHERITED: &str = "hidden";

/// Items as a list in a sentence: `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A count of numbers: `1 number`, `2 numbers`.
pub fn numbers(count: usize) -> String {
    if count == 1 { "1 number".into() } else { format!("{count} numbers") }
}

/// The share of an image's values that its code leaves out.
pub fn saved_share(model: &ModelSpec) -> f64 {
    let values = model.input.values();
    values.saturating_sub(model.latent_units()) as f64 / values.max(1) as f64
}

/// Whether any layer has a LeakyReLU, so that the slope matters.
pub fn has_leaky_relu(model: &ModelSpec) -> bool {
    model.layers().iter().any(|layer| layer.activation == Activation::LeakyRelu)
}

/// Which layer has which activation, and what each activation does.
pub fn activations(model: &ModelSpec) -> String {
    let (hidden, code, output) = (model.activation, model.latent_activation(), model.output);
    let placement = if hidden == code && code == output {
        format!("Every layer has the activation {}.", hidden.title())
    } else {
        let places = [("hidden layers", hidden), ("code", code), ("reconstruction", output)];
        let parts = places.map(|(place, activation)| format!("{} for the {place}", activation.title()));
        format!("The activations are {}.", list(&parts))
    };
    let mut sentences = vec![placement];
    for activation in [hidden, code, output] {
        let sentence = effect(activation, model.slope);
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences.join(" ")
}

fn effect(activation: Activation, slope: f32) -> String {
    let effect = match activation {
        Activation::LeakyRelu => &format!("keeps positive values and multiplies negative values by {slope}"),
        Activation::Relu => "keeps positive values and replaces negative values by 0",
        Activation::Tanh => "maps every value to a number between −1 and 1",
        Activation::Sigmoid => "maps every value to a number between 0 and 1",
        Activation::Linear => "leaves every value as it is",
    };
    format!("{} {effect}.", activation.title())
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{
        model::Latent,
        settings::{Field, Settings},
    };

    #[test]
    fn lists_read_as_in_a_sentence() {
        let list = |items: &[&str]| list(&items.iter().map(|&item| item.to_owned()).collect::<Vec<_>>());
        assert_eq!([list(&["a"]), list(&["a", "b"]), list(&["a", "b", "c"])], ["a", "a and b", "a, b and c"]);
        assert_eq!([numbers(1), numbers(2)], ["1 number", "2 numbers"]);
    }

    #[test]
    fn the_code_inherits_its_activation_by_default() {
        assert_eq!(Settings::default().get(Field::CodeActivation), INHERITED);
    }

    #[test]
    fn one_activation_everywhere_is_one_statement() {
        assert_eq!(
            activations(&ModelSpec::default()),
            "Every layer has the activation LeakyReLU. LeakyReLU keeps positive values and multiplies negative values \
             by 0.3."
        );
    }

    #[test]
    fn different_activations_are_named_by_layer_and_explained_once() {
        let mut model =
            ModelSpec { activation: Activation::Relu, output: Activation::Sigmoid, ..ModelSpec::default() };
        let text = activations(&model);
        assert!(text.starts_with(
            "The activations are ReLU for the hidden layers, ReLU for the code and Sigmoid for the reconstruction."
        ));
        assert_eq!(text.matches("ReLU keeps").count(), 1);
        assert!(!has_leaky_relu(&model));
        model.latent = Latent::Deterministic { units: 2, activation: Some(Activation::LeakyRelu) };
        assert!(has_leaky_relu(&model));
    }

    #[test]
    fn the_saved_share_follows_the_shape_of_the_image() {
        let mut model = ModelSpec::default();
        assert!((saved_share(&model) - 782.0 / 784.0).abs() < 1e-12);
        model.input.channels = 3;
        assert!((saved_share(&model) - 2350.0 / 2352.0).abs() < 1e-12);
    }
}
