//! An image of 28 × 28 shades.

use latent_core::settings::SIDE;
use leptos::{html, prelude::*};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// An image, black while there is none. `label` says what it shows.
#[component]
pub(super) fn Picture(
    #[prop(into)] image: Signal<Option<Vec<u8>>>,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] id: &'static str,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            // Only a page that is being torn down has no context to draw on.
            let _ = image.with(|image| show(&canvas, image.as_deref().unwrap_or(&[0; SIDE * SIDE])));
        }
    });
    let id = (!id.is_empty()).then_some(id);
    view! {
        <canvas class="picture" id=id node_ref=canvas width=SIDE height=SIDE role="img" aria-label=label></canvas>
    }
}

/// Shows an image, white on black as MNIST's are.
fn show(canvas: &HtmlCanvasElement, image: &[u8]) -> Result<(), JsValue> {
    let Some(context) = canvas.get_context("2d")? else { return Ok(()) };
    let pixels: Vec<u8> = image.iter().flat_map(|&shade| [shade, shade, shade, 255]).collect();
    let side = SIDE as u32;
    let pixels = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), side, side)?;
    context.unchecked_into::<CanvasRenderingContext2d>().put_image_data(&pixels, 0.0, 0.0)
}
