//! The axis of the loss: how far it goes, linear or logarithmic, and which values are marked on it.

use crate::display::numbers::{Ticks, round_up};

/// How losses are laid out along the axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AxisKind {
    /// Equal distances are equal differences.
    #[default]
    Linear,
    /// Equal distances are equal ratios.
    Logarithmic,
}

/// The axis. Both ends are marked, so that it moves in jumps while losses fall.
#[derive(Clone, Debug, PartialEq)]
pub struct LossAxis {
    /// How losses are laid out.
    pub kind: AxisKind,
    /// The least loss in sight.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
    /// The marked losses and their labels, ascending.
    pub ticks: Vec<(f64, String)>,
}

/// About as many ticks as there should be.
const TICKS: usize = 5;
/// More labels than this are too many for a logarithmic axis.
const MOST_TICKS: usize = 7;
/// The least loss of a logarithmic axis, as a share of the greatest: all beyond is noise of 32-bit numbers.
const LEAST_SHARE: f64 = 1e-9;

impl LossAxis {
    /// An axis for losses from `least` to `greatest`, both above 0.
    pub fn of(kind: AxisKind, least: f64, greatest: f64) -> Self {
        match kind {
            AxisKind::Linear => Self::linear(least, greatest),
            AxisKind::Logarithmic => Self::logarithmic(least, greatest),
        }
    }

    fn linear(least: f64, greatest: f64) -> Self {
        // Some room below the curves, where the reference's label stands.
        let least = (least - (0.15 * (greatest - least)).max(0.02 * greatest)).max(0.0);
        let tick = round_up((greatest - least) / TICKS as f64);
        let least = (least / tick).floor() * tick;
        let greatest = (greatest / tick - 1e-6).ceil() * tick;
        let ticks =
            Ticks::between(least, greatest + 1e-6 * tick, ((greatest - least) / tick).round() as usize);
        let ticks = ticks.values.iter().map(|&value| (value, ticks.label(value))).collect();
        Self { kind: AxisKind::Linear, least, greatest, ticks }
    }

    fn logarithmic(least: f64, greatest: f64) -> Self {
        let least = (least * 0.97).max(greatest * LEAST_SHARE);
        let values = marks(&[1, 2, 3, 4, 5, 6, 7, 8, 9], 1, least, greatest);
        let (least, greatest) = (values[0], values[values.len() - 1]);
        let inside = |values: Vec<f64>| -> Vec<f64> {
            let within = least * 0.999..=greatest * 1.001;
            values.into_iter().filter(|value| within.contains(value)).collect()
        };
        // The densest marks that have room.
        let mantissas: [&[u8]; 4] = [&[1, 2, 3, 4, 5, 6, 7, 8, 9], &[1, 2, 3, 5, 7], &[1, 2, 5], &[1]];
        let dense = mantissas.map(|mantissas| (mantissas, 1)).into_iter();
        let sparse = [2, 3, 4, 5].map(|every| (&[1][..], every)).into_iter();
        let ticks = dense
            .chain(sparse)
            .map(|(mantissas, every)| inside(marks(mantissas, every, least, greatest)))
            .find(|values| values.len() <= MOST_TICKS)
            .unwrap_or_default();
        let ticks = ticks.into_iter().map(|value| (value, label(value))).collect();
        Self { kind: AxisKind::Logarithmic, least, greatest, ticks }
    }

    /// Where a loss stands, from 0 at the bottom to 1 at the top. What is out of sight stands beyond, but not so far
    /// that pixels would not fit their numbers.
    pub fn place(&self, loss: f64) -> f64 {
        let share = match self.kind {
            AxisKind::Linear => (loss - self.least) / (self.greatest - self.least),
            AxisKind::Logarithmic => (loss / self.least).ln() / (self.greatest / self.least).ln(),
        };
        // Not a number: the logarithm of a loss below 0, which there is none of.
        if share.is_nan() { -1.0 } else { share.clamp(-10.0, 10.0) }
    }
}

/// Numbers of these first digits in every so many decades, from the last that is no greater than `least` to the first
/// that is no less than `greatest`.
fn marks(mantissas: &[u8], every: i32, least: f64, greatest: f64) -> Vec<f64> {
    let decade = |value: f64| value.log10().floor() as i32;
    let powers = (decade(least) - 1..=decade(greatest) + 1).filter(|power| power % every == 0);
    let all: Vec<_> = powers
        .flat_map(|power| mantissas.iter().map(move |&first| f64::from(first) * 10f64.powi(power)))
        .collect();
    let from = all.iter().rposition(|&value| value <= least * 1.000_001).unwrap_or(0);
    let to = all.iter().position(|&value| value >= greatest * 0.999_999).unwrap_or(all.len() - 1);
    all.into_iter().take(to + 1).skip(from).collect()
}

fn label(value: f64) -> String {
    if !(1e-4..1e5).contains(&value) {
        return format!("{value:.0e}");
    }
    let decimals = (-value.log10().floor()).max(0.0) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(kind: AxisKind, least: f64, greatest: f64) -> Vec<String> {
        LossAxis::of(kind, least, greatest).ticks.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn a_linear_axis_ends_in_labels_and_leaves_room_below() {
        assert_eq!(labels(AxisKind::Linear, 0.0448, 0.075), ["0.04", "0.05", "0.06", "0.07", "0.08"]);
        assert_eq!(labels(AxisKind::Linear, 0.045, 0.23), ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25"]);
        assert_eq!(labels(AxisKind::Linear, 0.05, 0.05).last().unwrap(), "0.0500");
    }

    #[test]
    fn a_logarithmic_axis_has_the_densest_marks_that_have_room() {
        let logarithmic = |least, greatest| labels(AxisKind::Logarithmic, least, greatest);
        assert_eq!(logarithmic(0.0448, 0.075), ["0.04", "0.05", "0.06", "0.07", "0.08"]);
        assert_eq!(logarithmic(0.0448, 0.23), ["0.05", "0.07", "0.1", "0.2", "0.3"]);
        assert_eq!(logarithmic(0.011, 0.9), ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"]);
        assert_eq!(logarithmic(1.1e-6, 90.0), ["1e-6", "0.0001", "0.01", "1"]);
    }

    #[test]
    fn equal_ratios_have_equal_distances_on_a_logarithmic_axis() {
        let axis = LossAxis::of(AxisKind::Logarithmic, 0.011, 0.99);
        assert_eq!((axis.least, axis.greatest), (0.01, 1.0));
        let distance = |from: f64, to: f64| axis.place(to) - axis.place(from);
        assert!((distance(0.02, 0.04) - distance(0.2, 0.4)).abs() < 1e-9);
        assert!((axis.place(0.1) - 0.5).abs() < 1e-9);
        // A loss of nothing lies below the plot, not at infinity.
        assert_eq!([0.0, -1.0].map(|loss| axis.place(loss)), [-10.0, -1.0]);
    }

    #[test]
    fn any_range_has_few_marks_and_finite_ends() {
        for kind in [AxisKind::Linear, AxisKind::Logarithmic] {
            for (least, greatest) in [(1e-30, 1e30), (1e-12, 1e-12), (1e30, 1e30), (0.1, 0.1), (3.0, 3e8)] {
                let axis = LossAxis::of(kind, least, greatest);
                assert!((1..=12).contains(&axis.ticks.len()), "{axis:?}");
                assert!(axis.least < axis.greatest && axis.place(greatest).is_finite(), "{axis:?}");
                assert!(axis.ticks.iter().all(|&(value, _)| (-0.01..=1.01).contains(&axis.place(value))));
            }
        }
    }
}
