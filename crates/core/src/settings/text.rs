//! Settings as text, in the one grammar of links, files and the command line.

use super::{
    BATCH, EPOCHS, Field, IMAGES, LearningRates, NUMERICS, SettingError, Settings,
    error::unreadable,
    limits::{KNOWN_NUMERICS, number},
};
use crate::model::{Activation, LATENT_UNITS, LayerSpec, Loss, ModelSpec, SLOPE, UNITS};

/// The code's activation where none is named.
pub(super) const AS_HIDDEN: &str = "hidden";
/// The name of a dense layer, before its units.
pub(super) const DENSE: &str = "dense";
const ACTIVATIONS: &str = "leaky_relu, relu, tanh, sigmoid or linear";
const LOSSES: &str = "mse, bce, mse-sum or bce-sum";

impl Settings {
    /// Reads a field from text. On an error the settings are unchanged. Whether a loss and an output activation fit
    /// each other is asked of [`Settings::check`], since they are set one after the other.
    pub fn set(&mut self, field: Field, text: &str) -> Result<(), SettingError> {
        let text = text.trim();
        match field {
            Field::Encoder | Field::Hidden => self.set_encoder(field, text)?,
            Field::Code => self.model.latent.units = number(field, text, LATENT_UNITS, "a whole number")?,
            Field::Slope => self.model.slope = number(field, text, SLOPE, "a number")?,
            Field::Activation => self.model.activation = activation(field, text)?,
            Field::CodeActivation => {
                self.model.latent.activation = match text {
                    AS_HIDDEN => None,
                    _ => Some(activation(field, text)?),
                }
            }
            Field::Output => self.model.output = activation(field, text)?,
            Field::Loss => {
                let loss = Loss::from_name(text);
                self.model.loss = loss.ok_or_else(|| unreadable(field.key(), text, LOSSES))?;
            }
            Field::Batch => self.batch = number(field, text, BATCH, "a whole number")?,
            Field::Epochs => self.epochs = number(field, text, EPOCHS, "a whole number")?,
            Field::LearningRate => self.learning_rates = LearningRates::parse(text)?,
            Field::Seed => self.seed = number(field, text, 0..=u64::MAX, "a whole number")?,
            Field::Shuffle => {
                self.shuffle = match text {
                    "1" | "true" => true,
                    "0" | "false" => false,
                    _ => return Err(unreadable(field.key(), text, "0 or 1")),
                }
            }
            Field::TrainingImages => self.training_images = number(field, text, IMAGES, "a whole number")?,
            Field::Numerics => {
                let known = text.parse().ok().filter(|numerics| NUMERICS.contains(numerics));
                self.numerics = known.ok_or_else(|| unreadable(field.key(), text, KNOWN_NUMERICS))?;
            }
        }
        Ok(())
    }

    /// A field's value as text that [`Settings::set`] reads back to the same value.
    pub fn get(&self, field: Field) -> String {
        let layers = |prefix: &str| {
            let layers = self.model.hidden().into_iter().map(|units| format!("{prefix}{units}"));
            layers.collect::<Vec<_>>().join(",")
        };
        match field {
            Field::Encoder => layers(DENSE),
            Field::Hidden => layers(""),
            Field::Code => self.model.latent_units().to_string(),
            Field::Slope => self.model.slope.to_string(),
            Field::Activation => self.model.activation.name().into(),
            Field::CodeActivation => self.model.latent.activation.map_or(AS_HIDDEN, Activation::name).into(),
            Field::Output => self.model.output.name().into(),
            Field::Loss => self.model.loss.name().into(),
            Field::Batch => self.batch.to_string(),
            Field::Epochs => self.epochs.to_string(),
            Field::LearningRate => self.learning_rates.to_string(),
            Field::Seed => self.seed.to_string(),
            Field::Shuffle => u8::from(self.shuffle).to_string(),
            Field::TrainingImages => self.training_images.to_string(),
            Field::Numerics => self.numerics.to_string(),
        }
    }

    /// Reads the encoder's layers.
    fn set_encoder(&mut self, field: Field, text: &str) -> Result<(), SettingError> {
        let dense = |layer: &str| {
            let layer = layer.trim();
            let units = if field == Field::Hidden { Some(layer) } else { layer.strip_prefix(DENSE) };
            let units = units.ok_or_else(|| unreadable(field.key(), layer, "a layer such as dense512"))?;
            Ok(LayerSpec::Dense { units: number(field, units, UNITS, "a whole number of units")? })
        };
        let encoder = text.split(',').map(dense).collect::<Result<Vec<_>, SettingError>>()?;
        self.model = ModelSpec { encoder, ..self.model.clone() }.with_sound_depth()?;
        Ok(())
    }
}

fn activation(field: Field, text: &str) -> Result<Activation, SettingError> {
    Activation::from_name(text).ok_or_else(|| unreadable(field.key(), text, ACTIVATIONS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_reads_back_what_it_writes() {
        let values = [
            "512,128",
            "5",
            "0.25",
            "tanh",
            "linear",
            "sigmoid",
            "bce",
            "100",
            "3",
            "0.002,0.001@600",
            "18446744073709551615",
            "0",
            "5120",
            "1",
        ];
        let mut settings = Settings::default();
        for (field, value) in Field::ALL.into_iter().zip(values) {
            settings.set(field, value).unwrap();
            assert_eq!(settings.get(field), value);
            assert_eq!(Field::from_key(field.key()), Some(field));
        }
        assert_eq!(settings.check(), Ok(()));
    }

    #[test]
    fn an_encoder_is_written_layer_by_layer_or_by_its_units() {
        let mut settings = Settings::default();
        settings.set(Field::Encoder, "dense512, dense128").unwrap();
        assert_eq!(settings.get(Field::Hidden), "512,128");
        assert_eq!(settings.get(Field::Encoder), "dense512,dense128");
        assert_eq!(Field::from_key("encoder"), Some(Field::Encoder));
    }

    #[test]
    fn a_bad_value_is_refused_with_a_sentence_and_changes_nothing() {
        let bad = [
            (Field::Hidden, "300,"),
            (Field::Hidden, "0"),
            (Field::Hidden, "1,2,3,4,5"),
            (Field::Code, "33"),
            (Field::Slope, "NaN"),
            (Field::Batch, "-1"),
            (Field::Epochs, "1e3"),
            (Field::LearningRate, "inf"),
            (Field::LearningRate, "0"),
            (Field::LearningRate, "0.1,0.2"),
            (Field::LearningRate, "0.1,0.2@3,0.1@2"),
            (Field::Seed, "seven"),
            (Field::Shuffle, "yes"),
            (Field::TrainingImages, "60001"),
            (Field::Encoder, "300"),
            (Field::Encoder, "conv32k3"),
            (Field::Activation, "swish"),
            (Field::Loss, "mae"),
            (Field::Numerics, "2"),
        ];
        for (field, text) in bad {
            let mut settings = Settings::default();
            let sentence = settings.set(field, text).unwrap_err().to_string();
            assert!(sentence.starts_with(field.key()), "{sentence}");
            assert_eq!(settings, Settings::default());
        }
    }
}
