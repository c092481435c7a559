//! What every canvas needs: a bitmap at the screen's resolution, the theme's colours, and drawing once a frame.

use crate::app::files;
use leptos::{html, prelude::*};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{Clamped, JsCast, JsValue, closure::Closure};
use web_sys::{Blob, CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData, ResizeObserver};

/// Notifies when the theme or the screen's resolution may have changed, so that every canvas has to be redrawn.
#[derive(Clone, Copy)]
pub(super) struct Screen(RwSignal<()>);

impl Screen {
    /// Observes the screen until the page is closed.
    pub(super) fn observed() -> Self {
        let changed = RwSignal::new(());
        // Zooming the page, or moving the window to another screen, fires `resize` too.
        let _ = window_event_listener(leptos::ev::resize, move |_| changed.set(()));
        if let Ok(Some(dark)) = window().match_media("(prefers-color-scheme: dark)") {
            let listener = Closure::<dyn Fn()>::new(move || changed.set(())).into_js_value();
            dark.set_onchange(listener.dyn_ref());
            // A browser may collect a media query list without references, and its listener with it.
            std::mem::forget(dark);
        }
        Self(changed)
    }

    /// Has every canvas redrawn.
    pub(super) fn redraw_all(&self) {
        self.0.set(());
    }

    /// Makes the calling effect run again at each change.
    pub(super) fn track(&self) {
        self.0.track();
    }
}

/// Draws once in the next frame, however often it is requested, and at the earliest `least_ms` after the last drawing.
#[derive(Clone)]
pub(super) struct Redraw(Rc<Drawing>);

struct Drawing {
    least_ms: f64,
    drawn_ms: Cell<f64>,
    is_due: Cell<bool>,
    draw: Box<dyn Fn()>,
}

impl Redraw {
    pub(super) fn new(least_ms: f64, draw: impl Fn() + 'static) -> Self {
        let (drawn_ms, is_due) = (Cell::new(f64::NEG_INFINITY), Cell::new(false));
        Self(Rc::new(Drawing { least_ms, drawn_ms, is_due, draw: Box::new(draw) }))
    }

    /// Requests a drawing.
    pub(super) fn request(&self) {
        if !self.0.is_due.replace(true) {
            self.clone().in_next_frame();
        }
    }

    /// Requests a drawing now and whenever the element's size changes.
    pub(super) fn follow_size(&self, element: &Element) {
        let redraw = self.clone();
        let listener = Closure::<dyn Fn()>::new(move || redraw.request()).into_js_value();
        if let Ok(observer) = ResizeObserver::new(listener.unchecked_ref()) {
            observer.observe(element);
        }
        self.request();
    }

    fn in_next_frame(self) {
        request_animation_frame(move || {
            let now_ms = window().performance().map_or(0.0, |performance| performance.now());
            if now_ms - self.0.drawn_ms.get() < self.0.least_ms {
                return self.in_next_frame();
            }
            self.0.drawn_ms.set(now_ms);
            self.0.is_due.set(false);
            (self.0.draw)();
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
    pub(super) fn blank(canvas: HtmlCanvasElement) -> Option<Self> {
        let size = [canvas.client_width(), canvas.client_height()].map(f64::from);
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

/// The theme's colours and font: the current custom properties of style/theme.css.
pub(super) struct Theme(Option<web_sys::CssStyleDeclaration>);

impl Theme {
    pub(super) fn now() -> Self {
        let root = document().document_element();
        Self(root.and_then(|root| window().get_computed_style(&root).ok().flatten()))
    }

    /// The value of `--name`.
    pub(super) fn get(&self, name: &str) -> String {
        let value = self.0.as_ref().and_then(|style| style.get_property_value(&format!("--{name}")).ok());
        value.unwrap_or_default().trim().to_owned()
    }

    /// The colour `--name`, written `#rrggbb`, as red, green and blue.
    pub(super) fn rgb(&self, name: &str) -> [u8; 3] {
        let text = self.get(name);
        [1, 3, 5]
            .map(|at| text.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(128))
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
    layers: &[NodeRef<html::Canvas>; LAYERS],
    background: &str,
    name: String,
) -> Result<(), JsValue> {
    let layers: Vec<_> = layers.iter().filter_map(|layer| layer.get_untracked()).collect();
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
