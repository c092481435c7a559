//! The limits of the settings.

use super::{
    Field, SettingError, Settings,
    error::{short, unreadable},
};
use crate::{
    data::{DatasetId, OwnSet, Split},
    math::{MOST_IN_CODE, Number},
};
use std::ops::RangeInclusive;

/// Images in a step.
pub const BATCH: RangeInclusive<usize> = 1..=4096;
/// Times that the training set is gone through.
pub const EPOCHS: RangeInclusive<u32> = 1..=1000;
/// Adam's learning rate.
pub const LEARNING_RATE: RangeInclusive<f32> = 1e-7..=10.0;
/// Images of the training set that are used, of the largest one.
pub const IMAGES: RangeInclusive<usize> = 1..=OwnSet::MOST_IMAGES;
/// Orders of sums that the engines know.
pub const NUMERICS: RangeInclusive<u32> = 1..=1;
/// Steps of the longest run within the limits: one image in a step.
pub const MOST_STEPS: u64 = *IMAGES.end() as u64 * *EPOCHS.end() as u64;

/// What is expected of [`Field::Numerics`].
pub(super) const KNOWN_NUMERICS: &str = "an order of sums that this release knows (1)";

impl Settings {
    /// Whether every value is within its limits, and the parts of the model fit each other. Settings that arrive whole,
    /// in a message or a file, are checked by this.
    pub fn check(&self) -> Result<(), SettingError> {
        self.model.check()?;
        within(Field::Batch, &self.batch, &BATCH)?;
        within(Field::Epochs, &self.epochs, &EPOCHS)?;
        self.learning_rates.check()?;
        within(Field::TrainingImages, &self.training_images, &images_of(self.data))?;
        match NUMERICS.contains(&self.numerics) {
            true => Ok(()),
            false => Err(unreadable(Field::Numerics.key(), &self.numerics.to_string(), KNOWN_NUMERICS)),
        }
    }
}

/// Images of a data set's training set that are used.
pub(super) fn images_of(data: DatasetId) -> RangeInclusive<usize> {
    1..=data.images(Split::Training)
}

/// Whether a field's value lies in its range.
pub(super) fn within<T: Number>(
    field: Field,
    value: &T,
    range: &RangeInclusive<T>,
) -> Result<(), SettingError> {
    if range.contains(value) {
        return Ok(());
    }
    Err(refused(field.key(), &value.text(), [range.start(), range.end()].map(T::text), [T::KIND, ""]))
}

/// Reads a number in its range.
pub(crate) fn number<T: Number>(
    key: &'static str,
    text: &str,
    range: RangeInclusive<T>,
) -> Result<T, SettingError> {
    named_number(key, text, range, T::KIND)
}

/// Reads a number of a code, which is far beyond what trained networks make at most.
pub fn code_number(text: &str) -> Result<f32, SettingError> {
    number("z", text, -MOST_IN_CODE..=MOST_IN_CODE)
}

/// Reads a number that has a name of its own, which is given with its article.
pub(super) fn named_number<T: Number>(
    key: &'static str,
    text: &str,
    range: RangeInclusive<T>,
    kind: &'static str,
) -> Result<T, SettingError> {
    let value = T::read(text).filter(|value| range.contains(value));
    value.ok_or_else(|| {
        refused(key, text.trim(), [range.start(), range.end()].map(T::text), [kind, T::form(text)])
    })
}

fn refused(
    key: &'static str,
    text: &str,
    [least, most]: [String; 2],
    [kind, form]: [&'static str; 2],
) -> SettingError {
    let taken = format!("{kind} from {least} to {most}{form}");
    SettingError::Number { key, text: short(text), taken }
}
