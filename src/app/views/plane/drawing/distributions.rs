//! Draws normal distributions: of an image's code, and the prior of a variational model.

use super::{line, to_pixels, write};
use crate::app::views::{canvas::Surface, screen::Theme};
use latent_core::plane::Projection;
use latent_protocol::CodeDistribution;
use std::f64::consts::TAU;
use wasm_bindgen::JsValue;

/// Half the height of the ellipse of two standard deviations on a line, where height means nothing, in CSS pixels.
const ON_A_LINE: f64 = 12.0;

/// Draws the ellipses of one and of two standard deviations around the mean of the code of an image with this label.
pub(in super::super) fn distribution(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    label: u8,
    of: &CodeDistribution,
) -> Result<(), JsValue> {
    let context = &surface.context;
    let [x, y] = to_pixels(surface, plane.place_of_code(label, &of.mean));
    let [width, height] = surface.size;
    let deviation = |unit: usize, side: f64| f64::from(plane.reach(of.deviation(unit))) * side;
    let [across, up] = [
        deviation(plane.axes.right, width),
        plane.axes.up.map_or(ON_A_LINE / 2.0, |up| deviation(up, height)),
    ];
    let [ink, edge] = ["ink", "plane"].map(|name| theme.get(name));
    for deviations in [1.0, 2.0] {
        context.begin_path();
        context.ellipse(x, y, deviations * across, deviations * up, 0.0, 0.0, TAU)?;
        for (colour, width) in [(&edge, 3.5), (&ink, 1.5)] {
            context.set_stroke_style_str(colour);
            context.set_line_width(width);
            context.stroke();
        }
    }
    Ok(())
}

/// Draws circles at one, two and three standard deviations of the standard normal distribution. On a line they are vertical lines
/// at these distances from zero.
pub(in super::super) fn prior(surface: &Surface, theme: &Theme, plane: Projection) -> Result<(), JsValue> {
    let ([width, height], context) = (surface.size, &surface.context);
    let [x, y] = to_pixels(surface, plane.range.place_of([0.0; 2]));
    context.set_stroke_style_str(&theme.get("divergence"));
    context.set_line_width(1.5);
    for deviations in [1.0, 2.0, 3.0] {
        let reach = f64::from(plane.reach(deviations)) * width;
        if plane.axes.up.is_some() {
            context.begin_path();
            context.arc(x, y, reach, 0.0, TAU)?;
            context.stroke();
        } else {
            line(context, [x - reach, 0.0], [x - reach, height]);
            line(context, [x + reach, 0.0], [x + reach, height]);
        }
    }
    context.set_fill_style_str(&theme.get("divergence"));
    context.set_stroke_style_str(&theme.get("plane"));
    context.set_line_width(3.0);
    context.set_line_join("round");
    context.set_font(&format!("11px {}", theme.get("font")));
    context.set_text_align("left");
    context.set_text_baseline("middle");
    for deviations in [1.0, 2.0, 3.0] {
        let reach = f64::from(plane.reach(deviations)) * width;
        write(context, &format!("{deviations}σ"), [x + reach + 3.0, y])?;
    }
    Ok(())
}
