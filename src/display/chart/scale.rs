//! How far the chart's axes go, and where epochs are marked on it.

use super::{AxisKind, Curves, LossAxis, Point};
use crate::display::numbers::round_up;
use latent_core::settings::Settings;

/// How far the axes go.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Steps of the planned run; that axis starts at 0.
    pub steps: f64,
    /// The axis of the loss.
    pub loss: LossAxis,
    steps_per_epoch: usize,
    epochs: u32,
}

/// An epoch's end.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochMark {
    /// Steps done by then.
    pub step: f64,
    /// The epoch's number.
    pub label: String,
}

/// The least distance of two marked epochs, in CSS pixels.
const MARK_DISTANCE: f64 = 34.0;
/// The share of columns whose losses must be in sight: the first steps fall from far above.
const IN_SIGHT: f64 = 0.98;
/// The axis before there are losses.
const EXPECTED_LOSS: f64 = 0.1;
/// An earlier run that was so many times worse doesn't press the others flat.
const WORSE: f32 = 2.0;

impl Scale {
    /// The axes for a run with these settings, and the losses so far.
    pub fn of(settings: &Settings, kind: AxisKind, curves: &Curves) -> Self {
        let greatest = f64::from(greatest(curves));
        let greatest = if curves.columns.is_empty() { greatest.max(EXPECTED_LOSS) } else { greatest };
        let greatest = if greatest > 0.0 { greatest } else { EXPECTED_LOSS };
        let least = f64::from(least(curves)).min(greatest);
        Self {
            steps: settings.steps().max(1) as f64,
            loss: LossAxis::of(kind, least, greatest),
            steps_per_epoch: settings.steps_per_epoch(),
            epochs: settings.epochs,
        }
    }

    /// The epochs' ends, as many as have room.
    pub fn epoch_marks(&self, width: f64) -> Vec<EpochMark> {
        let room = (width / MARK_DISTANCE).max(1.0);
        let every = round_up(f64::from(self.epochs) / room).max(1.0) as u32;
        let mark = |epoch: u32| EpochMark {
            step: f64::from(epoch) * self.steps_per_epoch as f64,
            label: epoch.to_string(),
        };
        (1..=self.epochs / every).map(|at| mark(at * every)).collect()
    }
}

/// The greatest loss that must be in sight; 0 if there is none.
fn greatest(curves: &Curves) -> f32 {
    let trained = usual_most(curves.columns.iter().map(|column| column.greatest));
    let validated = curves.validation.iter().map(|taken| taken.loss).filter(|loss| loss.is_finite());
    let current = validated.chain(curves.reference).fold(trained, f32::max);
    let earlier = curves.earlier.runs().iter().map(|run| usual_most(losses(&run.curve)));
    earlier.filter(|&most| trained == 0.0 || most <= WORSE * current).fold(current, f32::max)
}

/// The least loss in sight.
fn least(curves: &Curves) -> f32 {
    let earlier =
        curves.earlier.runs().iter().flat_map(|run| losses(&run.curve).chain(losses(&run.validated)));
    let current = losses(&curves.smoothed).chain(curves.validation.iter().map(|taken| taken.loss));
    let all = current.chain(earlier).chain(curves.reference);
    all.filter(|&loss| loss.is_finite() && loss > 0.0).fold(f32::INFINITY, f32::min)
}

fn losses(points: &[Point]) -> impl Iterator<Item = f32> {
    points.iter().map(|point| point.loss)
}

/// What all but a few are no greater than; 0 if there is none.
fn usual_most(losses: impl Iterator<Item = f32>) -> f32 {
    let mut losses: Vec<_> = losses.filter(|loss| loss.is_finite()).collect();
    losses.sort_unstable_by(f32::total_cmp);
    let most = ((losses.len() as f64 * IN_SIGHT) as usize).min(losses.len().saturating_sub(1));
    losses.get(most).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::chart::Earlier;
    use latent_core::training::history::History;

    fn scale(settings: &Settings, losses: &[f32], earlier: &Earlier) -> Scale {
        let history = History::restored(0, losses.to_vec(), vec![]);
        Scale::of(settings, AxisKind::Linear, &Curves::of(&history, settings, earlier, 4_700.0))
    }

    /// A network for which there is no reference.
    fn other() -> Settings {
        let mut settings = Settings::default();
        settings.model.latent.units = 3;
        settings
    }

    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
    }

    #[test]
    fn the_axes_go_to_the_planned_end_and_to_round_losses() {
        let axes = scale(&Settings::default(), &[0.11, 0.07, 0.06], &Earlier::default());
        assert_eq!(axes.steps, 4_700.0);
        near(axes.loss.least, 0.02);
        near(axes.loss.greatest, 0.12);
        // The reference alone, and nothing at all.
        let axes = scale(&Settings::default(), &[], &Earlier::default());
        assert!(axes.loss.least < 0.0448 && axes.loss.greatest > 0.0448);
        near(scale(&other(), &[], &Earlier::default()).loss.greatest, 0.1);
    }

    #[test]
    fn a_spike_or_a_broken_loss_leaves_the_rest_in_sight() {
        let mut losses = vec![0.05; 200];
        losses[3] = 1e9;
        losses[4] = f32::NAN;
        let axes = scale(&other(), &losses, &Earlier::default());
        assert!(axes.loss.greatest < 0.1, "{axes:?}");
    }

    #[test]
    fn earlier_runs_are_in_sight_unless_they_went_far_off() {
        let mut earlier = Earlier::default();
        earlier.keep(other(), None, &History::restored(0, vec![0.09; 50], vec![]));
        earlier.keep(other(), None, &History::restored(0, vec![1e6; 50], vec![]));
        near(scale(&other(), &[0.05; 50], &earlier).loss.greatest, 0.09);
    }

    #[test]
    fn epochs_are_marked_as_far_as_there_is_room() {
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
