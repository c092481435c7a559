//! The chart in sentences, for screen readers.

use super::{AxisKind, Earlier, Reading, keras_reference, reading::in_words};
use crate::display::{
    dataset::capitalized,
    loss_text::total_title,
    numbers::{grouped, loss},
};
use latent_core::{settings::Settings, training::history::History};

/// Describes the chart in a few sentences.
pub fn description(history: &History, settings: &Settings, kind: AxisKind, earlier: &Earlier) -> String {
    let axis = match kind {
        AxisKind::Linear => "a linear axis",
        AxisKind::Logarithmic => "a logarithmic axis",
    };
    let title = capitalized(&total_title(&settings.model));
    let mut text = format!("{title} by training step on {axis}, {} planned.", grouped(settings.steps()));
    let mut add = |sentence: String| text.extend([" ", &sentence, "."]);
    match Reading::at(history, settings, history.steps()) {
        None => add("No step has been trained yet".into()),
        Some(now) => {
            let [raw, smoothed] = [now.raw, now.smoothed].map(|value| loss(Some(value)));
            let parts = now.parts.map_or_else(String::new, in_words);
            add(format!("At step {}: training {raw}, smoothed {smoothed}{parts}", grouped(now.step)));
        }
    }
    if let Some(last) = history.validation().last() {
        let parts = last.parts.map_or_else(String::new, in_words);
        add(format!("Validation {}{parts} after step {}", loss(Some(last.loss)), grouped(last.steps)));
    }
    let interruptions: Vec<_> = history.interruptions().iter().copied().map(grouped).collect();
    if !interruptions.is_empty() {
        add(format!("Another engine took over after step {}", interruptions.join(" and ")));
    }
    for change in settings.learning_rates.changes() {
        add(format!("The learning rate is {} from step {} on", change.rate, grouped(change.steps)));
    }
    if let Some(reference) = keras_reference(settings) {
        add(reference.label());
    }
    match earlier.comparable(settings).len() {
        0 => {}
        1 => add("One earlier run, dimmed".into()),
        count => add(format!("{count} earlier runs, dimmed")),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{
        model::{Latent, Loss},
        training::{LossParts, StepLosses, history::Validation},
    };

    #[test]
    fn the_description_names_loss_axis_and_the_newest_values() {
        let (mut settings, earlier) = (Settings::default(), Earlier::default());
        let description = |history: &History, settings: &Settings| {
            description(history, settings, AxisKind::Logarithmic, &earlier)
        };
        assert_eq!(
            description(&History::default(), &settings),
            "Mean squared error by training step on a logarithmic axis, 4,700 planned. No step has been trained yet. \
             Keras, 20 epochs: 0.0448."
        );
        let history = History::restored(0, vec![0.25, 0.125], vec![Validation::total(2, 0.1)]);
        assert!(
            description(&history, &settings).contains(
                "At step 2: training 0.1250, smoothed 0.1250. Validation 0.1000 after step 2. Keras"
            )
        );
        let mut interrupted = history.clone();
        interrupted.interrupted();
        assert!(
            description(&interrupted, &settings).contains("Another engine took over after step 2. Keras")
        );
        settings.model.loss = Loss::from_name("bce").unwrap();
        assert!(description(&history, &settings).starts_with("Mean binary cross-entropy by training step"));
        settings.model.latent = Latent::Variational { units: 2, beta: 1.0 };
        let parts = vec![LossParts { reconstruction: 0.125, divergence: 0.25 }];
        let history = History::restored(0, StepLosses { totals: vec![0.375], parts }, vec![]);
        let text = description(&history, &settings);
        assert!(text.starts_with("Mean binary cross-entropy plus divergence by training step"), "{text}");
        assert!(text.ends_with(
            "At step 1: training 0.3750, smoothed 0.3750 (reconstruction 0.1250, divergence 0.2500)."
        ));
    }
}
