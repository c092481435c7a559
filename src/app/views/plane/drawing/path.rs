//! Draws the path: its segments and its lettered anchors.

use super::to_pixels;
use crate::app::views::{canvas::Surface, screen::Theme};
use latent_core::plane::{Path, Projection, anchor_letter};
use std::f64::consts::TAU;
use wasm_bindgen::JsValue;

/// The radius of an anchor in CSS pixels.
const ANCHOR: f64 = 10.0;

/// Draws the path with an edge, which keeps it visible over anything.
pub(in super::super) fn path(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    path: &Path,
) -> Result<(), JsValue> {
    let context = &surface.context;
    let [accent, ink, edge] = ["accent", "on-accent", "plane"].map(|name| theme.get(name));
    let places: Vec<_> = path.anchors.iter().map(|anchor| to_pixels(surface, plane.place(anchor))).collect();
    context.begin_path();
    for [x, y] in &places {
        context.line_to(*x, *y);
    }
    if path.is_closed {
        context.close_path();
    }
    context.set_line_join("round");
    for (colour, width) in [(&edge, 5.0), (&accent, 2.5)] {
        context.set_stroke_style_str(colour);
        context.set_line_width(width);
        context.stroke();
    }
    context.set_font(&format!("700 12px {}", theme.get("font")));
    context.set_text_align("center");
    context.set_text_baseline("middle");
    context.set_stroke_style_str(&edge);
    context.set_line_width(3.0);
    for (at, [x, y]) in places.into_iter().enumerate() {
        context.begin_path();
        context.arc(x, y, ANCHOR, 0.0, TAU)?;
        context.set_fill_style_str(&accent);
        context.stroke();
        context.fill();
        context.set_fill_style_str(&ink);
        context.fill_text(&anchor_letter(at).to_string(), x, y + 0.5)?;
    }
    Ok(())
}
