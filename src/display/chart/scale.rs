//! The bounds of the chart's axes, and the epochs marked on it.

use super::{AxisKind, Curves, LossAxis, Point};
use crate::display::numbers::round_up;
use latent_core::{
    model::{LossKind, ModelSpec},
    settings::Settings,
};

/// The bounds of the axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Steps of the planned run. The step axis starts at 0.
    pub steps: f64,
    /// The loss axis.
    pub loss: LossAxis,
    /// The axis of the divergence, for a variational model.
    pub divergence: Option<LossAxis>,
    steps_per_epoch: usize,
    epochs: u32,
}

/// The mark at the end of an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochMark {
    /// Steps done by the end of the epoch.
    pub step: f64,
    /// The epoch's number.
    pub label: String,
}

/// The smallest distance between two marked epochs in CSS pixels.
const MARK_DISTANCE: f64 = 34.0;
/// The share of columns that lie on the plot. The losses of the first steps are far higher and lie above it.
const VISIBLE: f64 = 0.98;
/// The mean squared error of a pixel at the top of an axis without losses.
const EXPECTED_SQUARED_ERROR: f64 = 0.1;
/// The same for the binary cross-entropy, which is ln 2 for an output of ½.
const EXPECTED_CROSS_ENTROPY: f64 = 0.7;
/// The divergence at the top of an axis without any.
const EXPECTED_DIVERGENCE: f64 = 10.0;
/// An earlier run whose loss is more than this many times the current one does not extend the axis.
const MOST_TIMES_WORSE: f32 = 2.0;

impl Scale {
    /// The axes for a run with these settings, and the losses so far.
    pub fn of(settings: &Settings, kind: AxisKind, curves: &Curves) -> Self {
        let (greatest, expected) = (f64::from(greatest(curves)), expected_loss(&settings.model));
        let greatest = if curves.columns.is_empty() { greatest.max(expected) } else { greatest };
        let greatest = if greatest > 0.0 { greatest } else { expected };
        let least = f64::from(least(curves));
        let least = if least.is_finite() { least.min(greatest) } else { greatest / 10.0 };
        Self {
            // A run that was opened may have been trained for more steps than are planned.
            steps: settings.steps().max(last_step(curves)).max(1) as f64,
            loss: LossAxis::of(kind, least, greatest),
            divergence: settings.model.is_variational().then(|| divergence_axis(kind, curves)),
            steps_per_epoch: settings.steps_per_epoch(),
            epochs: settings.epochs,
        }
    }

    /// The marks of as many epochs as fit into a plot `width` CSS pixels wide.
    pub fn epoch_marks(&self, width: f64) -> Vec<EpochMark> {
        let most = (width / MARK_DISTANCE).max(1.0);
        let every = round_up(f64::from(self.epochs) / most).max(1.0) as u32;
        let mark = |epoch: u32| EpochMark {
            step: f64::from(epoch) * self.steps_per_epoch as f64,
            label: epoch.to_string(),
        };
        (1..=self.epochs / every).map(|at| mark(at * every)).collect()
    }
}

fn last_step(curves: &Curves) -> u64 {
    curves.columns.last().map_or(0, |column| column.last)
}

/// The top of the axis before there are losses.
fn expected_loss(model: &ModelSpec) -> f64 {
    let per_pixel = match model.loss.kind {
        LossKind::MeanSquaredError => EXPECTED_SQUARED_ERROR,
        LossKind::BinaryCrossEntropy => EXPECTED_CROSS_ENTROPY,
    };
    let values = model.input.values();
    per_pixel * values as f64 * model.loss.scale(1, values)
}

/// The axis of the divergence, which is often a hundredth of the total.
fn divergence_axis(kind: AxisKind, curves: &Curves) -> LossAxis {
    let trained = || curves.parts.iter().flat_map(|parts| losses(&parts.divergence));
    let validation =
        || curves.validation.iter().filter_map(|taken| taken.parts).map(|parts| parts.divergence);
    let greatest = validation().filter(|loss| loss.is_finite()).fold(usual_most(trained()), f32::max);
    let greatest = if greatest > 0.0 { f64::from(greatest) } else { EXPECTED_DIVERGENCE };
    let positive = trained().chain(validation()).filter(|&loss| loss.is_finite() && loss > 0.0);
    let least = f64::from(positive.fold(f32::INFINITY, f32::min));
    LossAxis::of(kind, if least < greatest { least } else { greatest / 10.0 }, greatest)
}

/// The greatest loss that the axis must show; 0 if there is none.
fn greatest(curves: &Curves) -> f32 {
    let trained = usual_most(curves.columns.iter().map(|column| column.greatest));
    let validation = curves.validation.iter().map(|taken| taken.loss).filter(|loss| loss.is_finite());
    let current = validation.chain(curves.reference.map(|keras| keras.loss)).fold(trained, f32::max);
    let earlier = curves.earlier.iter().map(|run| usual_most(losses(&run.curve)));
    earlier.filter(|&most| trained == 0.0 || most <= MOST_TIMES_WORSE * current).fold(current, f32::max)
}

