//! Draws the latent plane on three stacked canvases: grid and manifold, dots and labels, the point. The last one changes with
//! every move of the pointer, so it has nothing on it that takes long.

mod codes;
mod distributions;
mod exploration;
mod grid;
mod manifold;
mod path;

pub(super) use codes::{class_names, dots, highlight, point};
pub(super) use distributions::{distribution, prior};
pub(super) use exploration::{contours, dots_by_error, drawn};
pub(super) use grid::{grid, tick_labels};
pub(super) use manifold::Manifold;
pub(super) use path::path;

use crate::app::views::canvas::Surface;
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

/// Scales a place on the unit square to the surface, in CSS pixels.
fn to_pixels(surface: &Surface, [x, y]: [f32; 2]) -> [f64; 2] {
    [f64::from(x) * surface.size[0], f64::from(y) * surface.size[1]]
}

fn line(context: &CanvasRenderingContext2d, from: [f64; 2], to: [f64; 2]) {
    context.begin_path();
    context.move_to(from[0], from[1]);
    context.line_to(to[0], to[1]);
    context.stroke();
}

/// Writes text with an outline, which keeps it readable over anything.
fn write(context: &CanvasRenderingContext2d, text: &str, [x, y]: [f64; 2]) -> Result<(), JsValue> {
    context.stroke_text(text, x, y)?;
    context.fill_text(text, x, y)
}
