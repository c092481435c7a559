//! What canvases need: a bitmap at the screen's resolution, pixels, and files of what they show.

use super::{frames::Redraw, screen::Theme};
use crate::app::files;
use leptos::{html, prelude::*};
use wasm_bindgen::{Clamped, JsCast, JsValue, closure::Closure};
use web_sys::{
    Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageData, ResizeObserver, ResizeObserverEntry,
};

/// A canvas of a view, and its size.
#[derive(Clone, Copy)]
pub(super) struct Layer {
    /// The element.
    pub(super) canvas: NodeRef<html::Canvas>,
    /// Its width and height in CSS pixels as the browser reported them last. To ask for them would have the browser lay the page
    /// out.
    size: StoredValue<[f64; 2]>,
}

impl Layer {
    pub(super) fn new() -> Self {
        Self { canvas: NodeRef::new(), size: StoredValue::new([0.0; 2]) }
    }

    /// Requests a drawing as soon as the canvas has a size, and whenever that changes.
    pub(super) fn redraw_when_resized(self, redraw: &Redraw) {
        let redraw = redraw.clone();
        let resized = move |entries: js_sys::Array| {
            if let Ok(newest) = entries.get(0).dyn_into::<ResizeObserverEntry>() {
                let content = newest.content_rect();
                self.size.set_value([content.width(), content.height()].map(f64::round));
                redraw.request();
            }
        };
        let listener = Closure::<dyn Fn(js_sys::Array)>::new(resized).into_js_value();
        let observer = ResizeObserver::new(listener.unchecked_ref()).ok();
        Effect::new(move |_| {
            if let (Some(canvas), Some(observer)) = (self.canvas.get(), &observer) {
                observer.observe(&canvas);
            }
        });
    }
}

/// A blank canvas whose bitmap has the screen's resolution.
pub(super) struct Surface {
    /// The canvas.
    pub(super) canvas: HtmlCanvasElement,
    /// Its context. Coordinates are CSS pixels.
    pub(super) context: CanvasRenderingContext2d,
    /// Width and height in CSS pixels.
    pub(super) size: [f64; 2],
    /// Screen pixels per CSS pixel.
    pub(super) density: f64,
}

impl Surface {
    /// Clears the canvas and fits its bitmap to its size; `None` while it has no size.
    pub(super) fn blank(layer: Layer) -> Option<Self> {
        let (canvas, size) = (layer.canvas.get_untracked()?, layer.size.get_value());
        let density = window().device_pixel_ratio();
        let [width, height] = size.map(|side| (side * density).round() as u32);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        if width == 0 || height == 0 {
            return None;
        }
        if canvas.width() != width || canvas.height() != height {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        context.reset_transform().ok()?;
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        context.scale(density, density).ok()?;
        Some(Self { canvas, context, size, density })
    }
}

/// Shows RGBA pixels on a canvas, which becomes as large as they are.
pub(super) fn put_pixels(
    canvas: &HtmlCanvasElement,
    [width, height]: [u32; 2],
    pixels: &[u8],
) -> Result<(), JsValue> {
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or("no 2d context")?.unchecked_into();
    let pixels = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height)?;
    context.put_image_data(&pixels, 0.0, 0.0)
}

/// A canvas outside the document, and its context.
pub(super) fn offscreen_canvas(
    width: u32,
    height: u32,
) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d")?.ok_or("no 2d context")?;
    Ok((canvas, context.unchecked_into()))
}

/// Saves stacked canvases as one PNG file, over the theme's colour `--background`.
pub(super) fn save_png<const LAYERS: usize>(
    layers: &[Layer; LAYERS],
    background: &str,
    name: String,
) -> Result<(), JsValue> {
    let layers: Vec<_> = layers.iter().filter_map(|layer| layer.canvas.get_untracked()).collect();
    let Some(first) = layers.first() else { return Ok(()) };
    let (canvas, context) = offscreen_canvas(first.width(), first.height())?;
    context.set_fill_style_str(&Theme::now().get(background));
    context.fill_rect(0.0, 0.0, f64::from(first.width()), f64::from(first.height()));
    for layer in &layers {
        context.draw_image_with_html_canvas_element(layer, 0.0, 0.0)?;
    }
    let offer = Closure::once_into_js(move |blob: Option<Blob>| {
        let offered = blob.map(|blob| files::offer_blob(&name, &blob));
        if !matches!(offered, Some(Ok(()))) {
            leptos::logging::error!("{name} could not be saved");
        }
    });
    canvas.to_blob(offer.unchecked_ref())
}
