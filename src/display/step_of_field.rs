//! The next sensible value of a number in the form, for its step buttons and arrow keys.

use latent_core::{
    data::Split,
    math::{read_decimal, shortest},
    settings::{Field, Settings},
};

/// Whether a field has steps: it shows one number, and has no slider. `is_part` says that it shows a part of the setting.
pub fn has_steps(field: Field, is_part: bool) -> bool {
    !matches!((field, is_part), (Field::LearningRate, _) | (Field::Hidden, false))
}

/// The value above or below this one, as the field's text. Of the layers it is the rate of dropout that steps, of the corruption
/// its strength. `None` if there is no single number, as where layers have different rates.
pub fn stepped(settings: &Settings, field: Field, value: &str, is_up: bool) -> Option<String> {
    let whole = |multiple: u64, most: u64| {
        let next = next_multiple(value.parse().ok()?, multiple, is_up);
        Some(next.clamp(1, most).to_string())
    };
    match field {
        Field::Code => whole(1, u64::MAX),
        Field::Epochs => whole(5, u64::MAX),
        Field::Seed => Some(next_multiple(value.parse().ok()?, 1, is_up).to_string()),
        Field::TrainingImages => {
            let all = settings.data.images(Split::Training) as u64;
            whole(twelfth(all), all)
        }
        // Powers of two suit the engines.
        Field::Batch => {
            let batch: usize = value.parse().ok()?;
            let next = if is_up { batch + 1 } else { batch.div_ceil(2) };
            Some(next.next_power_of_two().to_string())
        }
        Field::Slope | Field::Beta | Field::Corruption | Field::Hidden => {
            // Steps that make 1.
            let parts = if field == Field::Beta { 4.0 } else { 20.0 };
            let at = read_decimal(value)? * parts;
            // A value that is nearly a multiple is that multiple, written with an error of rounding.
            let next = if is_up { (at + 1.001).floor() } else { (at - 1.001).ceil() };
            Some(shortest(next.max(0.0) / parts))
        }
        _ => None,
    }
}

/// The multiple above or below this number, 0 at least.
fn next_multiple(value: u64, multiple: u64, is_up: bool) -> u64 {
    match is_up {
        true => (value / multiple).saturating_add(1).saturating_mul(multiple),
        false => value.div_ceil(multiple).saturating_sub(1) * multiple,
    }
}

/// A round number near a twelfth of this one: 5,000 of 60,000.
fn twelfth(all: u64) -> u64 {
    let power = 10u64.pow(all.checked_ilog10().unwrap_or(0));
    (power / 2).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(field: Field, value: &str) -> [String; 2] {
        [false, true].map(|is_up| stepped(&Settings::default(), field, value, is_up).unwrap())
    }

    #[test]
    fn every_number_has_the_steps_that_suit_it() {
        let cases = [
            (Field::Code, "2", ["1", "3"]),
            (Field::Code, "1", ["1", "2"]),
            (Field::Epochs, "20", ["15", "25"]),
            (Field::Epochs, "3", ["1", "5"]),
            (Field::Batch, "256", ["128", "512"]),
            (Field::Batch, "100", ["64", "128"]),
            (Field::Batch, "1", ["1", "2"]),
            (Field::Seed, "0", ["0", "1"]),
            (Field::Seed, "18446744073709551615", ["18446744073709551614", "18446744073709551615"]),
            (Field::TrainingImages, "60000", ["55000", "60000"]),
            (Field::TrainingImages, "5120", ["5000", "10000"]),
            (Field::TrainingImages, "512", ["1", "5000"]),
            (Field::Slope, "0.3", ["0.25", "0.35"]),
            (Field::Slope, "0", ["0", "0.05"]),
            (Field::Slope, "0.32", ["0.3", "0.35"]),
            (Field::Beta, "1", ["0.75", "1.25"]),
        ];
        for (field, value, expected) in cases {
            assert_eq!(next(field, value), expected, "{field:?} {value}");
        }
    }

    #[test]
    fn decimals_do_not_stick_between_two_multiples() {
        let mut value = String::from("0");
        for expected in 1..=320u16 {
            value = stepped(&Settings::default(), Field::Slope, &value, true).unwrap();
            assert_eq!(value, shortest(f32::from(expected) / 20.0));
        }
        for expected in (0..320u16).rev() {
            value = stepped(&Settings::default(), Field::Slope, &value, false).unwrap();
            assert_eq!(value, shortest(f32::from(expected) / 20.0));
        }
    }

    #[test]
    fn what_is_no_single_number_has_no_steps() {
        for (field, value) in
            [(Field::LearningRate, "0.0005"), (Field::Hidden, "0.2, 0.5"), (Field::Corruption, "")]
        {
            assert_eq!(stepped(&Settings::default(), field, value, true), None);
        }
        assert!(
            [(Field::LearningRate, false), (Field::Hidden, false)]
                .iter()
                .all(|&(field, is_part)| !has_steps(field, is_part))
        );
        assert!(has_steps(Field::Hidden, true) && has_steps(Field::Code, false));
    }
}
