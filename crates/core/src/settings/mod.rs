//! What a run is: the model, sizes, rates and the seed. The defaults are the tutorial's.
//!
//! Every way in (link, form, command line, message) goes through [`Settings::set`] or [`Settings::check`], so a
//! value that is in a `Settings` obtained from outside is within its limits.

mod error;
mod field;
mod learning_rates;
mod limits;
mod model_text; // layers and corruption as text
mod text;

pub use error::SettingError;
pub use field::Field;
pub use learning_rates::{LearningRates, LearningRatesError, MOST_CHANGES, RateChange};
pub(crate) use limits::number;
pub use limits::{BATCH, EPOCHS, IMAGES, LEARNING_RATE, MOST_STEPS, NUMERICS, code_number};

use crate::{
    data::{DatasetId, Split},
    model::ModelSpec,
};
use serde::{Deserialize, Serialize};

/// Everything that determines a run, besides the engine that computes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The data set.
    pub data: DatasetId,
    /// The model.
    pub model: ModelSpec,
    /// Images in a step.
    pub batch: usize,
    /// Times that the training set is gone through.
    pub epochs: u32,
    /// Adam's learning rate by step: of the steps that were trained, and as planned for those to come.
    pub learning_rates: LearningRates,
    /// From which the initial weights and the order of the images follow.
    pub seed: u64,
    /// Whether every epoch has an order of its own; otherwise images come in file order.
    pub shuffle: bool,
    /// How many images of the training set are used, from its start.
    pub training_images: usize,
    /// The order in which engines add up sums. A later order gets the next number, and a run keeps its own, so that
    /// links and files lead to the same losses for ever.
    pub numerics: u32,
}

impl Default for Settings {
    fn default() -> Self {
        let data = DatasetId::default();
        Self {
            data,
            model: ModelSpec::default(),
            batch: 256,
            epochs: 20,
            learning_rates: 0.0005.into(),
            seed: 1,
            shuffle: true,
            training_images: data.images(Split::Training),
            numerics: 1,
        }
    }
}

impl Settings {
    /// Steps in an epoch, the last of which may have a partial batch: 235 for the tutorial.
    pub fn steps_per_epoch(&self) -> usize {
        self.training_images.div_ceil(self.batch)
    }

    /// Steps in the whole run.
    pub fn steps(&self) -> u64 {
        self.steps_per_epoch() as u64 * u64::from(self.epochs)
    }
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
}
