//! The loss axis as plotters wants it.

use crate::display::chart::LossAxis;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// The loss axis, upwards.
#[derive(Clone)]
pub(super) struct Vertical(pub(super) LossAxis);

impl Ranged for Vertical {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, loss: &f64, (bottom, top): (i32, i32)) -> i32 {
        bottom + (f64::from(top - bottom) * self.0.place(*loss)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.0.ticks.iter().map(|&(value, _)| value).collect()
    }

    fn range(&self) -> Range<f64> {
        self.0.least..self.0.greatest
    }
}

impl ValueFormatter<f64> for Vertical {
    fn format_ext(&self, loss: &f64) -> String {
        let tick = self.0.ticks.iter().find(|(value, _)| value == loss);
        tick.map_or_else(String::new, |(_, label)| label.clone())
    }
}
