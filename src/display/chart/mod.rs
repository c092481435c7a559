//! The loss chart as plain functions: what is on it, how far its axes go, and what it says at a step.

mod axis;
mod cut;
mod earlier;
mod labels;
mod reading;
mod scale;
mod smoothing;

pub use axis::{AxisKind, LossAxis};
pub use cut::{Place, cut, is_inside};
pub use earlier::{Earlier, EarlierRun, changes};
pub use labels::apart;
pub use reading::{Reading, moved, pointed};
pub use scale::{EpochMark, Scale};
pub use smoothing::{smoothed_at, window};

use crate::display::numbers::{grouped, loss};
use latent_core::{
    model::ModelSpec,
    settings::Settings,
    training::history::{Column, History, Validation},
};

/// The validation loss that the tutorial's network reaches in Keras: three Keras runs of the tutorial, 20 epochs,
/// mean.
const KERAS_VALIDATION_LOSS: f32 = 0.0448;

/// What Keras reached with these settings' network, if that is the tutorial's.
pub fn keras_reference(settings: &Settings) -> Option<f32> {
    (settings.model == ModelSpec::default()).then_some(KERAS_VALIDATION_LOSS)
}

/// The reference in words, for the line and for the key.
pub fn keras_label(reference: f32) -> String {
    format!("Keras, 20 epochs: {}", loss(Some(reference)))
}

/// The point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Steps done.
    pub step: u64,
    /// The loss.
    pub loss: f32,
}

/// What the chart shows, ready to be drawn: as many points as it has pixels, however many steps were done.
pub struct Curves<'a> {
    /// The losses as they were.
    pub columns: Vec<Column>,
    /// The same smoothed.
    pub smoothed: Vec<Point>,
    /// The validation losses.
    pub validation: &'a [Validation],
    /// What Keras reached.
    pub reference: Option<f32>,
    /// Steps after which another engine went on.
    pub interruptions: &'a [u64],
    /// Runs before this one.
    pub earlier: &'a Earlier,
}

impl<'a> Curves<'a> {
    /// The curves of a run, for a plot `width` CSS pixels wide.
    pub fn of(history: &'a History, settings: &Settings, earlier: &'a Earlier, width: f64) -> Self {
        let done = history.losses().len() as f64 / settings.steps().max(1) as f64;
        let columns = history.columns((done * width).ceil().max(1.0) as usize);
        Self {
            smoothed: smoothing::smoothed(history, &columns, window(settings)),
            columns,
            validation: history.validation(),
            reference: keras_reference(settings),
            interruptions: history.interruptions(),
            earlier,
        }
    }

    /// Steps between the first two validation losses; endless where there are none.
    pub fn distance_of_validations(&self) -> f64 {
        match self.validation {
            [first, second, ..] => second.steps.saturating_sub(first.steps) as f64,
            _ => f64::INFINITY,
        }
    }
}

/// The chart in a few sentences, instead of its picture.
pub fn description(history: &History, settings: &Settings, kind: AxisKind, earlier: &Earlier) -> String {
    let axis = match kind {
        AxisKind::Linear => "a linear axis",
        AxisKind::Logarithmic => "a logarithmic axis",
    };
    let mut text =
        format!("Mean squared error by training step on {axis}, {} planned.", grouped(settings.steps()));
    let mut say = |sentence: String| text.extend([" ", &sentence, "."]);
    match Reading::at(history, settings, history.steps()) {
        None => say("No step has been trained yet".into()),
        Some(now) => say(format!(
            "At step {}: training {}, smoothed {}",
            grouped(now.step),
            loss(Some(now.raw)),
            loss(Some(now.smoothed))
        )),
    }
    if let Some(last) = history.validation().last() {
        say(format!("Validation {} after step {}", loss(Some(last.loss)), grouped(last.steps)));
    }
    let interruptions: Vec<_> = history.interruptions().iter().copied().map(grouped).collect();
    if !interruptions.is_empty() {
        say(format!("Another engine went on after step {}", interruptions.join(" and ")));
    }
    if let Some(reference) = keras_reference(settings) {
        say(keras_label(reference));
    }
    match earlier.runs().len() {
        0 => {}
        1 => say("One earlier run, dimmed".into()),
        count => say(format!("{count} earlier runs, dimmed")),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tutorials_network_is_compared_with_keras() {
        let mut settings = Settings { seed: 9, batch: 128, ..Settings::default() };
        assert_eq!(keras_reference(&settings).map(keras_label).as_deref(), Some("Keras, 20 epochs: 0.0448"));
        settings.model.latent.units = 3;
        assert_eq!(keras_reference(&settings), None);
    }

    #[test]
    fn columns_are_about_a_pixel_wide() {
        let (settings, earlier) = (Settings::default(), Earlier::default());
        let columns = |history: &History| Curves::of(history, &settings, &earlier, 500.0).columns;
        let history =
            |steps_before: u64, losses: usize| History::restored(steps_before, vec![0.1; losses], vec![]);
        assert_eq!(columns(&history(0, 470)).len(), 47);
        assert_eq!(columns(&history(0, 1)).len(), 1);
        assert!(columns(&history(0, 0)).is_empty());
        let went_on = columns(&history(4_230, 470));
        assert_eq!((went_on.len(), went_on[0].step), (47, 4_231));
    }

    #[test]
    fn a_hundred_thousand_steps_are_drawn_with_as_many_points_as_a_thousand() {
        let earlier = Earlier::default();
        let points = |epochs: u32| {
            let settings = Settings { epochs, training_images: 25_600, ..Settings::default() };
            let history = History::restored(0, vec![0.1; settings.steps() as usize], vec![]);
            let curves = Curves::of(&history, &settings, &earlier, 400.0);
            curves.columns.len() + curves.smoothed.len()
        };
        let (thousand, hundred_thousand) = (points(10), points(1000));
        assert!(thousand > 600 && hundred_thousand > 600 && thousand.max(hundred_thousand) <= 800);
    }

    #[test]
    fn the_chart_tells_itself_in_words() {
        let (settings, earlier) = (Settings::default(), Earlier::default());
        let told = |history: &History| description(history, &settings, AxisKind::Logarithmic, &earlier);
        assert_eq!(
            told(&History::default()),
            "Mean squared error by training step on a logarithmic axis, 4,700 planned. No step has been trained yet. \
             Keras, 20 epochs: 0.0448."
        );
        let history = History::restored(0, vec![0.25, 0.125], vec![Validation { steps: 2, loss: 0.1 }]);
        assert!(
            told(&history).contains(
                "At step 2: training 0.1250, smoothed 0.1250. Validation 0.1000 after step 2. Keras"
            )
        );
        let mut went_on = history.clone();
        went_on.interrupted();
        assert!(told(&went_on).contains("Another engine went on after step 2. Keras"));
    }
}
