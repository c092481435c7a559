//! Draws axes, grid and the reference line.

use super::{Failure, LossChart, area, chart, colour, margins, plot_size, step_axis::StepAxis};
use crate::{
    app::views::{canvas::Surface, screen::Theme},
    display::chart::{KerasReference, LossAxis, Scale, axis_title},
};
use latent_core::model::ModelSpec;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// CSS pixels by which a tick reaches beyond the plot.
pub(super) const TICK: f64 = 4.0;

/// The text style and the screen's density.
pub(super) struct Pen<'a> {
    pub(super) text: TextStyle<'a>,
    pub(super) density: f64,
}

impl Pen<'_> {
    pub(super) fn pixels(&self, css: f64) -> i32 {
        (css * self.density).round() as i32
    }

    /// Writes a text at a place on the plot, shifted by `css` pixels.
    pub(super) fn write(
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

/// Draws the axes, the epoch marks and the reference.
pub(in super::super) fn axes(
    surface: &Surface,
    theme: &Theme,
    scale: &Scale,
    model: &ModelSpec,
    reference: Option<KerasReference>,
) -> Result<(), Failure> {
    let Some(area) = area(surface) else { return Ok(()) };
    let density = surface.density;
    let mut chart = chart(&area, density, scale)?;
    let font = theme.get("font");
    let text = (font.as_str(), 11.5 * density).into_font().color(&colour(theme, "ink-soft"));
    let pen = Pen { text, density };
    let [width, height] = plot_size(surface, scale.divergence.is_some());

    let [_, right, _, left] = margins(scale.divergence.is_some());
    let step_axis = StepAxis { steps: scale.steps, width, left, right };
    step_axis.epochs(&chart, &pen, theme, &scale.epoch_marks(width))?;
    let hair = colour(theme, "grid").stroke_width(density.round() as u32);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(hair)
        .axis_style(colour(theme, "grid-strong").stroke_width(density.round() as u32))
        .label_style(pen.text.clone())
        .axis_desc_style(pen.text.clone())
        .set_all_tick_mark_size((TICK * density) as u32)
        .x_labels(0)
        .y_labels(scale.loss.ticks.len())
        .x_desc("training step (one batch)")
        .y_desc(axis_title(model, scale.loss.kind, height))
        .draw()?;
    step_axis.ticks(&chart, &pen, theme)?;
    if let Some(axis) = &scale.divergence {
        divergence(&chart, &pen, theme, [scale.steps, width], axis)?;
    }
    if let Some(reference) = reference {
        line(&mut chart, &pen, theme, scale, reference)?;
    }
    area.present()?;
    Ok(())
}

/// Draws the axis of the divergence at the right of the plot, which is so many steps and CSS pixels wide, in the colour of its
/// curve.
fn divergence(
    chart: &LossChart,
    pen: &Pen,
    theme: &Theme,
    [steps, width]: [f64; 2],
    axis: &LossAxis,
) -> Result<(), Failure> {
    let ink = colour(theme, "divergence");
    let style = ink.stroke_width(pen.pixels(1.0) as u32);
    let area = chart.plotting_area();
    area.draw(&PathElement::new([(steps, 0.0), (steps, 1.0)], style))?;
    let text = pen.text.clone().color(&ink);
    let pen = Pen { text, density: pen.density };
    let tick = steps * (1.0 + TICK / width);
    for (value, label) in &axis.ticks {
        let up = axis.place(*value);
        area.draw(&PathElement::new([(steps, up), (tick, up)], style))?;
        pen.write(chart, label.clone(), (steps, up), [7.0, 0.0], Pos::new(HPos::Left, VPos::Center))?;
    }
    let text = pen.text.clone().transform(FontTransform::Rotate90);
    let title = Pen { text, density: pen.density };
    title.write(chart, "divergence".into(), (steps, 0.5), [50.0, 0.0], Pos::new(HPos::Center, VPos::Top))
}

/// Draws the reference as a dashed line. The curves' canvas has its label.
fn line(
    chart: &mut LossChart,
    pen: &Pen,
    theme: &Theme,
    scale: &Scale,
    reference: KerasReference,
) -> Result<(), Failure> {
    let up = scale.loss.place(f64::from(reference.loss));
    let style = colour(theme, "reference").stroke_width(pen.pixels(1.5) as u32);
    let [dash, gap] = [6.0, 4.0].map(|css| pen.pixels(css));
    let ends = [(0.0, up), (scale.steps, up)];
    chart.draw_series(DashedLineSeries::new(ends, dash as u32, gap as u32, style))?;
    Ok(())
}
