//! Draws what lies at codes: the dots, the names of the classes, and the point.

use super::{line, to_pixels, write};
use crate::{
    app::views::{canvas::Surface, screen::Theme},
    display::{
        class_colours::ClassColours,
        class_labels::{letter_size, placed},
        scatter::{self, Dots, Sprite},
    },
};
use latent_core::plane::{Cloud, Projection};
use std::f64::consts::TAU;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::{CanvasRenderingContext2d, ImageData};

/// The radius of the ring around the point in CSS pixels.
const RING: f64 = 9.0;
/// The factor on the opacity of dots while another class is isolated.
const FADED: f32 = 0.08;

/// Draws a dot for each image, those of classes without a colour below the others. Dots of other classes than the isolated one
/// are faded.
pub(in super::super) fn dots(
    surface: &Surface,
    theme: &Theme,
    colours: &ClassColours,
    plane: Projection,
    cloud: &Cloud,
    isolated: Option<u8>,
) -> Result<(), JsValue> {
    let [width, height] = surface.size.map(|side| (side * surface.density).round() as usize);
    let mut dots = Dots::new(width, height);
    let (radius, opacity) =
        (scatter::radius(cloud.len()) * surface.density as f32, scatter::opacity(cloud.len()));
    // In each colour, and faded.
    let sprites = (0..ClassColours::MOST).map(Some).chain([None]).map(|colour| {
        let colour = theme.rgb(&ClassColours::name_of(colour));
        [opacity, opacity * FADED].map(|opacity| Sprite::disc(radius, colour, opacity))
    });
    let sprites: Vec<_> = sprites.collect();
    // The isolated class is drawn last, above all others; or all that have colours.
    for is_second_round in [false, true] {
        for (label, code) in cloud.points() {
            let is_isolated = isolated.is_none_or(|class| class == label);
            let colour = colours.of(label);
            if (is_isolated && colour.is_some()) == is_second_round {
                let [full, faded] = &sprites[colour.unwrap_or(ClassColours::MOST)];
                let [x, y] = plane.place_of_code(label, code);
                dots.add([x * width as f32, y * height as f32], if is_isolated { full } else { faded });
            }
        }
    }
    let pixels = dots.into_pixels();
    let picture = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width as u32, height as u32)?;
    surface.context.put_image_data(&picture, 0.0, 0.0)
}

/// Writes the name of each class that has a colour where its dots are dense, because not everyone can tell ten colours apart.
pub(in super::super) fn class_names(
    surface: &Surface,
    theme: &Theme,
    classes: &[String],
    colours: &ClassColours,
    plane: Projection,
    cloud: &Cloud,
    isolated: Option<u8>,
) -> Result<(), JsValue> {
    let letter_size = letter_size(classes);
    let context = &surface.context;
    context.set_fill_style_str(&theme.get("ink"));
    context.set_stroke_style_str(&theme.get("plane"));
    context.set_line_width(4.0);
    context.set_line_join("round");
    context.set_font(&format!("700 {letter_size}px {}", theme.get("font")));
    context.set_text_align("center");
    context.set_text_baseline("middle");
    let is_shown =
        |class: u8| colours.of(class).is_some() && isolated.is_none_or(|isolated| isolated == class);
    let names = (0u8..).zip(classes).filter(|(class, _)| is_shown(*class));
    let names: Vec<_> = names.map(|(class, name)| (class, name.as_str())).collect();
    let dots = cloud.points().map(|(label, code)| (label, plane.place_of_code(label, code)));
    let places = placed(&names, dots, letter_size, surface.size);
    names
        .iter()
        .zip(places)
        .try_for_each(|((_, name), place)| place.map_or(Ok(()), |place| write(context, name, place)))
}

/// Draws the point at a code, with a cross hair. On a line the cross hair is vertical only, through all lanes.
pub(in super::super) fn point(
    surface: &Surface,
    theme: &Theme,
    plane: Projection,
    code: &[f32],
) -> Result<(), JsValue> {
    let ([width, height], context) = (surface.size, &surface.context);
    let [x, y] = to_pixels(surface, plane.place(code));
    let [ink, background] = ["ink", "plane"].map(|name| theme.get(name));
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
    ring(context, [x, y], RING, [&ink, &background])
}

/// Draws a ring in the first colour with an edge in the second, visible on any background.
fn ring(
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

/// Draws a ring around the dot of an image: the one under the pointer.
pub(in super::super) fn highlight(
    surface: &Surface,
    theme: &Theme,
    colours: &ClassColours,
    plane: Projection,
    cloud: &Cloud,
    sample: u32,
) -> Result<(), JsValue> {
    let Some((label, code)) = cloud.points().nth(sample as usize) else { return Ok(()) };
    let colours = [theme.get(&colours.name(label)), theme.get("plane")];
    let place = to_pixels(surface, plane.place_of_code(label, code));
    ring(&surface.context, place, 5.0, [&colours[0], &colours[1]])
}
