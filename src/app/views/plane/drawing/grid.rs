//! Draws the grid lines and the labels of the axes.

use super::{line, to_pixels, write};
use crate::{
    app::views::{canvas::Surface, screen::Theme},
    display::numbers::{Ticks, unit_name},
};
use latent_core::plane::Projection;
use wasm_bindgen::JsValue;

/// The ticks of an axis, and the grid lines on the surface as `(place, value)`.
fn lines(surface: &Surface, plane: Projection, axis: usize) -> (Ticks, Vec<(f64, f64)>) {
    let [least, greatest] = plane.range.bounds(axis).map(f64::from);
    let count = (surface.size[0] / 45.0) as usize;
    let ticks = Ticks::between(least, greatest, count.clamp(4, 10));
    let place = |value: f64| to_pixels(surface, plane.range.place_of([value as f32; 2]))[axis];
    let places = ticks.values.iter().map(|&value| (place(value).round() + 0.5, value)).collect();
    (ticks, places)
}

/// Draws the grid.
pub(in super::super) fn grid(surface: &Surface, theme: &Theme, plane: Projection) {
    let ([width, height], context) = (surface.size, &surface.context);
    let colours = ["grid", "grid-strong"].map(|name| theme.get(name));
    context.set_line_width(1.0);
    let axes = if plane.axes.up.is_some() { 0..2 } else { 0..1 };
    for axis in axes {
        for (at, value) in lines(surface, plane, axis).1 {
            context.set_stroke_style_str(&colours[usize::from(value == 0.0)]);
            let (from, to) = if axis == 0 { ([at, 0.0], [at, height]) } else { ([0.0, at], [width, at]) };
            line(context, from, to);
        }
    }
}

/// Writes the tick labels along the left and the lower edge, and the names of the axes.
pub(in super::super) fn tick_labels(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
) -> Result<(), JsValue> {
    let ([width, height], context) = (surface.size, &surface.context);
    context.set_fill_style_str(&theme.get("ink-soft"));
    context.set_stroke_style_str(&theme.get("plane"));
    context.set_line_width(3.0);
    context.set_line_join("round");
    context.set_font(&format!("11px {}", theme.get("font")));
    context.set_text_align("center");
    context.set_text_baseline("bottom");
    let (ticks, places) = lines(surface, plane, 0);
    for (x, value) in places.into_iter().filter(|(x, _)| (34.0..width - 34.0).contains(x)) {
        write(context, &ticks.label(value), [x, height - 5.0])?;
    }
    context.set_text_align("left");
    context.set_text_baseline("middle");
    if plane.axes.up.is_some() {
        let (ticks, places) = lines(surface, plane, 1);
        for (y, value) in places.into_iter().filter(|(y, _)| (28.0..height - 24.0).contains(y)) {
            write(context, &ticks.label(value), [6.0, y])?;
        }
    }
    context.set_fill_style_str(&theme.get("ink"));
    context.set_font(&format!("600 13px {}", theme.get("font")));
    if let Some(up) = plane.axes.up {
        write(context, &format!("{} ↑", unit_name(up)), [6.0, 13.0])?;
    }
    context.set_text_align("right");
    write(context, &format!("{} →", unit_name(plane.axes.right)), [width - 7.0, height - 12.0])
}
