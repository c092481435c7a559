//! The reference line: what Keras reached with a preset's model.

use latent_core::{
    data::DatasetId,
    model::{ModelSpec, presets},
    settings::Settings,
};

/// What Keras reached with a model: means of three runs over all training images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KerasReference {
    /// Epochs of each run.
    pub epochs: u32,
    /// The validation loss after the last of them.
    pub loss: f32,
    /// What the loss is, and its parts.
    pub explanation: &'static str,
}

/// The references, each with the preset of its model. The second one's model is that of
/// <https://keras.io/examples/generative/vae/>.
const REFERENCES: [(&str, KerasReference); 2] = [
    (
        "Tutorial",
        KerasReference {
            epochs: 20,
            loss: 0.0448,
            explanation: "Validation loss of this model in Keras: mean of three runs",
        },
    ),
    (
        "Variational convolutional",
        KerasReference {
            epochs: 3,
            loss: 165.7,
            explanation: "Validation loss of this model in Keras: mean of three runs, of which 160.0 are reconstruction and \
                          5.74 divergence",
        },
    ),
];

/// What Keras reached, for settings that train a preset's model on MNIST whose result is known.
pub fn keras_reference(settings: &Settings) -> Option<KerasReference> {
    (settings.data == DatasetId::Mnist).then(|| reference_of(&settings.model))?
}

fn reference_of(model: &ModelSpec) -> Option<KerasReference> {
    let preset = presets::of(model)?;
    REFERENCES.iter().find(|(name, _)| *name == preset.name).map(|(_, reference)| *reference)
}

impl KerasReference {
    /// The reference in words, for the line and for the key.
    pub fn label(&self) -> String {
        format!("Keras, {} epochs: {}", self.epochs, self.loss)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{
        model::{Activation, Latent},
        settings::Field,
    };

    fn label(settings: &Settings) -> Option<String> {
        keras_reference(settings).map(|reference| reference.label())
    }

    #[test]
    fn the_tutorials_model_is_compared_with_keras_whatever_seed_and_batch() {
        let mut settings = Settings { seed: 9, batch: 128, ..Settings::default() };
        assert_eq!(label(&settings).as_deref(), Some("Keras, 20 epochs: 0.0448"));
        // The activation that the code has anyway.
        settings.model.latent = Latent::Deterministic { units: 2, activation: Some(Activation::LeakyRelu) };
        assert!(keras_reference(&settings).is_some());
    }

    #[test]
    fn the_variational_convolutional_model_is_compared_with_keras_example() {
        let preset = presets::ALL.iter().find(|preset| preset.name == REFERENCES[1].0).unwrap();
        let mut settings = preset.settings();
        assert_eq!(label(&settings).as_deref(), Some("Keras, 3 epochs: 165.7"));
        settings.set(Field::Beta, "2").unwrap();
        assert_eq!(label(&settings), None);
    }

    #[test]
    fn every_reference_is_of_a_preset_and_no_other_preset_has_one() {
        let known: Vec<_> =
            presets::ALL.iter().filter(|preset| label(&preset.settings()).is_some()).collect();
        assert_eq!(
            known.iter().map(|preset| preset.name).collect::<Vec<_>>(),
            REFERENCES.map(|(name, _)| name)
        );
    }

    #[test]
    fn no_other_model_and_no_other_data_set_is_compared_with_keras() {
        let changes = [
            (Field::Data, "fashion-mnist"),
            (Field::Hidden, "200"),
            (Field::Hidden, "dense300,dropout0.1"),
            (Field::Code, "3"),
            (Field::Slope, "0.2"),
            (Field::Activation, "relu"),
            (Field::CodeActivation, "linear"),
            (Field::Output, "sigmoid"),
            (Field::Loss, "mse-sum"),
            (Field::Corruption, "masking0.3"),
            (Field::Variational, "1"),
        ];
        for (field, value) in changes {
            let mut settings = Settings::default();
            settings.set(field, value).unwrap();
            assert_eq!(keras_reference(&settings), None, "{}", field.key());
        }
    }
}
