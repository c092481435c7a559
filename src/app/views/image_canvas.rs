//! Shows one image of the data set or of the network.

use super::{frames::Redraw, pace::Pace};
use crate::{app::state::State, display::rgba::rgba};
use latent_core::model::ImageShape;
use leptos::{html, prelude::*};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// An image of the model's shape (`[height, width, channels]`), an empty frame while there is none. `label` describes it for
/// screen readers. An image that changes in frames is drawn `at_once`; the frame of any other is chosen here.
#[component]
pub(super) fn ImageCanvas(
    #[prop(into)] image: Signal<Option<Vec<u8>>>,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] id: &'static str,
    #[prop(optional)] at_once: bool,
) -> impl IntoView {
    let (state, pace) = (expect_context::<State>(), expect_context::<Pace>());
    let canvas = NodeRef::<html::Canvas>::new();
    let is_drawn = StoredValue::new(false);
    let draw = move || {
        let shape = state.run_settings.with_untracked(|settings| settings.model.input);
        if let Some(canvas) = canvas.get_untracked() {
            is_drawn.set_value(true);
            // Drawing fails only on a page that is being closed.
            let _ = image.with_untracked(|image| show(&canvas, image.as_deref(), shape));
        }
    };
    let redraw = Redraw::new(draw);
    Effect::new(move |_| {
        state.run_settings.track();
        image.track();
        canvas.track();
        if at_once || pace.is_answer_due() || !is_drawn.get_value() {
            draw();
        } else {
            redraw.request_soon();
        }
    });
    let id = (!id.is_empty()).then_some(id);
    view! { <canvas class="picture" id=id node_ref=canvas role="img" aria-label=label></canvas> }
}

/// Draws the image. An image of another shape belongs to a model that was replaced, and is not drawn.
fn show(canvas: &HtmlCanvasElement, image: Option<&[u8]>, shape: ImageShape) -> Result<(), JsValue> {
    let (width, height) = (shape.width as u32, shape.height as u32);
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
        canvas.set_attribute("style", &format!("aspect-ratio: {width} / {height}"))?;
    }
    let Some(context) = canvas.get_context("2d")? else { return Ok(()) };
    let context: CanvasRenderingContext2d = context.unchecked_into();
    let Some(pixels) = image.and_then(|image| rgba(image, shape)) else {
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        return canvas.set_attribute("data-empty", "");
    };
    canvas.remove_attribute("data-empty")?;
    let pixels = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width, height)?;
    context.put_image_data(&pixels, 0.0, 0.0)
}
