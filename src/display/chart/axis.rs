//! The loss axis: its bounds, linear or logarithmic, and its ticks.

use crate::display::numbers::{Ticks, round_up};

/// The scale of the axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AxisKind {
    /// Equal distances stand for equal differences.
    #[default]
    Linear,
    /// Equal distances stand for equal ratios.
    Logarithmic,
}

/// The axis. Its ends lie on ticks where ticks are dense enough, so that it changes rarely while losses fall.
#[derive(Clone, Debug, PartialEq)]
pub struct LossAxis {
    /// Its scale.
    pub kind: AxisKind,
    /// The loss at the bottom.
    pub least: f64,
    /// The loss at the top.
    pub greatest: f64,
    /// Losses that have a tick, with their labels, ascending.
    pub ticks: Vec<(f64, String)>,
}

/// The share of the axis that stays free below the curves, for the label of the reference.
const MARGIN_BELOW: f64 = 0.13;
/// About how many ticks a linear axis has.
const TICKS: usize = 5;
/// Ticks of a logarithmic axis, at most.
const MOST_TICKS: usize = 7;
/// The smallest loss of a logarithmic axis as a share of the greatest: smaller ones are rounding noise of `f32`.
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
        let least = (least - (MARGIN_BELOW * (greatest - least)).max(0.02 * greatest)).max(0.0);
        let tick = round_up((greatest - least) / TICKS as f64);
        let least = (least / tick).floor() * tick;
        let greatest = (greatest / tick - 1e-6).ceil() * tick;
        let ticks =
            Ticks::between(least, greatest + 1e-6 * tick, ((greatest - least) / tick).round() as usize);
        let ticks = ticks.values.iter().map(|&value| (value, ticks.label(value))).collect();
        Self { kind: AxisKind::Linear, least, greatest, ticks }
    }

    fn logarithmic(least: f64, greatest: f64) -> Self {
        const ALL: &[u8] = &[1, 2, 3, 4, 5, 6, 7, 8, 9];
        let up = ticks_between(ALL, 1, greatest, greatest);
        let greatest = up[up.len() - 1];
        let margin = (least / greatest).powf(MARGIN_BELOW).min(0.97);
        let least = ticks_between(ALL, 1, (least * margin).max(greatest * LEAST_SHARE), greatest)[0];
        let inside = |values: Vec<f64>| -> Vec<f64> {
            let within = least * 0.999..=greatest * 1.001;
            values.into_iter().filter(|value| within.contains(value)).collect()
        };
        // The densest ticks that are not too many.
        let mantissas: [&[u8]; 4] = [ALL, &[1, 2, 3, 5, 7], &[1, 2, 5], &[1]];
        let dense = mantissas.map(|mantissas| (mantissas, 1)).into_iter();
        let sparse = [2, 3, 4, 5].map(|every| (&[1][..], every)).into_iter();
        let ticks = dense
            .chain(sparse)
            .map(|(mantissas, every)| inside(ticks_between(mantissas, every, least, greatest)))
            .find(|values| values.len() <= MOST_TICKS)
            .unwrap_or_default();
        let ticks = ticks.into_iter().map(|value| (value, label(value))).collect();
        Self { kind: AxisKind::Logarithmic, least, greatest, ticks }
    }

    /// The place of a loss on the axis: 0 is the bottom, 1 the top. Losses beyond the axis lie outside, at most at
    /// ±10, so that pixel coordinates do not overflow.
    pub fn place(&self, loss: f64) -> f64 {
        let share = match self.kind {
            AxisKind::Linear => (loss - self.least) / (self.greatest - self.least),
            AxisKind::Logarithmic => (loss / self.least).ln() / (self.greatest / self.least).ln(),
        };
        // NaN is the logarithm of a negative loss, and no loss is negative.
        if share.is_nan() { -1.0 } else { share.clamp(-10.0, 10.0) }
    }
}

/// Numbers with these leading digits in every so many decades, from the last that is at most `least` to the first that
/// is at least `greatest`.
fn ticks_between(mantissas: &[u8], every: i32, least: f64, greatest: f64) -> Vec<f64> {
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
    fn a_linear_axis_ends_in_labels_and_leaves_a_margin_below() {
        assert_eq!(labels(AxisKind::Linear, 0.0448, 0.075), ["0.04", "0.05", "0.06", "0.07", "0.08"]);
        assert_eq!(labels(AxisKind::Linear, 0.045, 0.23), ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25"]);
        assert_eq!(labels(AxisKind::Linear, 0.05, 0.05).last().unwrap(), "0.0500");
    }

    #[test]
    fn a_logarithmic_axis_has_the_densest_ticks_that_are_not_too_many() {
        let logarithmic = |least, greatest| labels(AxisKind::Logarithmic, least, greatest);
        assert_eq!(logarithmic(0.0448, 0.075), ["0.04", "0.05", "0.06", "0.07", "0.08"]);
        assert_eq!(logarithmic(0.0448, 0.23), ["0.03", "0.05", "0.07", "0.1", "0.2", "0.3"]);
        assert_eq!(logarithmic(0.011, 0.9), ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"]);
        assert_eq!(logarithmic(1.1e-6, 90.0), ["1e-6", "0.0001", "0.01", "1"]);
    }

    #[test]
    fn the_label_of_the_reference_fits() {
        for kind in [AxisKind::Linear, AxisKind::Logarithmic] {
            for greatest in [0.0451, 0.05, 0.061, 0.075, 0.101, 0.21, 0.3] {
                let place = LossAxis::of(kind, 0.0448, greatest).place(0.0448);
                assert!(place >= 0.08, "{kind:?} to {greatest}: {place}");
            }
        }
    }

    #[test]
    fn equal_ratios_have_equal_distances_on_a_logarithmic_axis() {
        let axis = LossAxis::of(AxisKind::Logarithmic, 0.011, 0.99);
        assert_eq!(axis.greatest, 1.0);
        let distance = |from: f64, to: f64| axis.place(to) - axis.place(from);
        assert!((distance(0.02, 0.04) - distance(0.2, 0.4)).abs() < 1e-9);
        assert_eq!([axis.least, axis.greatest].map(|loss| axis.place(loss)), [0.0, 1.0]);
        // A loss of 0 is placed below the plot, at a finite distance.
        assert_eq!([0.0, -1.0].map(|loss| axis.place(loss)), [-10.0, -1.0]);
    }

    #[test]
    fn any_range_has_few_ticks_and_finite_ends() {
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
