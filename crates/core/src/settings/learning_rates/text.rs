//! The text form of a learning rate that changes.

use super::{LearningRates, LearningRatesError, MOST_CHANGES, RateChange, limits::check_steps};
use crate::{
    math::shortest,
    settings::{Field, LEARNING_RATE, SettingError, error::unreadable, limits::number},
};
use std::fmt;

/// What is expected behind a comma.
const CHANGE: &str = "a learning rate and the steps before it, such as 0.005@600";

impl LearningRates {
    /// Reads the text form.
    pub(in crate::settings) fn parse(text: &str) -> Result<Self, SettingError> {
        let field = Field::LearningRate;
        let rate = |text: &str| number(field.key(), text.trim(), LEARNING_RATE);
        // A comma within the only rate is a decimal one, and so are all where semicolons separate the changes.
        let is_one = text.split_once(',').is_some_and(|(_, decimals)| {
            !text.contains('.') && !decimals.is_empty() && decimals.bytes().all(|byte| byte.is_ascii_digit())
        });
        let separator = if is_one || text.contains(';') { ';' } else { ',' };
        let mut parts = text.split(separator);
        let mut rates = Self::from(rate(parts.next().unwrap_or_default())?);
        let mut before = 0;
        for (at, part) in parts.enumerate() {
            if at >= MOST_CHANGES {
                return Err(LearningRatesError::TooMany.into());
            }
            let part = part.trim();
            let change =
                part.split_once('@').and_then(|(rate, steps)| Some((rate, steps.trim().parse().ok()?)));
            let (value, steps) = change.ok_or_else(|| unreadable(field.key(), part, CHANGE))?;
            let value = rate(value)?;
            check_steps(before, steps)?;
            rates.change(steps, value);
            before = steps;
        }
        Ok(rates)
    }
}

impl fmt::Display for LearningRates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shortest(self.first))?;
        let mut changes = self.changes.iter();
        changes.try_for_each(|&RateChange { steps, rate }| write!(f, ",{}@{steps}", shortest(rate)))
    }
}
