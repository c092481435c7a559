//! Draws what the person explores beyond the point: dots by error, contours, and the place of a drawing.

use super::{to_pixels, write};
use crate::{
    app::{
        exploration::Exploration,
        views::{canvas::Surface, screen::Theme},
    },
    display::{
        class_colours::ClassColours,
        error_colours::{STOPS, error_colour},
        scatter::{self, Dots, Sprite},
    },
};
use latent_core::plane::{Cloud, Contour, Projection, errors::scale};
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::ImageData;

/// Half the diagonal of the mark of a drawing, in CSS pixels.
const MARK: f64 = 9.0;
/// Colours between the least and the greatest error.
const SHADES: usize = 32;

/// Draws a dot for each image whose error is known, in the colour of its error, the greatest errors on top. Dots of other classes
/// than the isolated one are left out.
pub(in super::super) fn dots_by_error(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    cloud: &Cloud,
    errors: &[f32],
    isolated: Option<u8>,
) -> Result<(), JsValue> {
    let Some(scale) = scale(errors) else { return Ok(()) };
    let [width, height] = surface.size.map(|side| (side * surface.density).round() as usize);
    let mut dots = Dots::new(width, height);
    let radius = scatter::radius(cloud.len()) * surface.density as f32;
    let stops: [[u8; 3]; STOPS] = std::array::from_fn(|stop| theme.rgb(&format!("error-{stop}")));
    let opacity = scatter::opacity(cloud.len()).max(0.6);
    let middle = (scale[0] + scale[1]) / 2.0;
    let width_of_shade = (scale[1] - scale[0]).max(f32::MIN_POSITIVE) / (SHADES - 1) as f32;
    let sprites: [Sprite; SHADES] = std::array::from_fn(|shade| {
        let error = scale[0] + shade as f32 * width_of_shade;
        Sprite::disc(radius, error_colour(&stops, scale, error), opacity)
    });
    for is_second_round in [false, true] {
        for ((label, code), &error) in cloud.points().zip(errors) {
            let is_shown = isolated.is_none_or(|class| class == label);
            if is_shown && (error > middle) == is_second_round {
                let [x, y] = plane.place_of_code(label, code);
                // Errors beyond the scale have the colours of its ends.
                let shade =
                    ((error - scale[0]) / width_of_shade).round().clamp(0.0, (SHADES - 1) as f32) as usize;
                dots.add([x * width as f32, y * height as f32], &sprites[shade]);
            }
        }
    }
    let pixels = dots.into_pixels();
    let picture = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width as u32, height as u32)?;
    surface.context.put_image_data(&picture, 0.0, 0.0)
}

/// Draws the contours of each class, its denser part tinted.
pub(in super::super) fn contours(
    surface: &Surface,
    theme: &Theme,
    colours: &ClassColours,
    plane: Projection,
    contours: &[Contour],
    isolated: Option<u8>,
) {
    let context = &surface.context;
    for Contour { class, level, lines } in contours {
        if isolated.is_some_and(|isolated| isolated != *class) {
            continue;
        }
        let colour = theme.get(&colours.name(*class));
        context.begin_path();
        for line in lines {
            for (at, point) in line.iter().enumerate() {
                let [x, y] = to_pixels(surface, plane.range.place_of(*point));
                if at == 0 { context.move_to(x, y) } else { context.line_to(x, y) }
            }
            context.close_path();
        }
        context.set_fill_style_str(&colour);
        context.set_stroke_style_str(&colour);
        context.set_global_alpha(0.1);
        context.fill();
        context.set_global_alpha(1.0);
        context.set_line_width(if *level == 0 { 1.25 } else { 2.25 });
        context.stroke();
    }
}

/// Marks where the network puts the drawing.
pub(in super::super) fn drawn(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    exploration: Exploration,
) -> Result<(), JsValue> {
    let place = exploration
        .drawn
        .with_untracked(|drawn| drawn.as_ref().map(|drawn| to_pixels(surface, plane.place(&drawn.code))));
    let Some([x, y]) = place.filter(|place| place.iter().all(|at| at.is_finite())) else { return Ok(()) };
    let context = &surface.context;
    context.begin_path();
    context.move_to(x, y - MARK);
    for [dx, dy] in [[MARK, 0.0], [0.0, MARK], [-MARK, 0.0]] {
        context.line_to(x + dx, y + dy);
    }
    context.close_path();
    context.set_fill_style_str(&theme.get("accent"));
    context.set_stroke_style_str(&theme.get("plane"));
    context.set_line_width(3.0);
    context.stroke();
    context.fill();
    context.set_font(&format!("700 13px {}", theme.get("font")));
    context.set_text_align("center");
    context.set_text_baseline("bottom");
    write(context, "drawing", [x, y - MARK - 2.0])
}
