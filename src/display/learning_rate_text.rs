//! The text below the field of the learning rate.

use super::numbers::grouped;
use latent_core::settings::LearningRates;

/// The rate of the next step and the change that is planned next, for a run that has done so many steps. Empty where the
/// rate is the same for all steps, as the field says it then.
pub fn learning_rate(rates: &LearningRates, steps: u64) -> String {
    if rates.changes().is_empty() {
        return String::new();
    }
    let now = format!("now {}", rates.after(steps));
    match rates.next_change(steps) {
        Some(next) => format!("{now}, {} after step {}", next.rate, grouped(next.steps)),
        None => now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::settings::{Field, Settings};

    #[test]
    fn a_rate_that_changes_is_told_with_what_holds_now_and_what_comes_next() {
        let mut settings = Settings::default();
        settings.set(Field::LearningRate, "0.0005,0.005@600,0.001@4000").unwrap();
        let text = |steps| learning_rate(&settings.learning_rates, steps);
        assert_eq!(text(0), "now 0.0005, 0.005 after step 600");
        assert_eq!(text(600), "now 0.005, 0.001 after step 4,000");
        assert_eq!(text(4_000), "now 0.001");
    }

    #[test]
    fn of_a_rate_that_never_changes_the_field_says_all() {
        assert_eq!(learning_rate(&0.0005.into(), 7), "");
    }
}
