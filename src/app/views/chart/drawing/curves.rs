//! The losses.

use super::{Failure, LossChart, ROOM, area, chart, colour};
use crate::{
    app::views::canvas::{Surface, Theme},
    display::chart::{Curves, Earlier, EarlierRun, Point, Scale, apart},
};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// Validation points are drawn as dots where they are no nearer to each other, in CSS pixels.
const DOT_DISTANCE: f64 = 7.0;

/// Draws the losses, the earlier runs' beneath.
pub(in super::super) fn curves(
    surface: &Surface,
    theme: &Theme,
    scale: &Scale,
    curves: &Curves,
) -> Result<(), Failure> {
    let Some(area) = area(surface) else { return Ok(()) };
    let mut chart = chart(&area, surface.density, scale)?;
    surface.context.save();
    clip(surface);
    earlier(&mut chart, surface, theme, curves.earlier)?;
    training(&mut chart, surface.density, theme, curves)?;
    validation(&mut chart, surface, theme, scale, curves)?;
    area.present()?;
    surface.context.restore();
    Ok(())
}

/// Losses out of sight are drawn towards where they are, no further than the plot's edge.
fn clip(surface: &Surface) {
    let [top, right, bottom, left] = ROOM;
    let [width, height] = [surface.size[0] - left - right, surface.size[1] - top - bottom];
    let [x, y, width, height] = [left, top, width, height].map(|css| css * surface.density);
    surface.context.begin_path();
    surface.context.rect(x, y, width, height);
    surface.context.clip();
}

fn place(point: &Point) -> (f64, f64) {
    (point.step as f64, f64::from(point.loss))
}

fn finite(points: &[Point]) -> impl Iterator<Item = (f64, f64)> {
    points.iter().filter(|point| point.loss.is_finite()).map(place)
}

/// Each loss as it was, faint: from the least to the greatest of a column, and on to the next. Above it the smoothed
/// loss.
fn training(chart: &mut LossChart, density: f64, theme: &Theme, curves: &Curves) -> Result<(), Failure> {
    let known =
        curves.columns.iter().filter(|column| column.least.is_finite() && column.greatest.is_finite());
    let raw = known.flat_map(|column| {
        let (from, to) = (column.step as f64, column.last as f64);
        [(from, f64::from(column.greatest)), (to, f64::from(column.least))]
    });
    let faint = colour(theme, "training").mix(0.35).stroke_width(density.round() as u32);
    chart.draw_series(LineSeries::new(raw, faint))?;
    let line = colour(theme, "training").stroke_width((2.0 * density).round() as u32);
    chart.draw_series(LineSeries::new(finite(&curves.smoothed), line))?;
    Ok(())
}

/// Validation losses: a line with points, on a border of the panel's colour that keeps it apart from what it crosses.
fn validation(
    chart: &mut LossChart,
    surface: &Surface,
    theme: &Theme,
    scale: &Scale,
    curves: &Curves,
) -> Result<(), Failure> {
    let pixels = |css: f64| (css * surface.density).round() as i32;
    let taken: Vec<_> = curves.validation.iter().filter(|taken| taken.loss.is_finite()).collect();
    let points = || taken.iter().map(|taken| (taken.steps as f64, f64::from(taken.loss)));
    let (panel, ink) = (colour(theme, "panel"), colour(theme, "validation"));
    chart.draw_series(LineSeries::new(points(), panel.stroke_width(pixels(4.0) as u32)))?;
    chart.draw_series(LineSeries::new(points(), ink.stroke_width(pixels(1.75) as u32)))?;
    let distance = super::plot_width(surface) * curves.distance_of_validations() / scale.steps;
    if distance >= DOT_DISTANCE {
        chart.draw_series(points().map(|at| Circle::new(at, pixels(4.25), panel.filled())))?;
        chart.draw_series(points().map(|at| Circle::new(at, pixels(3.0), ink.filled())))?;
    }
    Ok(())
}

/// Earlier runs: dimmed, each with its number at its end.
fn earlier(
    chart: &mut LossChart,
    surface: &Surface,
    theme: &Theme,
    earlier: &Earlier,
) -> Result<(), Failure> {
    let pixels = |css: f64| (css * surface.density).round() as i32;
    let dim = colour(theme, "earlier");
    for run in earlier.runs() {
        let line = dim.stroke_width(pixels(1.25) as u32);
        chart.draw_series(LineSeries::new(finite(&run.curve), line))?;
        chart.draw_series(finite(&run.validated).map(|at| Circle::new(at, pixels(2.0), dim.filled())))?;
    }
    let font = theme.get("font");
    let text = (font.as_str(), 11.0 * surface.density).into_font().color(&colour(theme, "ink-soft"));
    let text = text.pos(Pos::new(HPos::Right, VPos::Bottom));
    let ends: Vec<_> = earlier.runs().iter().filter_map(|run| Some((run.number, end(chart, run)?))).collect();
    let places = ends.iter().map(|&(_, (x, y))| [x, y].map(|pixel| f64::from(pixel) / surface.density));
    for ((number, _), place) in ends.iter().zip(apart(places.collect())) {
        let [x, y] = place.map(pixels);
        chart.plotting_area().strip_coord_spec().draw(&Text::new(
            number.to_string(),
            (x - pixels(2.0), y - pixels(3.0)),
            text.clone(),
        ))?;
    }
    Ok(())
}

/// Where an earlier run's curve leaves the plot, from the plot's top left corner.
fn end(chart: &LossChart, run: &EarlierRun) -> Option<(i32, i32)> {
    let last = run.curve.iter().rev().find(|point| point.loss.is_finite())?;
    let area = chart.plotting_area();
    let (x, y) = area.map_coordinate(&place(last));
    let (corner, (width, height)) = (area.get_base_pixel(), area.dim_in_pixel());
    Some(((x - corner.0).clamp(0, width as i32), (y - corner.1).clamp(0, height as i32)))
}
