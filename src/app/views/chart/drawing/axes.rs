//! Axes, grid, the marks of the epochs and the reference.

use super::{Failure, LossChart, area, chart, colour, plot_width};
use crate::{
    app::views::canvas::{Surface, Theme},
    display::{
        chart::{AxisKind, Scale, keras_label},
        numbers::grouped,
    },
};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// What is needed to write on the chart.
struct Pen<'a> {
    text: TextStyle<'a>,
    density: f64,
}

impl Pen<'_> {
    fn pixels(&self, css: f64) -> i32 {
        (css * self.density).round() as i32
    }

    /// Writes a text beside a place on the plot.
    fn write(
        &self,
        chart: &LossChart,
        text: String,
        place: (f64, f64),
        css: [f64; 2],
        at: Pos,
    ) -> Result<(), Failure> {
        let shift = (self.pixels(css[0]), self.pixels(css[1]));
        let label = EmptyElement::at(place) + Text::new(text, shift, self.text.clone().pos(at));
        Ok(chart.plotting_area().draw(&label)?)
    }
}

/// Draws all that changes seldom.
pub(in super::super) fn axes(
    surface: &Surface,
    theme: &Theme,
    scale: &Scale,
    reference: Option<f32>,
) -> Result<(), Failure> {
    let Some(area) = area(surface) else { return Ok(()) };
    let density = surface.density;
    let mut chart = chart(&area, density, scale)?;
    let font = theme.get("font");
    let text = (font.as_str(), 11.5 * density).into_font().color(&colour(theme, "ink-soft"));
    let pen = Pen { text, density };
    let width = plot_width(surface);

    epochs(&chart, &pen, theme, scale, width)?;
    let hair = colour(theme, "grid").stroke_width(density.round() as u32);
    let title = match scale.loss.kind {
        AxisKind::Linear => "mean squared error",
        AxisKind::Logarithmic => "mean squared error, log",
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(hair)
        .axis_style(colour(theme, "grid-strong").stroke_width(density.round() as u32))
        .label_style(pen.text.clone())
        .axis_desc_style(pen.text.clone())
        .set_all_tick_mark_size((4.0 * density) as u32)
        .x_labels((width / 80.0).clamp(2.0, 8.0) as usize)
        .y_labels(scale.loss.ticks.len())
        .x_label_formatter(&|step| grouped(step.round() as u64))
        .x_desc("training step, a batch each")
        .y_desc(title)
        .draw()?;
    if let Some(reference) = reference {
        line(&mut chart, &pen, theme, scale, reference)?;
    }
    area.present()?;
    Ok(())
}

/// The epochs, above the plot; the word stands where the first epoch begins.
fn epochs(chart: &LossChart, pen: &Pen, theme: &Theme, scale: &Scale, width: f64) -> Result<(), Failure> {
    let hair = colour(theme, "grid").stroke_width(pen.density.round() as u32);
    let (least, greatest) = (scale.loss.least, scale.loss.greatest);
    let above = |side| Pos::new(side, VPos::Bottom);
    pen.write(chart, "epoch".into(), (0.0, greatest), [-8.0, -6.0], above(HPos::Right))?;
    for mark in scale.epoch_marks(width) {
        chart.plotting_area().draw(&PathElement::new([(mark.step, least), (mark.step, greatest)], hair))?;
        pen.write(chart, mark.label, (mark.step, greatest), [0.0, -6.0], above(HPos::Center))?;
    }
    Ok(())
}

/// The reference: a dashed line all across, its label below it where the curves come down from above.
fn line(
    chart: &mut LossChart,
    pen: &Pen,
    theme: &Theme,
    scale: &Scale,
    reference: f32,
) -> Result<(), Failure> {
    let loss = f64::from(reference);
    let style = colour(theme, "reference").stroke_width(pen.pixels(1.25) as u32);
    let [dash, gap] = [6.0, 4.0].map(|css| pen.pixels(css));
    let ends = [(0.0, loss), (scale.steps, loss)];
    chart.draw_series(DashedLineSeries::new(ends, dash as u32, gap as u32, style))?;
    pen.write(chart, keras_label(reference), (0.0, loss), [6.0, 5.0], Pos::new(HPos::Left, VPos::Top))
}
