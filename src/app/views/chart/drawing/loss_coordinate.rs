//! The loss axis as a coordinate of plotters.

use crate::display::chart::LossAxis;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// The vertical coordinate: a share of the plot's height, as [`LossAxis::place`] computes it.
#[derive(Clone)]
pub(super) struct LossCoordinate(pub(super) LossAxis);

impl Ranged for LossCoordinate {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, up: &f64, (bottom, top): (i32, i32)) -> i32 {
        bottom + (f64::from(top - bottom) * up).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.0.ticks.iter().map(|&(value, _)| self.0.place(value)).collect()
    }

    fn range(&self) -> Range<f64> {
        0.0..1.0
    }
}

impl ValueFormatter<f64> for LossCoordinate {
    fn format_ext(&self, up: &f64) -> String {
        let tick = self.0.ticks.iter().find(|(value, _)| self.0.place(*value) == *up);
        tick.map_or_else(String::new, |(_, label)| label.clone())
    }
}
