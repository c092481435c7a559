//! Settings as text, in the one grammar of links, files and the command line.

use super::{
    BATCH, EPOCHS, Field, LearningRates, NUMERICS, SettingError, Settings,
    error::unreadable,
    limits::{KNOWN_NUMERICS, images_of, number},
    model_text,
};
use crate::{
    data::{DatasetId, Split},
    math::{Number, items},
    model::{Activation, BETA, LATENT_UNITS, Latent, Loss, ModelSpec, SLOPE},
};

/// The code's activation where none is named.
pub(super) const AS_HIDDEN: &str = "hidden";
/// The weight of the divergence where none is named, as in Kingma and Welling (2014).
const DEFAULT_BETA: f32 = 1.0;
const NOT_VARIATIONAL: &str = "possible without variational=1";
const LINEAR: &str = "possible with variational=1: a mean is linear";
const LOSSES: &str = "mse, bce, mse-sum or bce-sum";

impl Settings {
    /// Reads a field from text. On an error the settings are unchanged. Whether a loss and an output activation fit
    /// each other is asked of [`Settings::check`], since they are set one after the other.
    pub fn set(&mut self, field: Field, text: &str) -> Result<(), SettingError> {
        let text = text.trim();
        match field {
            Field::Data => {
                let data = DatasetId::from_text(text);
                self.set_data(data.ok_or_else(|| unreadable(field.key(), text, DatasetId::NAMES))?);
            }
            Field::Encoder | Field::Hidden => self.set_encoder(field, text)?,
            Field::Code => {
                let units = number(field.key(), text, LATENT_UNITS)?;
                self.model.latent = self.model.latent.with_units(units);
            }
            Field::Variational => self.set_variational(switch(field, text)?),
            Field::Beta => {
                let given = number(field.key(), text, BETA)?;
                match &mut self.model.latent {
                    Latent::Variational { beta, .. } => *beta = given,
                    // Written for every model, it has no meaning here.
                    Latent::Deterministic { .. } if given == DEFAULT_BETA => {}
                    Latent::Deterministic { .. } => {
                        return Err(unreadable(field.key(), text, NOT_VARIATIONAL));
                    }
                }
            }
            Field::Slope => self.model.slope = number(field.key(), text, SLOPE)?,
            Field::Activation => self.model.activation = activation(field, text)?,
            Field::CodeActivation => self.set_code_activation(field, text)?,
            Field::Output => self.model.output = activation(field, text)?,
            Field::Loss => {
                let loss = Loss::from_name(text);
                self.model.loss = loss.ok_or_else(|| unreadable(field.key(), text, LOSSES))?;
            }
            Field::Corruption => {
                self.model.corruption = model_text::read_corruption(text)?;
            }
            Field::Batch => self.batch = number(field.key(), text, BATCH)?,
            Field::Epochs => self.epochs = number(field.key(), text, EPOCHS)?,
            Field::LearningRate => self.learning_rates = LearningRates::parse(text)?,
            Field::Seed => self.seed = number(field.key(), text, 0..=u64::MAX)?,
            Field::Shuffle => self.shuffle = switch(field, text)?,
            Field::TrainingImages => {
                self.training_images = number(field.key(), text, images_of(self.data))?;
            }
            Field::Numerics => {
                let known = text.parse().ok().filter(|numerics| NUMERICS.contains(numerics));
                self.numerics = known.ok_or_else(|| unreadable(field.key(), text, KNOWN_NUMERICS))?;
            }
        }
        Ok(())
    }

    /// A field's value as text that [`Settings::set`] reads back to the same value.
    pub fn get(&self, field: Field) -> String {
        match field {
            Field::Data => self.data.text(),
            Field::Encoder => model_text::layers(&self.model.encoder),
            Field::Hidden => model_text::short_layers(&self.model.encoder),
            Field::Code => self.model.latent_units().to_string(),
            Field::Slope => self.model.slope.text(),
            Field::Activation => self.model.activation.name().into(),
            Field::Variational => u8::from(self.model.is_variational()).to_string(),
            Field::Beta => match self.model.latent {
                Latent::Deterministic { .. } => DEFAULT_BETA.text(),
                Latent::Variational { beta, .. } => beta.text(),
            },
            Field::CodeActivation => match self.model.latent {
                Latent::Deterministic { activation, .. } => {
                    activation.map_or(AS_HIDDEN, Activation::name).into()
                }
                Latent::Variational { .. } => AS_HIDDEN.into(),
            },
            Field::Output => self.model.output.name().into(),
            Field::Loss => self.model.loss.name().into(),
            Field::Corruption => model_text::corruption(self.model.corruption),
            Field::Batch => self.batch.to_string(),
            Field::Epochs => self.epochs.to_string(),
            Field::LearningRate => self.learning_rates.to_string(),
            Field::Seed => self.seed.to_string(),
            Field::Shuffle => u8::from(self.shuffle).to_string(),
            Field::TrainingImages => self.training_images.to_string(),
            Field::Numerics => self.numerics.to_string(),
        }
    }

