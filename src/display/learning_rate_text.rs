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

/// The changes of the rate, for a run that has done so many steps: what the last one was, and the next one that is planned. Empty
/// where the rate is the same for all steps.
pub fn changes(rates: &LearningRates, steps: u64) -> String {
    let done: Vec<_> = rates.changes().iter().filter(|change| change.steps <= steps).collect();
    let last = done.last().map(|last| {
        let (before, at) = (rates.after(last.steps - 1), grouped(last.steps));
        match done.len() {
            _ if last.steps == steps => format!("Holds from step {at} on; {before} before."),
            1 => format!("Changed at step {at} from {before}."),
            times => format!("Changed {times} times, at step {at} from {before}."),
        }
    });
    let next =
        rates.next_change(steps).map(|next| format!("{} after step {}.", next.rate, grouped(next.steps)));
    [last, next].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What is said when a rate was entered for a run under way, from its rates and the steps that it has done: from which step it
/// holds. None where it holds for a new run only, or for all steps. A run that trains has done more steps than it has reported.
pub fn taken(rates: &LearningRates, steps: u64, trains: bool) -> Option<String> {
    let at = rates.changes().iter().find(|change| change.steps >= steps && steps > 0)?;
    let rate = LearningRates::from(at.rate);
    let from = if trains { "now".into() } else { format!("step {}", grouped(at.steps)) };
    Some(format!("In this run the learning rate is {rate} from {from} on. Reset begins a new run with it."))
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
        assert_eq!(text(600), "Holds from step 600 on; 0.0005 before. 0.001 after step 4,000.");
        assert_eq!(text(601), "Changed at step 600 from 0.0005. 0.001 after step 4,000.");
        assert_eq!(text(4_001), "Changed 2 times, at step 4,000 from 0.005.");
    }

    #[test]
    fn a_rate_that_is_entered_is_told_with_the_step_from_which_it_holds() {
        let rates = settings("0.0005,0.005@600").learning_rates;
        let told = |from| {
            format!("In this run the learning rate is 0.005 from {from} on. Reset begins a new run with it.")
        };
        assert_eq!(taken(&rates, 600, false), Some(told("step 600")));
        assert_eq!(taken(&rates, 600, true), Some(told("now")));
        let none = [taken(&rates, 601, false), taken(&rates, 0, false), taken(&0.0005.into(), 5, false)];
        assert_eq!(none, [None, None, None]);
    }

    #[test]
    fn of_a_rate_that_never_changes_the_field_says_all() {
        assert_eq!(changes(&0.0005.into(), 7), "");
    }
}
