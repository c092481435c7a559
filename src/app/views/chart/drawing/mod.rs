//! Draws the loss chart with plotters: axes on one canvas, which change rarely, and curves on another above it.

mod axes;
mod curves;
mod loss_coordinate;
mod step_axis;

pub(super) use axes::axes;
pub(super) use curves::curves;

use crate::{
    app::views::{canvas::Surface, screen::Theme},
    display::chart::Scale,
};
use loss_coordinate::LossCoordinate;
use plotters::{coord::types::RangedCoordf64, prelude::*};
use plotters_canvas::CanvasBackend;

/// An error of plotters.
pub(super) type Failure = Box<dyn std::error::Error>;

type Area = DrawingArea<CanvasBackend, plotters::coord::Shift>;
type LossChart<'a> = ChartContext<'a, CanvasBackend, Cartesian2d<RangedCoordf64, LossCoordinate>>;

/// The margins around the plot in CSS pixels: top, right, bottom and left. The right one has space for the axis of the
/// divergence where there is one.
pub(super) fn margins(has_divergence: bool) -> [f64; 4] {
    [22.0, if has_divergence { 54.0 } else { 12.0 }, 42.0, 62.0]
}

fn area(surface: &Surface) -> Option<Area> {
    // plotters draws in screen pixels.
    surface.context.reset_transform().ok()?;
    Some(CanvasBackend::with_canvas_object(surface.canvas.clone())?.into_drawing_area())
}

/// The chart, with the plot at the same place on both canvases.
fn chart<'a>(area: &'a Area, density: f64, scale: &Scale) -> Result<LossChart<'a>, Failure> {
    let margins = margins(scale.divergence.is_some());
    let [top, right, bottom, left] = margins.map(|css| (css * density).round() as u32);
    let chart = ChartBuilder::on(area)
        .margin_top(top)
        .margin_right(right)
        .x_label_area_size(bottom)
        .y_label_area_size(left)
        .build_cartesian_2d(0.0..scale.steps, LossCoordinate(scale.loss.clone()))?;
    Ok(chart)
}

/// The width of the plot in CSS pixels.
pub(super) fn plot_width(surface: &Surface, has_divergence: bool) -> f64 {
    plot_size(surface, has_divergence)[0]
}

/// The width and the height of the plot in CSS pixels.
fn plot_size(surface: &Surface, has_divergence: bool) -> [f64; 2] {
    let [top, right, bottom, left] = margins(has_divergence);
    [(surface.size[0] - left - right).max(1.0), (surface.size[1] - top - bottom).max(1.0)]
}

fn colour(theme: &Theme, name: &str) -> RGBColor {
    let [red, green, blue] = theme.rgb(name);
    RGBColor(red, green, blue)
}
