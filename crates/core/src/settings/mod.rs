//! What a run is: sizes, rates and the seed. The defaults are the tutorial's.
//!
//! Every way in (link, form, command line, message) goes through [`Settings::set`] or [`Settings::check`], so a
//! value that is in a `Settings` obtained from outside is within its limits.

use crate::model::{Activation, LATENT_UNITS, LayerSpec, Loss, ModelError, ModelSpec, SLOPE, UNITS};
use serde::{Deserialize, Serialize};
use std::{fmt, ops::RangeInclusive, str::FromStr};
use thiserror::Error;

/// Pixels of an MNIST image: 28 × 28, row by row from the top left.
pub const PIXELS: usize = 784;
/// Pixels along each side of an MNIST image.
pub const SIDE: usize = 28;
/// Images in the training set.
pub const TRAINING_IMAGES: usize = 60_000;
/// Images in the test set, on which the validation loss is taken.
pub const TEST_IMAGES: usize = 10_000;

/// Everything that determines a run, besides the engine that computes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The model.
    pub model: ModelSpec,
    /// Images in a step.
    pub batch: usize,
    /// Times that the training set is gone through.
    pub epochs: u32,
    /// Adam's learning rate.
    pub learning_rate: f32,
    /// From which the initial weights and the order of the images follow.
    pub seed: u64,
    /// Whether every epoch has an order of its own; otherwise images come in file order.
    pub shuffle: bool,
    /// How many images of the training set are used, from its start.
    pub training_images: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: ModelSpec::default(),
            batch: 256,
            epochs: 20,
            learning_rate: 0.0005,
            seed: 1,
            shuffle: true,
            training_images: TRAINING_IMAGES,
        }
    }
}

/// The name of a setting, as in links and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `hidden`: units of the hidden layers, separated by commas.
    Hidden,
    /// `code`: units of the code.
    Code,
    /// `slope`: LeakyReLU's slope.
    Slope,
    /// `activation`: of the hidden layers.
    Activation,
    /// `code-activation`: of the code.
    CodeActivation,
    /// `output`: the activation of the reconstruction.
    Output,
    /// `loss`.
    Loss,
    /// `batch`: images in a step.
    Batch,
    /// `epochs`.
    Epochs,
    /// `lr`: the learning rate.
    LearningRate,
    /// `seed`.
    Seed,
    /// `shuffle`: 0 or 1.
    Shuffle,
    /// `images`: size of the training set.
    TrainingImages,
}

impl Field {
    /// Every field, in the order in which people read them.
    pub const ALL: [Self; 13] = [
        Self::Hidden,
        Self::Code,
        Self::Slope,
        Self::Activation,
        Self::CodeActivation,
        Self::Output,
        Self::Loss,
        Self::Batch,
        Self::Epochs,
        Self::LearningRate,
        Self::Seed,
        Self::Shuffle,
        Self::TrainingImages,
    ];

    /// The field's name in links and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Code => "code",
            Self::Slope => "slope",
            Self::Activation => "activation",
            Self::CodeActivation => "code-activation",
            Self::Output => "output",
            Self::Loss => "loss",
            Self::Batch => "batch",
            Self::Epochs => "epochs",
            Self::LearningRate => "lr",
            Self::Seed => "seed",
            Self::Shuffle => "shuffle",
            Self::TrainingImages => "images",
        }
    }

    /// Whether it can change while a run goes on; any other makes another run.
    pub fn is_live(self) -> bool {
        matches!(self, Self::LearningRate | Self::Epochs)
    }

    /// Whether every model file has it: files of version 1 lack the fields that came later.
    pub fn is_required(self) -> bool {
        !matches!(self, Self::Activation | Self::CodeActivation | Self::Output | Self::Loss)
    }

    /// The field of that name, if there is one.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }
}

/// Why a value is not taken.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SettingError {
    /// The text is no value of the field's kind.
    #[error("{key}: “{text}” is not {expected}")]
    Unreadable {
        /// The field's name.
        key: &'static str,
        /// What was given, shortened.
        text: String,
        /// What would have been understood.
        expected: &'static str,
    },
    /// The value is beyond what is supported.
    #[error("{key}: {value} is not between {least} and {most}")]
    OutOfRange {
        /// The field's name.
        key: &'static str,
        /// What was given.
        value: String,
        /// The least value that is taken.
        least: String,
        /// The greatest value that is taken.
        most: String,
    },
    /// Parts of the model do not fit each other.
    #[error(transparent)]
    Model(#[from] ModelError),
}

const BATCH: RangeInclusive<usize> = 1..=4096;
const EPOCHS: RangeInclusive<u32> = 1..=1000;
const LEARNING_RATE: RangeInclusive<f32> = 1e-7..=10.0;
const IMAGES: RangeInclusive<usize> = 1..=TRAINING_IMAGES;
/// Steps of the longest run within the limits: one image in a step.
pub const MOST_STEPS: u64 = TRAINING_IMAGES as u64 * *EPOCHS.end() as u64;

/// The code's activation where none is named.
const AS_HIDDEN: &str = "hidden";
const ACTIVATIONS: &str = "leaky_relu, relu, tanh, sigmoid or linear";
const LOSSES: &str = "mse, bce, mse-sum or bce-sum";

