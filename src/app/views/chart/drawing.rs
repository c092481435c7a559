//! The loss chart in pixels, by plotters: axes on one canvas, which change seldom, curves on another above it.

use crate::{
    app::views::canvas::{Surface, Theme},
    display::{
        numbers::{Ticks, grouped},
        scale::Scale,
    },
    training::history::{Column, Validation},
};
use plotters::{
    coord::types::RangedCoordf64,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use plotters_canvas::CanvasBackend;

/// Why a drawing failed: plotters' error, in words.
pub(super) type Failure = Box<dyn std::error::Error>;

type Area = DrawingArea<CanvasBackend, plotters::coord::Shift>;
type LossChart<'a> = ChartContext<'a, CanvasBackend, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Room for the labels to the left of and below the plot, in CSS pixels.
const LABELS: [f64; 2] = [62.0, 42.0];
/// Room above the plot and to its right.
const MARGINS: [f64; 2] = [22.0, 12.0];

fn area(surface: &Surface) -> Option<Area> {
    // plotters counts in screen pixels.
    surface.context.reset_transform().ok()?;
    Some(CanvasBackend::with_canvas_object(surface.canvas.clone())?.into_drawing_area())
}

/// Both canvases have the plot at the same place.
fn chart<'a>(area: &'a Area, density: f64, scale: &Scale) -> Result<LossChart<'a>, Failure> {
    let pixels = |css: f64| (css * density).round() as u32;
    let chart = ChartBuilder::on(area)
        .margin_top(pixels(MARGINS[0]))
        .margin_right(pixels(MARGINS[1]))
        .y_label_area_size(pixels(LABELS[0]))
        .x_label_area_size(pixels(LABELS[1]))
        .build_cartesian_2d(0.0..scale.steps, 0.0..scale.loss)?;
    Ok(chart)
}

/// Width of the plot in CSS pixels.
pub(super) fn plot_width(surface: &Surface) -> f64 {
    (surface.size[0] - LABELS[0] - MARGINS[1]).max(1.0)
}

fn colour(theme: &Theme, name: &str) -> RGBColor {
    let [red, green, blue] = theme.rgb(name);
    RGBColor(red, green, blue)
}

/// Draws axes, grid and the marks of the epochs.
pub(super) fn axes(surface: &Surface, theme: &Theme, scale: &Scale) -> Result<(), Failure> {
    let Some(area) = area(surface) else { return Ok(()) };
    let density = surface.density;
    let mut chart = chart(&area, density, scale)?;
    let font = theme.get("font");
    let soft = colour(theme, "ink-soft");
    let text_style = (font.as_str(), 11.5 * density).into_font().color(&soft);
    let hair = colour(theme, "grid").stroke_width(density.round() as u32);
    let axis = colour(theme, "grid-strong").stroke_width(density.round() as u32);

    // The epochs, above the plot; the word stands where the first epoch begins.
    let lift = |css: f64| -(css * density).round() as i32;
    let write = |text: String, step, shift, side| {
        let style = text_style.clone().pos(Pos::new(side, VPos::Bottom));
        let label = EmptyElement::at((step, scale.loss)) + Text::new(text, (shift, lift(6.0)), style);
        chart.plotting_area().draw(&label)
    };
    write("epoch".into(), 0.0, lift(8.0), HPos::Right)?;
    for mark in scale.epoch_marks(plot_width(surface)) {
        chart.plotting_area().draw(&PathElement::new([(mark.step, 0.0), (mark.step, scale.loss)], hair))?;
        write(mark.label, mark.step, 0, HPos::Center)?;
    }

    let losses = Ticks::between(0.0, scale.loss, 5);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(hair)
        .axis_style(axis)
        .label_style(text_style.clone())
        .axis_desc_style(text_style)
        .set_all_tick_mark_size((4.0 * density) as u32)
        .x_labels((plot_width(surface) / 80.0).clamp(2.0, 8.0) as usize)
        .y_labels(losses.values.len().max(2))
        .x_label_formatter(&|step| grouped(step.round() as u64))
        .y_label_formatter(&|loss| losses.label(*loss))
        .x_desc("training step, a batch each")
        .y_desc("mean squared error")
        .draw()?;
    area.present()?;
    Ok(())
}

/// Draws the losses.
pub(super) fn curves(
    surface: &Surface,
    theme: &Theme,
    scale: &Scale,
    columns: &[Column],
    validation: &[Validation],
) -> Result<(), Failure> {
    let Some(area) = area(surface) else { return Ok(()) };
    let density = surface.density;
    let mut chart = chart(&area, density, scale)?;
    // Losses out of sight are drawn towards where they are, no further than the plot's edge.
    surface.context.save();
    let (left, top) = (LABELS[0] * density, MARGINS[0] * density);
    let (width, height) = (surface.size[0] * density, (surface.size[1] - LABELS[1]) * density - top);
    surface.context.begin_path();
    surface.context.rect(left, top, width, height);
    surface.context.clip();
    let (training, validating) = (colour(theme, "training"), colour(theme, "validation"));
    let points = |value: fn(&Column) -> f32| {
        let columns = columns.iter().filter(|column| column.greatest.is_finite() && column.least.is_finite());
        columns.map(move |column| (column.step as f64, scale.shown(value(column))))
    };

    let upper = points(|column| column.greatest);
    let mut lower: Vec<_> = points(|column| column.least).collect();
    lower.reverse();
    let band: Vec<_> = upper.chain(lower).collect();
    chart.draw_series([Polygon::new(band, training.mix(0.2))])?;
    let line = training.stroke_width((1.75 * density).round() as u32);
    chart.draw_series(LineSeries::new(points(|column| column.mean), line))?;

    let validated = || {
        validation.iter().filter(|at| at.loss.is_finite()).map(|at| (at.steps as f64, scale.shown(at.loss)))
    };
    let [dash, gap] = [5.0, 4.0].map(|css| (css * density) as i32);
    let line = validating.stroke_width((1.5 * density).round() as u32);
    chart.draw_series(DashedLineSeries::new(validated(), dash as u32, gap as u32, line))?;
    let dot = (3.0 * density).round() as i32;
    chart.draw_series(validated().map(|at| Circle::new(at, dot, validating.filled())))?;
    area.present()?;
    surface.context.restore();
    Ok(())
}
