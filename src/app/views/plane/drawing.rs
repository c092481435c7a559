//! The latent plane in pixels, three canvases one on another: grid, digits, and above them names and the point.

use crate::{
    app::{
        state::Map,
        views::canvas::{Surface, Theme, sheet},
    },
    display::{
        mosaic::mosaic,
        numbers::{Ticks, unit_name},
        scatter::{self, Dots},
    },
};
use latent_core::{
    plane::{Cloud, Grid, Projection},
    settings::SIDE,
};
use std::f64::consts::TAU;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::{CanvasRenderingContext2d, ImageData};

/// Radius of the ring around the point.
const RING: f64 = 9.0;
/// How much of a dot's opacity is left when another kind is isolated.
const FADED: f32 = 0.08;

/// A place on the surface, from one on the unit square.
fn on(surface: &Surface, [x, y]: [f32; 2]) -> [f64; 2] {
    [f64::from(x) * surface.size[0], f64::from(y) * surface.size[1]]
}

fn line(context: &CanvasRenderingContext2d, from: [f64; 2], to: [f64; 2]) {
    context.begin_path();
    context.move_to(from[0], from[1]);
    context.line_to(to[0], to[1]);
    context.stroke();
}

/// The values that have a line, on either axis, and where: `(place, value)`.
fn lines(surface: &Surface, plane: Projection, axis: usize) -> (Ticks, Vec<(f64, f64)>) {
    let [least, greatest] = plane.range.bounds(axis).map(f64::from);
    let count = (surface.size[0] / 45.0) as usize;
    let ticks = Ticks::between(least, greatest, count.clamp(4, 10));
    let place = |value: f64| on(surface, plane.range.place_of([value as f32; 2]))[axis];
    let places = ticks.values.iter().map(|&value| (place(value).round() + 0.5, value)).collect();
    (ticks, places)
}

/// Draws the manifold where its grid lies on the plane as it is seen now.
pub(super) fn manifold(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    Map { grid, images }: &Map,
) -> Result<(), JsValue> {
    if grid.plane().axes != plane.axes {
        return Ok(());
    }
    let opacity = theme.get("manifold").parse().unwrap_or(0.4);
    let pixels = mosaic(images, Grid::SIDE, theme.rgb("ink"), opacity);
    let (width, height) = (Grid::SIDE * SIDE, grid.rows() * SIDE);
    let picture = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width as u32, height as u32)?;
    let sheet = sheet(width as u32, height as u32)?;
    sheet.1.put_image_data(&picture, 0.0, 0.0)?;
    let corner = |corner: [f32; 2]| on(surface, plane.range.place_of(grid.plane().range.code_at(corner)));
    let ([left, top], [right, bottom]) = (corner([0.0, 0.0]), corner([1.0, 1.0]));
    let side = right - left;
    // A line's only row lies in its middle, between the lanes.
    let (top, height) = match grid.rows() {
        1 => ((surface.size[1] - side / Grid::SIDE as f64) / 2.0, side / Grid::SIDE as f64),
        _ => (top, bottom - top),
    };
    surface.context.draw_image_with_html_canvas_element_and_dw_and_dh(&sheet.0, left, top, side, height)
}

/// Draws the grid.
pub(super) fn grid(surface: &Surface, theme: &Theme, plane: Projection) {
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

/// Draws the digits, those of other kinds than the isolated one faintly.
pub(super) fn digits(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    cloud: &Cloud,
    isolated: Option<u8>,
) -> Result<(), JsValue> {
    let [width, height] = surface.size.map(|side| (side * surface.density).round() as usize);
    let radius = scatter::radius(cloud.len()) * surface.density as f32;
    let mut dots = Dots::new(width, height, radius);
    let colours: Vec<_> = (0..10).map(|digit| theme.rgb(&format!("digit-{digit}"))).collect();
    let opacity = scatter::opacity(cloud.len());
    // The isolated kind comes last: nothing lies over it.
    for is_second_round in [false, true] {
        for (label, code) in cloud.digits() {
            let is_isolated = isolated.is_none_or(|kind| kind == label);
            let Some(&colour) = colours.get(usize::from(label)) else { continue };
            if is_isolated == is_second_round {
                let [x, y] = plane.place_of_digit(label, code);
                let opacity = if is_isolated { opacity } else { opacity * FADED };
                dots.add([x * width as f32, y * height as f32], colour, opacity);
            }
        }
    }
    let pixels = dots.into_pixels();
    let picture = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width as u32, height as u32)?;
    surface.context.put_image_data(&picture, 0.0, 0.0)
}

