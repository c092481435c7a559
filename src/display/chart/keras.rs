//! The reference line: what Keras reached with the tutorial's model.

use crate::display::numbers::loss;
use latent_core::{model::ModelSpec, settings::Settings};

/// The validation loss that the tutorial's model reaches in Keras: the mean of three runs of 20 epochs.
const KERAS_VALIDATION_LOSS: f32 = 0.0448;

/// What Keras reached, for settings that train the tutorial's model: the same layers on the same loss.
pub fn keras_reference(settings: &Settings) -> Option<f32> {
    let (model, tutorial) = (&settings.model, ModelSpec::default());
    let is_tutorial = model.layers() == tutorial.layers() && model.loss == tutorial.loss;
    is_tutorial.then_some(KERAS_VALIDATION_LOSS)
}

/// The reference in words, for the line and for the key.
pub fn keras_label(reference: f32) -> String {
    format!("Keras, 20 epochs: {}", loss(Some(reference)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{model::Activation, settings::Field};

    #[test]
    fn the_tutorials_model_is_compared_with_keras_whatever_seed_and_batch() {
        let mut settings = Settings { seed: 9, batch: 128, ..Settings::default() };
        assert_eq!(keras_reference(&settings).map(keras_label).as_deref(), Some("Keras, 20 epochs: 0.0448"));
        // The activation that the code has anyway.
        settings.model.latent = Latent::Deterministic { units: 2, activation: Some(Activation::LeakyRelu) };
        assert!(keras_reference(&settings).is_some());
    }

    #[test]
    fn no_other_model_is_compared_with_keras() {
        let changes = [
            (Field::Hidden, "200"),
            (Field::Code, "3"),
            (Field::Slope, "0.2"),
            (Field::Activation, "relu"),
            (Field::CodeActivation, "linear"),
            (Field::Output, "sigmoid"),
            (Field::Loss, "mse-sum"),
        ];
        for (field, value) in changes {
            let mut settings = Settings::default();
            settings.set(field, value).unwrap();
            assert_eq!(keras_reference(&settings), None, "{}", field.key());
        }
    }
}
