//! The latent plane in pixels: grid, cloud and names of the kinds below, the point above.

use crate::{
    app::views::canvas::{Surface, Theme},
    display::{hand::mean_code, numbers::Ticks},
    plane::{Cloud, Range},
};
use std::f64::consts::TAU;
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

/// Radius of a plotted digit in CSS pixels.
const DOT: f64 = 1.8;
/// Radius of the ring around the point.
const RING: f64 = 9.0;

/// A place on the surface.
fn place(surface: &Surface, range: Range, code: [f32; 2]) -> [f64; 2] {
    let [x, y] = range.place_of(code).map(f64::from);
    [x * surface.size[0], y * surface.size[1]]
}

/// Draws everything but the point.
pub(super) fn cloud(surface: &Surface, theme: &Theme, range: Range, cloud: &Cloud) -> Result<(), JsValue> {
    let context = &surface.context;
    grid(surface, theme, range);
    let colours: Vec<_> = (0..10).map(|digit| theme.get(&format!("digit-{digit}"))).collect();
    context.set_global_alpha(0.72);
    let mut painted = None;
    for (&label, code) in cloud.labels.iter().zip(cloud.codes.chunks_exact(2)) {
        let [x, y] = place(surface, range, [code[0], code[1]]);
        let Some(colour) = colours.get(usize::from(label)) else { continue };
        if !(x.is_finite() && y.is_finite()) {
            continue;
        }
        if painted != Some(label) {
            context.set_fill_style_str(colour);
            painted = Some(label);
        }
        context.begin_path();
        context.arc(x, y, DOT, 0.0, TAU)?;
        context.fill();
    }
    context.set_global_alpha(1.0);
    labels(surface, theme, range)?;
    names(surface, theme, range, cloud)
}

fn line(context: &CanvasRenderingContext2d, from: [f64; 2], to: [f64; 2]) {
    context.begin_path();
    context.move_to(from[0], from[1]);
    context.line_to(to[0], to[1]);
    context.stroke();
}

/// The values that have a line, on either axis, and where: `(place, value)`.
fn lines(surface: &Surface, range: Range, axis: usize) -> (Ticks, Vec<(f64, f64)>) {
    let [least, greatest] = range.bounds(axis).map(f64::from);
    let count = (surface.size[0] / 45.0) as usize;
    let ticks = Ticks::between(least, greatest, count.clamp(4, 10));
    let at = |&value: &f64| (place(surface, range, [value as f32; 2])[axis].round() + 0.5, value);
    let places = ticks.values.iter().map(at).collect();
    (ticks, places)
}

fn grid(surface: &Surface, theme: &Theme, range: Range) {
    let ([width, height], context) = (surface.size, &surface.context);
    let colours = ["grid", "grid-strong"].map(|name| theme.get(name));
    context.set_line_width(1.0);
    for axis in [0, 1] {
        for (at, value) in lines(surface, range, axis).1 {
            context.set_stroke_style_str(&colours[usize::from(value == 0.0)]);
            let (from, to) = if axis == 0 { ([at, 0.0], [at, height]) } else { ([0.0, at], [width, at]) };
            line(context, from, to);
        }
    }
}

/// Writes text that can be read above anything.
fn write(context: &CanvasRenderingContext2d, text: &str, [x, y]: [f64; 2]) -> Result<(), JsValue> {
    context.stroke_text(text, x, y)?;
    context.fill_text(text, x, y)
}

/// The values along the left and the lower edge, and the axes' names.
fn labels(surface: &Surface, theme: &Theme, range: Range) -> Result<(), JsValue> {
    let ([width, height], context) = (surface.size, &surface.context);
    context.set_fill_style_str(&theme.get("ink-soft"));
    context.set_stroke_style_str(&theme.get("plane"));
    context.set_line_width(3.0);
    context.set_line_join("round");
    context.set_font(&format!("11px {}", theme.get("font")));
    context.set_text_align("center");
    context.set_text_baseline("bottom");
    let (ticks, places) = lines(surface, range, 0);
    for (x, value) in places.into_iter().filter(|(x, _)| (34.0..width - 34.0).contains(x)) {
        write(context, &ticks.label(value), [x, height - 5.0])?;
    }
    context.set_text_align("left");
    context.set_text_baseline("middle");
    let (ticks, places) = lines(surface, range, 1);
    for (y, value) in places.into_iter().filter(|(y, _)| (28.0..height - 24.0).contains(y)) {
        write(context, &ticks.label(value), [6.0, y])?;
    }
    context.set_fill_style_str(&theme.get("ink"));
    context.set_font(&format!("600 13px {}", theme.get("font")));
    write(context, "z₂ ↑", [6.0, 13.0])?;
    context.set_text_align("right");
    write(context, "z₁ →", [width - 7.0, height - 12.0])
}

/// Each kind's digit at its mean code: colours alone don't tell ten kinds apart for everybody.
fn names(surface: &Surface, theme: &Theme, range: Range, cloud: &Cloud) -> Result<(), JsValue> {
    let context = &surface.context;
    context.set_fill_style_str(&theme.get("ink"));
    context.set_stroke_style_str(&theme.get("plane"));
    context.set_line_width(4.0);
    context.set_font(&format!("700 16px {}", theme.get("font")));
    context.set_text_align("center");
    context.set_text_baseline("middle");
    for digit in 0..10 {
        if let Some(code) = mean_code(cloud, digit) {
            write(context, &digit.to_string(), place(surface, range, code))?;
        }
    }
    Ok(())
}

/// Draws the point.
pub(super) fn point(surface: &Surface, theme: &Theme, range: Range, point: [f32; 2]) -> Result<(), JsValue> {
    let ([width, height], context) = (surface.size, &surface.context);
    let [x, y] = place(surface, range, point);
    let [ink, paper] = ["ink", "plane"].map(|name| theme.get(name));
    context.set_line_width(1.0);
    context.set_global_alpha(0.4);
    context.set_stroke_style_str(&ink);
    for (from, to) in [([0.0, y], [x - RING, y]), ([x + RING, y], [width, y])] {
        line(context, from, to);
    }
    for (from, to) in [([x, 0.0], [x, y - RING]), ([x, y + RING], [x, height])] {
        line(context, from, to);
    }
    context.set_global_alpha(1.0);
    for (colour, width) in [(&paper, 5.0), (&ink, 2.5)] {
        context.set_stroke_style_str(colour);
        context.set_line_width(width);
        context.begin_path();
        context.arc(x, y, RING, 0.0, TAU)?;
        context.stroke();
    }
    Ok(())
}
