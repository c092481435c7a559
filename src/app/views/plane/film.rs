//! Pictures of the plane as it was at earlier moments, drawn as the plane draws.

use super::drawing;
use crate::app::{
    state::State,
    views::{
        canvas::{Surface, offscreen_canvas},
        screen::Theme,
    },
};
use latent_core::plane::{Cloud, Projection};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Pixels along the side of a picture.
pub(in super::super) const SIDE: u16 = 480;

/// A picture of these codes, as RGBA pixels, with a caption.
pub(in super::super) fn picture(
    state: State,
    plane: Projection,
    cloud: &Cloud,
    caption: &str,
) -> Result<Vec<u8>, JsValue> {
    let theme = Theme::now();
    let (below, above) = (surface()?, surface()?);
    let side = f64::from(SIDE);
    below.context.set_fill_style_str(&theme.get("plane"));
    below.context.fill_rect(0.0, 0.0, side, side);
    drawing::grid(&below, &theme, plane);
    let (classes, colours) = (state.classes.get_untracked(), state.colours.get_untracked());
    let isolated = state.isolated.get_untracked();
    drawing::dots(&above, &theme, &colours, plane, cloud, isolated)?;
    drawing::tick_labels(&above, &theme, plane)?;
    drawing::class_names(&above, &theme, &classes, &colours, plane, cloud, isolated)?;
    let context = &above.context;
    context.set_font(&format!("600 14px {}", theme.get("font")));
    context.set_text_align("right");
    context.stroke_text(caption, side - 8.0, 14.0)?;
    context.fill_text(caption, side - 8.0, 14.0)?;
    below.context.draw_image_with_html_canvas_element(&above.canvas, 0.0, 0.0)?;
    Ok(below.context.get_image_data(0.0, 0.0, side, side)?.data().0)
}

fn surface() -> Result<Surface, JsValue> {
    let (canvas, context) = offscreen_canvas(SIDE.into(), SIDE.into())?;
    Ok(Surface { canvas, context, size: [SIDE.into(); 2], density: 1.0 })
}