/// Writes text that can be read above anything.
fn write(context: &CanvasRenderingContext2d, text: &str, [x, y]: [f64; 2]) -> Result<(), JsValue> {
    context.stroke_text(text, x, y)?;
    context.fill_text(text, x, y)
}

/// Writes the values along the left and the lower edge, and the axes' names.
pub(super) fn labels(surface: &Surface, theme: &Theme, plane: Projection) -> Result<(), JsValue> {
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

/// Each kind's digit at its mean code: colours alone don't tell ten kinds apart for everybody.
pub(super) fn names(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    cloud: &Cloud,
    isolated: Option<u8>,
) -> Result<(), JsValue> {
    let context = &surface.context;
    context.set_fill_style_str(&theme.get("ink"));
    context.set_stroke_style_str(&theme.get("plane"));
    context.set_line_width(4.0);
    context.set_line_join("round");
    context.set_font(&format!("700 16px {}", theme.get("font")));
    context.set_text_align("center");
    context.set_text_baseline("middle");
    for digit in (0..10).filter(|&digit| isolated.is_none_or(|kind| kind == digit)) {
        if let Some(code) = cloud.mean(digit) {
            write(context, &digit.to_string(), on(surface, plane.place_of_digit(digit, &code)))?;
        }
    }
    Ok(())
}

/// Draws the point at a code; on a line, it stands upright through all lanes.
pub(super) fn point(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    code: &[f32],
) -> Result<(), JsValue> {
    let ([width, height], context) = (surface.size, &surface.context);
    let [x, y] = on(surface, plane.place(code));
    let [ink, paper] = ["ink", "plane"].map(|name| theme.get(name));
    context.set_line_width(1.0);
    context.set_global_alpha(0.4);
    context.set_stroke_style_str(&ink);
    if plane.axes.up.is_some() {
        line(context, [0.0, y], [x - RING, y]);
        line(context, [x + RING, y], [width, y]);
    }
    line(context, [x, 0.0], [x, y - RING]);
    line(context, [x, y + RING], [x, height]);
    context.set_global_alpha(1.0);
    ring(context, [x, y], RING, [&ink, &paper])
}

/// A ring that stands out on anything: a line of the first colour within a wider one of the second.
pub(super) fn ring(
    context: &CanvasRenderingContext2d,
    [x, y]: [f64; 2],
    radius: f64,
    [line, edge]: [&str; 2],
) -> Result<(), JsValue> {
    for (colour, width) in [(edge, 5.0), (line, 2.5)] {
        context.set_stroke_style_str(colour);
        context.set_line_width(width);
        context.begin_path();
        context.arc(x, y, radius, 0.0, TAU)?;
        context.stroke();
    }
    Ok(())
}

/// Marks a digit: the one under the pointer.
pub(super) fn mark(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    cloud: &Cloud,
    digit: u32,
) -> Result<(), JsValue> {
    let Some((label, code)) = cloud.digits().nth(digit as usize) else { return Ok(()) };
    let colours = [theme.get(&format!("digit-{label}")), theme.get("plane")];
    let place = on(surface, plane.place_of_digit(label, code));
    ring(&surface.context, place, 5.0, [&colours[0], &colours[1]])
}