    /// The field that links and files describe the encoder by: the shorter one where it suffices.
    pub fn encoder_field(&self) -> Field {
        if self.model.has_only_dense_layers() { Field::Hidden } else { Field::Encoder }
    }

    /// Takes a data set. A run on all training images stays one.
    fn set_data(&mut self, data: DatasetId) {
        let [before, all] = [self.data, data].map(|data| data.images(Split::Training));
        let is_whole = self.training_images == before;
        self.training_images = if is_whole { all } else { self.training_images.min(all) };
        (self.data, self.model.input) = (data, data.shape());
    }

    /// Reads the encoder's layers. The short form is for [`Field::Hidden`] alone.
    fn set_encoder(&mut self, field: Field, text: &str) -> Result<(), SettingError> {
        let layer = |layer: &str| model_text::read_layer(field, layer.trim());
        let encoder = items(text).map(layer).collect::<Result<Vec<_>, SettingError>>()?;
        let model = ModelSpec { encoder, ..self.model.clone() };
        model.check_encoder()?;
        self.model = model;
        Ok(())
    }

    /// Makes the code a distribution or a point. What it is already stays as it is.
    fn set_variational(&mut self, is_variational: bool) {
        if is_variational != self.model.is_variational() {
            let units = self.model.latent_units();
            self.model.latent = match is_variational {
                true => Latent::Variational { units, beta: DEFAULT_BETA },
                false => Latent::Deterministic { units, activation: None },
            };
        }
    }

    fn set_code_activation(&mut self, field: Field, text: &str) -> Result<(), SettingError> {
        let given = match text {
            AS_HIDDEN => None,
            _ => Some(activation(field, text)?),
        };
        match &mut self.model.latent {
            Latent::Deterministic { activation, .. } => *activation = given,
            Latent::Variational { .. } if matches!(given, None | Some(Activation::Linear)) => {}
            Latent::Variational { .. } => return Err(unreadable(field.key(), text, LINEAR)),
        }
        Ok(())
    }
}

fn switch(field: Field, text: &str) -> Result<bool, SettingError> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(unreadable(field.key(), text, "0 or 1")),
    }
}

fn activation(field: Field, text: &str) -> Result<Activation, SettingError> {
    Activation::from_name(text).ok_or_else(|| unreadable(field.key(), text, Activation::NAMES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_reads_back_what_it_writes() {
        let values = [
            "fashion-mnist",
            "conv32k3s2,dropout0.2,dense16",
            "5",
            "1",
            "4",
            "0.25",
            "tanh",
            "hidden",
            "sigmoid",
            "bce",
            "gaussian0.4",
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
        assert_eq!(settings.encoder_field(), Field::Hidden);
        settings.set(Field::Hidden, "512; 1 024; dropout0,2").unwrap();
        assert_eq!(settings.get(Field::Encoder), "dense512,dense1024,dropout0.2");
        settings.set(Field::Encoder, "conv32k3,dense16").unwrap();
        assert_eq!(settings.get(Field::Encoder), "conv32k3s1,dense16");
        assert_eq!(settings.encoder_field(), Field::Encoder);
    }

    #[test]
    fn a_variational_code_keeps_its_units_and_is_linear() {
        let mut settings = Settings::default();
        for (field, value) in [(Field::Code, "3"), (Field::Variational, "1"), (Field::Beta, "0.5")] {
            settings.set(field, value).unwrap();
        }
        assert_eq!(settings.model.latent, Latent::Variational { units: 3, beta: 0.5 });
        // Said again, it changes nothing.
        settings.set(Field::Variational, "1").unwrap();
        assert_eq!(settings.model.beta(), 0.5);
        assert!(settings.set(Field::CodeActivation, "tanh").is_err());
        assert_eq!(settings.set(Field::CodeActivation, "linear"), Ok(()));
        settings.set(Field::Variational, "0").unwrap();
        assert_eq!(settings.model.latent, Latent::Deterministic { units: 3, activation: None });
    }

    #[test]
    fn a_bad_value_is_refused_with_a_sentence_and_changes_nothing() {
        let bad = [
            (Field::Data, "kmnist"),
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
            (Field::Encoder, "conv32"),
            (Field::Encoder, "conv32k8s2"),
            (Field::Encoder, "conv32k3s2x"),
            (Field::Encoder, "dense16,conv32k3s2"),
            (Field::Encoder, "dense16,dropout1"),
            (Field::Encoder, "dense16,dropoutNaN"),
            (Field::Encoder, "dropout0.5,dense16"),
            (Field::Variational, "2"),
            (Field::Beta, "4"),
            (Field::Beta, "17"),
            (Field::Corruption, "gaussian"),
            (Field::Corruption, "masking1"),
            (Field::Corruption, "salt0.2"),
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
