//! Why a setting is refused.

use super::LearningRatesError;
use crate::model::ModelError;
use thiserror::Error;

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
    /// The text is no number of the field's kind within its limits: another kind, beyond the limits, no number, or nothing.
    #[error("{key}: {}", refusal(text, taken))]
    Number {
        /// The field's name.
        key: &'static str,
        /// What was given, shortened.
        text: String,
        /// Which numbers are taken: their kind with its article, the least and the greatest.
        taken: String,
    },
    /// Changes of the learning rate that no run can have.
    #[error(transparent)]
    LearningRates(#[from] LearningRatesError),
    /// Parts of the model do not fit each other.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// The text is no value of this field.
pub(super) fn unreadable(key: &'static str, text: &str, expected: &'static str) -> SettingError {
    SettingError::Unreadable { key, text: short(text), expected }
}

/// The start of a text, as much as a sentence has space for.
pub(super) fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Says which numbers are taken, and what was given.
fn refusal(text: &str, taken: &str) -> String {
    match text {
        "" => format!("nothing is given, and {taken} is needed"),
        _ => format!("“{text}” is not {taken}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::{Field, Settings};

    fn refused(field: Field, text: &str) -> String {
        Settings::default().set(field, text).unwrap_err().to_string()
    }

    #[test]
    fn a_number_that_is_refused_is_answered_with_what_is_taken_and_what_was_given() {
        for (field, text, sentence) in [
            (Field::Epochs, "-5", "epochs: “-5” is not a whole number from 1 to 1000"),
            (Field::Epochs, "0", "epochs: “0” is not a whole number from 1 to 1000"),
            (Field::Epochs, "2.5", "epochs: “2.5” is not a whole number from 1 to 1000"),
            (Field::Epochs, "", "epochs: nothing is given, and a whole number from 1 to 1000 is needed"),
            (Field::Epochs, "  ", "epochs: nothing is given, and a whole number from 1 to 1000 is needed"),
            (Field::Epochs, "1001", "epochs: “1001” is not a whole number from 1 to 1000"),
            (
                Field::Epochs,
                "9999999999999999999999",
                "epochs: “9999999999999999999999” is not a whole number from 1 to 1000",
            ),
            (Field::Epochs, "many", "epochs: “many” is not a whole number from 1 to 1000"),
            (
                Field::Epochs,
                "1e2",
                "epochs: “1e2” is not a whole number from 1 to 1000, written in digits alone",
            ),
            (
                Field::Epochs,
                "20.0",
                "epochs: “20.0” is not a whole number from 1 to 1000, written in digits alone",
            ),
            (Field::Seed, "-1", "seed: “-1” is not a whole number from 0 to 18446744073709551615"),
            (Field::Hidden, "300,0", "hidden: “0” is not a whole number of units from 1 to 4096"),
            (
                Field::Hidden,
                "300,",
                "hidden: nothing is given, and a whole number of units from 1 to 4096 is needed",
            ),
            (Field::Encoder, "conv8k-3", "encoder: “-3” is not a kernel size from 1 to 7"),
            (Field::Encoder, "conv8k3s1.5", "encoder: “1.5” is not a stride from 1 to 2"),
            (Field::Slope, "-0.1", "slope: “-0.1” is not a number from 0 to 1"),
            (Field::Slope, "", "slope: nothing is given, and a number from 0 to 1 is needed"),
            (Field::Slope, "NaN", "slope: “NaN” is not a number from 0 to 1"),
            (Field::Slope, "1e99", "slope: “1e99” is not a number from 0 to 1"),
            (Field::Slope, "much", "slope: “much” is not a number from 0 to 1"),
            (Field::LearningRate, "1e2", "lr: “1e2” is not a number from 0.0000001 to 10"),
            (Field::Hidden, "300,dropout2", "hidden: “2” is not a dropout rate from 0 to 0.99"),
            (Field::Corruption, "gaussian-1", "corruption: “-1” is not a standard deviation from 0 to 2"),
            (
                Field::Corruption,
                "masking",
                "corruption: nothing is given, and a masked share from 0 to 0.99 is needed",
            ),
        ] {
            assert_eq!(refused(field, text), sentence);
        }
    }

    #[test]
    fn a_long_text_is_shortened() {
        assert!(refused(Field::Epochs, &"9".repeat(500)).len() < 120);
    }
}