/// The smallest loss that the axis must show; infinite if there is none.
fn least(curves: &Curves) -> f32 {
    let earlier = curves.earlier.iter().flat_map(|run| losses(&run.curve).chain(losses(&run.validation)));
    let current = losses(&curves.smoothed).chain(curves.validation.iter().map(|taken| taken.loss));
    let reconstruction = curves.parts.iter().flat_map(|parts| losses(&parts.reconstruction));
    let current = current.chain(reconstruction);
    let all = current.chain(earlier).chain(curves.reference.map(|keras| keras.loss));
    all.filter(|&loss| loss.is_finite() && loss > 0.0).fold(f32::INFINITY, f32::min)
}

fn losses(points: &[Point]) -> impl Iterator<Item = f32> {
    points.iter().map(|point| point.loss)
}

/// The loss that the share [`VISIBLE`] of all is at most; 0 if there is none.
fn usual_most(losses: impl Iterator<Item = f32>) -> f32 {
    let mut losses: Vec<_> = losses.filter(|loss| loss.is_finite()).collect();
    losses.sort_unstable_by(f32::total_cmp);
    let most = ((losses.len() as f64 * VISIBLE) as usize).min(losses.len().saturating_sub(1));
    losses.get(most).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::chart::Earlier;
    use latent_core::{
        model::Loss,
        settings::Field,
        training::{LossParts, StepLosses, history::History},
    };

    fn scale(settings: &Settings, losses: &[f32], earlier: &Earlier) -> Scale {
        let history = History::restored(0, losses.to_vec(), vec![]);
        Scale::of(settings, AxisKind::Linear, &Curves::of(&history, settings, earlier, 4_700.0))
    }

    /// Settings of a model that has no reference.
    fn other() -> Settings {
        let mut settings = Settings::default();
        settings.model.latent = settings.model.latent.with_units(3);
        settings
    }

    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
    }

    #[test]
    fn the_axes_end_at_the_planned_steps_and_at_round_losses() {
        let axes = scale(&Settings::default(), &[0.11, 0.07, 0.06], &Earlier::default());
        assert_eq!(axes.steps, 4_700.0);
        near(axes.loss.least, 0.02);
        near(axes.loss.greatest, 0.12);
        // With the reference alone, and without any loss.
        let axes = scale(&Settings::default(), &[], &Earlier::default());
        assert!(axes.loss.least < 0.0448 && axes.loss.greatest > 0.0448);
        near(scale(&other(), &[], &Earlier::default()).loss.greatest, 0.1);
    }

    #[test]
    fn an_axis_without_losses_suits_the_loss() {
        let greatest = |name: &str| {
            let mut settings = other();
            settings.model.loss = Loss::from_name(name).unwrap();
            scale(&settings, &[], &Earlier::default()).loss.greatest
        };
        near(greatest("mse-sum"), 80.0);
        near(greatest("bce"), 0.8);
        near(greatest("bce-sum"), 600.0);
    }

    #[test]
    fn the_divergence_has_an_axis_of_its_own() {
        let mut settings = other();
        settings.set(Field::Variational, "1").unwrap();
        let parts = |divergence| LossParts { reconstruction: 170.0, divergence };
        let parts: Vec<_> = (1..=40).map(|step| parts(step as f32 / 8.0)).collect();
        let losses = StepLosses { totals: vec![175.0; 40], parts };
        let history = History::restored(0, losses, vec![]);
        let earlier = Earlier::default();
        for kind in [AxisKind::Linear, AxisKind::Logarithmic] {
            let axes = Scale::of(&settings, kind, &Curves::of(&history, &settings, &earlier, 4_700.0));
            let divergence = axes.divergence.unwrap();
            assert!((4.0..=6.0).contains(&divergence.greatest), "{divergence:?}");
            // The reconstruction is told from the total.
            let least = if kind == AxisKind::Linear { 0.3 } else { 0.03 };
            assert!(axes.loss.place(175.0) - axes.loss.place(170.0) > least, "{:?}", axes.loss);
        }
        let axes = Scale::of(&other(), AxisKind::Linear, &Curves::of(&history, &other(), &earlier, 4_700.0));
        assert_eq!(axes.divergence, None);
    }

    #[test]
    fn a_spike_or_a_loss_that_is_not_finite_does_not_extend_the_axis() {
        let mut losses = vec![0.05; 200];
        losses[3] = 1e9;
        losses[4] = f32::NAN;
        let axes = scale(&other(), &losses, &Earlier::default());
        assert!(axes.loss.greatest < 0.1, "{axes:?}");
    }

    #[test]
    fn earlier_runs_extend_the_axis_unless_they_were_far_worse() {
        let mut earlier = Earlier::default();
        earlier.add(1, other(), None, None, &History::restored(0, vec![0.09; 50], vec![]), &[]);
        earlier.add(2, other(), None, None, &History::restored(0, vec![1e6; 50], vec![]), &[]);
        near(scale(&other(), &[0.05; 50], &earlier).loss.greatest, 0.09);
    }

    #[test]
    fn as_many_epochs_are_marked_as_fit() {
        let marks = |epochs, width| {
            let settings = Settings { epochs, ..Settings::default() };
            scale(&settings, &[], &Earlier::default()).epoch_marks(width)
        };
        assert_eq!(marks(3, 500.0).len(), 3);
        assert_eq!(
            marks(20, 500.0).iter().map(|mark| mark.label.as_str()).take(2).collect::<Vec<_>>(),
            ["2", "4"]
        );
        assert!(marks(1000, 200.0).len() <= 6);
        assert_eq!(marks(1, 500.0), [EpochMark { step: 235.0, label: "1".into() }]);
    }
}
