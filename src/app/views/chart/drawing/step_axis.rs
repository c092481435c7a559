//! Draws the step axis: its ticks below the plot, and the epoch marks above it.

use super::{
    Failure, LossChart,
    axes::{Pen, TICK},
    colour,
};
use crate::{
    app::views::screen::Theme,
    display::{
        chart::{EpochMark, centre_within},
        numbers::{Ticks, grouped},
    },
};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// CSS pixels from the plot up to the epochs' numbers, which are above the uppermost number of the loss axis.
const EPOCHS_UP: f64 = 9.0;
/// CSS pixels of the axis for each of its labels.
const LABEL: f64 = 80.0;

/// The axis in CSS pixels: the width of the plot, and the margins beside it, into which labels may reach.
pub(super) struct StepAxis {
    /// Steps of the planned run.
    pub(super) steps: f64,
    pub(super) width: f64,
    pub(super) left: f64,
    pub(super) right: f64,
}

impl StepAxis {
    /// Draws the ticks, with their numbers below the plot.
    pub(super) fn ticks(&self, chart: &LossChart, pen: &Pen, theme: &Theme) -> Result<(), Failure> {
        let style = colour(theme, "grid-strong").stroke_width(pen.density.round() as u32);
        let end = pen.pixels(TICK);
        let count = (self.width / LABEL).clamp(2.0, 8.0) as usize;
        for step in Ticks::between(0.0, self.steps, count).values {
            let tick = EmptyElement::at((step, 0.0)) + PathElement::new([(0, 0), (0, end)], style);
            chart.plotting_area().draw(&tick)?;
            self.write(chart, pen, grouped(step.round() as u64), (step, 0.0), 2.0 * TICK, VPos::Top)?;
        }
        Ok(())
    }

    /// Draws the epoch marks, with their numbers above the plot.
    pub(super) fn epochs(
        &self,
        chart: &LossChart,
        pen: &Pen,
        theme: &Theme,
        marks: &[EpochMark],
    ) -> Result<(), Failure> {
        let hair = colour(theme, "grid").stroke_width(pen.density.round() as u32);
        pen.write(
            chart,
            "epoch".into(),
            (0.0, 1.0),
            [-8.0, -EPOCHS_UP],
            Pos::new(HPos::Right, VPos::Bottom),
        )?;
        for EpochMark { step, label } in marks {
            chart.plotting_area().draw(&PathElement::new([(*step, 0.0), (*step, 1.0)], hair))?;
            self.write(chart, pen, label.clone(), (*step, 1.0), -EPOCHS_UP, VPos::Bottom)?;
        }
        Ok(())
    }

    /// Writes a label whose centre is at a step, moved where it would reach beyond the canvas.
    fn write(
        &self,
        chart: &LossChart,
        pen: &Pen,
        label: String,
        place: (f64, f64),
        down: f64,
        side: VPos,
    ) -> Result<(), Failure> {
        let (width, _) = pen.text.font.box_size(&label)?;
        // The size is rounded to whole pixels.
        let width = f64::from(width + 1) / pen.density;
        let centre = place.0 / self.steps * self.width;
        let moved = centre_within(centre, width, [-self.left, self.width + self.right]) - centre;
        pen.write(chart, label, place, [moved, down], Pos::new(HPos::Center, side))
    }
}
