//! What a setting is called, and the sentence below its field of the form.

use latent_core::settings::{Field, SettingError, Settings};

/// What the setting is called in a sentence: as its field of the form is.
pub fn name(field: Field) -> &'static str {
    match field {
        Field::Hidden | Field::Encoder => "hidden layers",
        Field::Code => "code size",
        Field::LearningRate => "learning rate",
        Field::Batch => "batch size",
        Field::TrainingImages => "training images",
        Field::Activation => "hidden activation",
        Field::CodeActivation => "code activation",
        Field::Output => "output activation",
        Field::Loss => "loss function",
        Field::Beta => "divergence weight β",
        _ => field.key(),
    }
}

/// What is said of a field whose value the run does not have.
pub const FOR_NEW_RUN: &str = "applies to a new run";

/// Which fields change a run that has done so many steps, and that all others apply to a new run. What waits for a new run
/// already is among the others, and so are a rate that no step is left for and epochs that have begun.
pub fn rule(run: &Settings, form: &Settings, steps: u64) -> &'static str {
    let is_over = steps >= run.steps();
    let takes_rate = !is_over && form.learning_rates == run.learning_rates;
    match (takes_rate, is_over || form.epochs != run.epochs) {
        (true, false) => {
            "Learning rate and epochs change the current run at once. Everything else applies to a new run."
        }
        (true, true) => {
            "Learning rate and more epochs change the current run at once. Everything else applies to a new run."
        }
        (false, false) => "Epochs change the current run at once. Everything else applies to a new run.",
        (false, true) => "More epochs change the current run at once. Everything else applies to a new run.",
    }
}

/// Why a text was refused, beside the field that has it.
pub fn refusal(field: Field, error: &SettingError) -> String {
    let text = error.to_string();
    text.strip_prefix(&format!("{}: ", field.key())).unwrap_or(&text).into()
}

/// What the field is. `is_part` says that it shows a part of the setting: of the layers their dropout, of the corruption its
/// strength.
pub fn sentence(field: Field, is_part: bool) -> &'static str {
    match (field, is_part) {
        (Field::Hidden | Field::Encoder, false) => "Units of each layer: 300, or 512,128.",
        (Field::Hidden | Field::Encoder, true) => "Share of units left out of each step.",
        (Field::Code, _) => "Numbers that describe an image.",
        (Field::LearningRate, _) => "How far a step goes.",
        (Field::Epochs, _) => "Times through all training images.",
        (Field::Batch, _) => "Images in a step.",
        (Field::Seed, _) => "Picks the random numbers. Same seed, same run.",
        (Field::TrainingImages, _) => "How many are used.",
        (Field::Slope, _) => "Of LeakyReLU, below zero.",
        (Field::Activation, _) => "Behind each hidden layer.",
        (Field::CodeActivation, _) => "Behind the code.",
        (Field::Output, _) => "Behind the last layer.",
        (Field::Loss, _) => "What training makes small.",
        (Field::Variational, _) => "One point, or a mean and a spread.",
        (Field::Beta, _) => "Weight of the divergence (KL): how far codes are from a normal distribution.",
        (Field::Corruption, false) => "Of the input, while training.",
        (Field::Corruption, true) => "Deviation, or share of pixels.",
        (Field::Data | Field::Shuffle | Field::Numerics, _) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(epochs: u32, rates: &str) -> Settings {
        let mut settings = Settings { epochs, ..Settings::default() };
        settings.set(Field::LearningRate, rates).unwrap();
        settings
    }

    const REST: &str = "change the current run at once. Everything else applies to a new run.";

    #[test]
    fn the_rule_names_the_fields_that_change_the_run_and_no_other() {
        let run = settings(20, "0.0005");
        let rule = rule(&run, &run, 300).to_lowercase();
        let (live, _) = rule.split_once("change").expect("what changes the run");
        for field in Field::ALL {
            assert_eq!(live.contains(name(field)), field.is_live(), "{field:?}");
        }
    }

    #[test]
    fn the_rule_holds_for_what_waits_and_for_a_run_that_has_ended() {
        let run = settings(3, "0.0005");
        let (two, all) = (run.steps_per_epoch() as u64 + 1, run.steps());
        let said = |form: &Settings, steps| rule(&run, form, steps);
        assert_eq!(said(&run, two), format!("Learning rate and epochs {REST}"));
        assert_eq!(said(&settings(1, "0.0005"), two), format!("Learning rate and more epochs {REST}"));
        assert_eq!(said(&settings(3, "0.002"), two), format!("Epochs {REST}"));
        for form in [run.clone(), settings(1, "0.0005"), settings(3, "0.002")] {
            assert_eq!(said(&form, all), format!("More epochs {REST}"));
        }
    }
}
