//! The loss chart in pixels, by plotters: axes on one canvas, which change seldom, curves on another above it.

mod axes;
mod curves;
mod vertical;

pub(super) use axes::axes;
pub(super) use curves::curves;

use crate::{
    app::views::canvas::{Surface, Theme},
    display::chart::Scale,
};
use plotters::{coord::types::RangedCoordf64, prelude::*};
use plotters_canvas::CanvasBackend;
use vertical::Vertical;

/// Why a drawing failed: plotters' error, in words.
pub(super) type Failure = Box<dyn std::error::Error>;

type Area = DrawingArea<CanvasBackend, plotters::coord::Shift>;
type LossChart<'a> = ChartContext<'a, CanvasBackend, Cartesian2d<RangedCoordf64, Vertical>>;

/// Room around the plot, in CSS pixels: for labels above, to the right, below and to the left of it.
pub(super) const ROOM: [f64; 4] = [22.0, 12.0, 42.0, 62.0];

fn area(surface: &Surface) -> Option<Area> {
    // plotters counts in screen pixels.
    surface.context.reset_transform().ok()?;
    Some(CanvasBackend::with_canvas_object(surface.canvas.clone())?.into_drawing_area())
}

/// Both canvases have the plot at the same place.
fn chart<'a>(area: &'a Area, density: f64, scale: &Scale) -> Result<LossChart<'a>, Failure> {
    let [top, right, bottom, left] = ROOM.map(|css| (css * density).round() as u32);
    let chart = ChartBuilder::on(area)
        .margin_top(top)
        .margin_right(right)
        .x_label_area_size(bottom)
        .y_label_area_size(left)
        .build_cartesian_2d(0.0..scale.steps, Vertical(scale.loss.clone()))?;
    Ok(chart)
}

/// Width of the plot in CSS pixels.
pub(super) fn plot_width(surface: &Surface) -> f64 {
    let [_, right, _, left] = ROOM;
    (surface.size[0] - left - right).max(1.0)
}

fn colour(theme: &Theme, name: &str) -> RGBColor {
    let [red, green, blue] = theme.rgb(name);
    RGBColor(red, green, blue)
}
