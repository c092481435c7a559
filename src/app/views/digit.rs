//! The digit decoded at the point on the plane, and the point in numbers.

use crate::{
    app::state::{Image, State},
    display::numbers::coordinate,
    settings::SIDE,
};
use leptos::{html, prelude::*};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// The panel.
#[component]
pub(super) fn Digit() -> impl IntoView {
    let state = expect_context::<State>();
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            // Only a page that is being torn down has no context to draw on.
            let _ = state.decoded.with(|image| show(&canvas, image.as_ref().unwrap_or(&[0; SIDE * SIDE])));
        }
    });
    let at = move |axis: usize| coordinate(state.point.get()[axis]);
    view! {
        <section class="panel digit" aria-labelledby="digit-title">
            <h2 id="digit-title">"Decoded digit"</h2>
            <div class="digit-body">
                <canvas
                    id="decoded-digit"
                    node_ref=canvas
                    width=SIDE
                    height=SIDE
                    role="img"
                    aria-label=move || format!("The digit decoded at z1 {}, z2 {}", at(0), at(1))
                ></canvas>
                <div>
                    <dl class="coordinates">
                        <div><dt>"z₁"</dt><dd>{move || at(0)}</dd></div>
                        <div><dt>"z₂"</dt><dd>{move || at(1)}</dd></div>
                    </dl>
                    <p class="hint">"Two numbers in, 784 pixels out: what the decoder draws at the point on the plane."</p>
                </div>
            </div>
        </section>
    }
}

/// Shows an image, white on black as MNIST's are.
fn show(canvas: &HtmlCanvasElement, image: &Image) -> Result<(), JsValue> {
    let Some(context) = canvas.get_context("2d")? else { return Ok(()) };
    let pixels: Vec<u8> = image.iter().flat_map(|&shade| [shade, shade, shade, 255]).collect();
    let side = SIDE as u32;
    let pixels = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), side, side)?;
    context.unchecked_into::<CanvasRenderingContext2d>().put_image_data(&pixels, 0.0, 0.0)
}
