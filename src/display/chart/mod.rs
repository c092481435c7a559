//! The loss chart as plain functions: its curves, its axes, and what it says at a step.

mod axis;
mod axis_title;
mod clipping;
mod description;
mod earlier_runs;
mod keras;
mod labels;
mod reading;
mod reading_table;
mod scale;
mod smoothing;

pub use axis::{AxisKind, LossAxis};
pub use axis_title::axis_title;
pub use clipping::{PlotPoint, clip_polyline, is_inside};
pub use description::description;
pub use earlier_runs::{
    DASHES, Earlier, EarlierRun, STYLES, changes, comparison_text, own_settings, results, shown,
};
pub use keras::{KerasReference, keras_reference};
pub use labels::{LINE, LabelPlace, Labels, centre_within};
pub use reading::{
    EarlierReading, Reading, earlier_in_words, earlier_readings, step_after_key, step_at_pointer,
};
pub use reading_table::table;
pub use scale::{EpochMark, Scale};
pub use smoothing::{smoothed_at, window};

use latent_core::{
    settings::{RateChange, Settings},
    training::history::{Column, History, Series, Validation},
};

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Steps done.
    pub step: u64,
    /// The loss.
    pub loss: f32,
}

/// The smoothed parts of a variational model's training losses.
#[derive(Clone, Debug, PartialEq)]
pub struct PartCurves {
    /// How far the reconstructions are from the images.
    pub reconstruction: Vec<Point>,
    /// How far the codes' distributions are from the prior, unweighted. It has an axis of its own.
    pub divergence: Vec<Point>,
}

/// What the chart draws. It has about as many points as the plot has pixels, however many steps were done.
pub struct Curves<'a> {
    /// The training losses, several steps to a column of pixels.
    pub columns: Vec<Column>,
    /// The smoothed training losses.
    pub smoothed: Vec<Point>,
    /// The parts of a variational model's losses, once there are any.
    pub parts: Option<PartCurves>,
    /// The validation losses.
    pub validation: &'a [Validation],
    /// What Keras reached with this model.
    pub reference: Option<KerasReference>,
    /// The step counts at which another engine took over.
    pub interruptions: &'a [u64],
    /// The steps from which another learning rate holds, and the rates.
    pub rates: &'a [RateChange],
    /// Earlier runs with the same loss over the same images.
    pub earlier: Vec<&'a EarlierRun>,
}

impl<'a> Curves<'a> {
    /// The curves of a run, for a plot `width` CSS pixels wide.
    pub fn of(history: &'a History, settings: &'a Settings, earlier: &'a Earlier, width: f64) -> Self {
        // As many columns as the losses take pixels.
        let columns = |series: &Series| {
            let done = series.losses().len() as f64 / settings.steps().max(1) as f64;
            series.columns((done * width).ceil().max(1.0) as usize)
        };
        let smoothed = |series| smoothing::smoothed(series, &columns(series), window(settings));
        Self {
            smoothed: smoothed(history.total()),
            columns: columns(history.total()),
            parts: history.parts().map(|parts| PartCurves {
                reconstruction: smoothed(&parts.reconstruction),
                divergence: smoothed(&parts.divergence),
            }),
            validation: history.validation(),
            reference: keras_reference(settings),
            interruptions: history.interruptions(),
            rates: settings.learning_rates.changes(),
            earlier: earlier.comparable(settings),
        }
    }

    /// Steps between the first two validation losses; infinite if there are fewer than two.
    pub fn validation_distance(&self) -> f64 {
        match self.validation {
            [first, second, ..] => second.steps.saturating_sub(first.steps) as f64,
            _ => f64::INFINITY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_about_a_pixel_wide() {
        let (settings, earlier) = (Settings::default(), Earlier::default());
        let columns = |history: &History| Curves::of(history, &settings, &earlier, 500.0).columns;
        let history =
            |steps_before: u64, losses: usize| History::restored(steps_before, vec![0.1; losses], vec![]);
        assert_eq!(columns(&history(0, 470)).len(), 47);
        assert_eq!(columns(&history(0, 1)).len(), 1);
        assert!(columns(&history(0, 0)).is_empty());
        let resumed = columns(&history(4_230, 470));
        assert_eq!((resumed.len(), resumed[0].step), (47, 4_231));
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
}