impl Settings {
    /// Reads a field from text. On an error the settings are unchanged.
    pub fn set(&mut self, field: Field, text: &str) -> Result<(), SettingError> {
        let text = text.trim();
        match field {
            Field::Hidden => {
                let dense = |text: &str| {
                    let units = number(field, text.trim(), UNITS, "a whole number of units")?;
                    Ok(LayerSpec::Dense { units })
                };
                let encoder = text.split(',').map(dense).collect::<Result<Vec<_>, SettingError>>()?;
                self.model = ModelSpec { encoder, ..self.model.clone() }.with_sound_depth()?;
            }
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
            Field::LearningRate => self.learning_rate = number(field, text, LEARNING_RATE, "a number")?,
            Field::Seed => self.seed = number(field, text, 0..=u64::MAX, "a whole number")?,
            Field::Shuffle => {
                self.shuffle = match text {
                    "1" | "true" => true,
                    "0" | "false" => false,
                    _ => return Err(unreadable(field.key(), text, "0 or 1")),
                }
            }
            Field::TrainingImages => self.training_images = number(field, text, IMAGES, "a whole number")?,
        }
        Ok(())
    }

    /// A field's value as text that [`Settings::set`] reads back to the same value.
    pub fn get(&self, field: Field) -> String {
        match field {
            Field::Hidden => {
                let units: Vec<_> = self.model.hidden().iter().map(usize::to_string).collect();
                units.join(",")
            }
            Field::Code => self.model.latent_units().to_string(),
            Field::Slope => self.model.slope.to_string(),
            Field::Activation => self.model.activation.name().into(),
            Field::CodeActivation => self.model.latent.activation.map_or(AS_HIDDEN, Activation::name).into(),
            Field::Output => self.model.output.name().into(),
            Field::Loss => self.model.loss.name().into(),
            Field::Batch => self.batch.to_string(),
            Field::Epochs => self.epochs.to_string(),
            Field::LearningRate => self.learning_rate.to_string(),
            Field::Seed => self.seed.to_string(),
            Field::Shuffle => u8::from(self.shuffle).to_string(),
            Field::TrainingImages => self.training_images.to_string(),
        }
    }

    /// Whether every value is within its limits: for settings that arrived whole, in a message or a file.
    pub fn check(&self) -> Result<(), SettingError> {
        self.model.check()?;
        self.model.hidden().iter().try_for_each(|units| within(Field::Hidden, units, &UNITS))?;
        within(Field::Code, &self.model.latent_units(), &LATENT_UNITS)?;
        within(Field::Slope, &self.model.slope, &SLOPE)?;
        within(Field::Batch, &self.batch, &BATCH)?;
        within(Field::Epochs, &self.epochs, &EPOCHS)?;
        within(Field::LearningRate, &self.learning_rate, &LEARNING_RATE)?;
        within(Field::TrainingImages, &self.training_images, &IMAGES)
    }

    /// Steps in an epoch, the last of which may have a partial batch: 235 for the tutorial.
    pub fn steps_per_epoch(&self) -> usize {
        self.training_images.div_ceil(self.batch)
    }

    /// Steps in the whole run.
    pub fn steps(&self) -> u64 {
        self.steps_per_epoch() as u64 * u64::from(self.epochs)
    }
}

fn activation(field: Field, text: &str) -> Result<Activation, SettingError> {
    Activation::from_name(text).ok_or_else(|| unreadable(field.key(), text, ACTIVATIONS))
}

fn within<T: PartialOrd + fmt::Display>(
    field: Field,
    value: &T,
    range: &RangeInclusive<T>,
) -> Result<(), SettingError> {
    if range.contains(value) {
        return Ok(());
    }
    let [value, least, most] = [value, range.start(), range.end()].map(T::to_string);
    Err(SettingError::OutOfRange { key: field.key(), value, least, most })
}

fn number<T: FromStr + PartialOrd + fmt::Display>(
    field: Field,
    text: &str,
    range: RangeInclusive<T>,
    expected: &'static str,
) -> Result<T, SettingError> {
    let value: T = text.parse().map_err(|_| unreadable(field.key(), text, expected))?;
    within(field, &value, &range)?;
    Ok(value)
}

fn unreadable(key: &'static str, text: &str, expected: &'static str) -> SettingError {
    let text = text.chars().take(40).collect();
    SettingError::Unreadable { key, text, expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_tutorials_and_within_the_limits() {
        let settings = Settings::default();
        assert_eq!(settings.check(), Ok(()));
        assert_eq!((settings.steps_per_epoch(), settings.steps()), (235, 4_700));
    }

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
            "0.002",
            "18446744073709551615",
            "0",
            "5120",
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
            (Field::Seed, "seven"),
            (Field::Shuffle, "yes"),
            (Field::TrainingImages, "60001"),
        ];
        for (field, text) in bad {
            let mut settings = Settings::default();
            let sentence = settings.set(field, text).unwrap_err().to_string();
            assert!(sentence.starts_with(field.key()), "{sentence}");
            assert_eq!(settings, Settings::default());
        }
    }
}
