//! The learning rate of the form: the number in its field, and the text below it.

use super::numbers::grouped;
use latent_core::settings::{Field, LearningRates, Settings};

/// The number in the field of a learning rate: the one of the next step. Other settings are shown whole.
pub fn value(settings: &Settings, field: Field, steps: u64) -> String {
    match field {
        Field::LearningRate => LearningRates::from(settings.learning_rates.after(steps)).to_string(),
        _ => settings.get(field),
    }
}

/// The changes of the rate, for a run that has done so many steps: what the last one was, and the next one that is planned. Empty where
/// the rate is the same for all steps.
pub fn changes(rates: &LearningRates, steps: u64) -> String {
    let done: Vec<_> = rates.changes().iter().filter(|change| change.steps <= steps).collect();
    let last = done.last().map(|last| {
        let (before, at) = (rates.after(last.steps - 1), grouped(last.steps));
        match done.len() {
            1 => format!("Changed at step {at} from {before}."),
            times => format!("Changed {times} times, at step {at} from {before}."),
        }
    });
    let next =
        rates.next_change(steps).map(|next| format!("{} after step {}.", next.rate, grouped(next.steps)));
    [last, next].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(rates: &str) -> Settings {
        let mut settings = Settings::default();
        settings.set(Field::LearningRate, rates).unwrap();
        settings
    }

    #[test]
    fn the_field_has_the_rate_of_the_next_step_and_nothing_else() {
        let settings = settings("0.0005,0.005@600,0.00001@4000");
        let shown = |steps| value(&settings, Field::LearningRate, steps);
        assert_eq!([0, 599, 600, 4_000].map(shown), ["0.0005", "0.0005", "0.005", "0.00001"]);
        assert_eq!(value(&settings, Field::Epochs, 600), "20");
    }

    #[test]
    fn a_rate_that_changes_is_told_with_its_last_and_its_next_change() {
        let settings = settings("0.0005,0.005@600,0.001@4000");
        let text = |steps| changes(&settings.learning_rates, steps);
        assert_eq!(text(0), "0.005 after step 600.");
        assert_eq!(text(600), "Changed at step 600 from 0.0005. 0.001 after step 4,000.");
        assert_eq!(text(4_000), "Changed 2 times, at step 4,000 from 0.005.");
    }

    #[test]
    fn of_a_rate_that_never_changes_the_field_says_all() {
        assert_eq!(changes(&0.0005.into(), 7), "");
    }
}
