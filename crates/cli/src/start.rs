//! The start of a run: the flags, applied to the model that it continues, or to the default settings.

use crate::Failure;
use latent_core::{
    settings::{Field, Settings},
    training::{Progress, checkpoint::Checkpoint, history::History},
};

/// A run about to be trained.
#[derive(Debug)]
pub(crate) struct Start {
    /// Its settings, and all that was done already.
    pub(crate) checkpoint: Checkpoint,
    /// What is different from here on than it was before, if anything.
    pub(crate) changes: Option<String>,
}

impl Start {
    /// The run with the fields that are `given`, from the start or from `model`.
    pub(crate) fn new<'a>(
        given: impl IntoIterator<Item = (Field, &'a str)>,
        model: Option<Checkpoint>,
    ) -> Result<Self, Failure> {
        let steps = model.as_ref().map(|model| model.progress.steps);
        let mut settings = model.as_ref().map_or_else(Settings::default, |model| model.settings.clone());
        let mut changes = Vec::new();
        for (field, text) in given {
            let before = settings.get(field);
            settings.adjust(steps.unwrap_or(0), field, text)?;
            let now = settings.get(field);
            if now == before {
                continue;
            }
            if steps.is_some_and(|steps| is_fixed(field, steps)) {
                return Err(Failure::OtherNetwork { key: field.key(), model: before, given: now });
            }
            if steps.is_some_and(|steps| steps > 0) && is_of_the_order(field) {
                changes.push(format!("{} {now} instead of {before}", field.key()));
            }
        }
        settings.check()?;
        let changes = (!changes.is_empty()).then(|| changes.join(", "));
        let (progress, history) = match model {
            Some(model) => (model.progress, model.history),
            None => (Progress::initial(&settings.model, settings.seed), History::default()),
        };
        Ok(Self { checkpoint: Checkpoint { settings, progress, history }, changes })
    }
}

/// Whether a model that has done so many steps has settled this. Bare weights settle their shapes alone.
fn is_fixed(field: Field, steps: u64) -> bool {
    match field {
        Field::Hidden | Field::Encoder | Field::Code | Field::Variational => true,
        _ => steps > 0 && (Field::MODEL.contains(&field) || field == Field::Numerics),
    }
}

/// Whether the images and their order, and so what a step is, depend on this.
fn is_of_the_order(field: Field) -> bool {
    matches!(field, Field::Data | Field::Batch | Field::Seed | Field::Shuffle | Field::TrainingImages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(steps: u64) -> Option<Checkpoint> {
        let mut start = Start::new([(Field::Hidden, "3"), (Field::Batch, "64")], None).unwrap();
        start.checkpoint.progress.steps = steps;
        Some(start.checkpoint)
    }

    #[test]
    fn flags_win_over_the_model_and_the_model_over_the_tutorial() {
        let start = Start::new([(Field::LearningRate, "0.001"), (Field::Hidden, "3")], model(7)).unwrap();
        let settings = start.checkpoint.settings;
        assert_eq!((settings.batch, settings.epochs), (64, 20));
        assert_eq!((start.checkpoint.progress.steps, start.changes), (7, None));
    }

    #[test]
    fn a_learning_rate_holds_from_the_models_last_step_on() {
        let rates = |rates: &str, steps| {
            let start = Start::new([(Field::LearningRate, rates)], model(steps)).unwrap();
            start.checkpoint.settings.get(Field::LearningRate)
        };
        assert_eq!(rates("0.001", 7), "0.0005,0.001@7");
        assert_eq!(rates("0.002,0.001@3,0.01@90", 7), "0.0005,0.001@7,0.01@90");
        assert_eq!(rates("0.002,0.001@3", 0), "0.002,0.001@3");
    }

    #[test]
    fn another_network_than_the_models_is_refused() {
        let refusal =
            |given, steps| Start::new([given], model(steps)).map(|_| ()).map_err(|it| it.to_string());
        let sentence = "the model's hidden is 3: it can't go on with --hidden 4,4".to_owned();
        assert_eq!(refusal((Field::Hidden, "4, 4"), 0), Err(sentence));
        assert!(refusal((Field::Code, "3"), 0).is_err());
        assert!(refusal((Field::Slope, "0.2"), 1).is_err());
        assert!(refusal((Field::Slope, "0.2"), 0).is_ok());
        assert!(refusal((Field::Activation, "tanh"), 1).is_err());
        assert!(refusal((Field::Output, "sigmoid"), 0).is_ok());
        assert!(refusal((Field::Encoder, "dense4"), 0).is_err());
        assert!(refusal((Field::Encoder, "dense3"), 1).is_ok());
    }

    #[test]
    fn a_change_of_order_is_told_once_the_run_is_under_way() {
        let given = [(Field::Batch, "32"), (Field::Seed, "1"), (Field::Shuffle, "0")];
        let told = "batch 32 instead of 64, shuffle 0 instead of 1".to_owned();
        assert_eq!(Start::new(given, model(7)).unwrap().changes, Some(told));
        assert_eq!(Start::new(given, model(0)).unwrap().changes, None);
    }
}
