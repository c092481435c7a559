//! The pad: takes strokes of a mouse, a pen or fingers, and pictures that are dropped on it.

use crate::{
    app::{
        exploration::Exploration,
        importer::Importer,
        state::State,
        supervisor::Supervisor,
        views::{
            canvas::{Layer, Surface, offscreen_canvas, put_pixels},
            frames::Redraw,
            screen::Screen,
        },
    },
    display::rgba::rgba,
};
use latent_core::drawing::{PEN, Stroke};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

/// Points of a stroke that are closer than this, in shares of the pad's side, are one.
const LEAST_MOVE: f32 = 0.004;
/// Points of all strokes at most: some minutes of drawing.
const MOST_POINTS: usize = 20_000;

/// The canvas. A picture that was chosen is shown on it until a stroke takes its place.
#[component]
pub(super) fn Pad() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let importer = expect_context::<Importer>();
    let Exploration { strokes, drawing, ink, .. } = state.exploration;
    let layer = Layer::new();
    let canvas = layer.canvas;
    let redraw = Redraw::new(move || {
        if let Some(surface) = Surface::blank(layer) {
            // It fails only on a page that is being closed.
            let _ = draw(state, &surface);
        }
    });
    let screen = expect_context::<Screen>();
    redraw.follow(move || {
        screen.track();
        strokes.track();
        drawing.track();
        ink.track();
    });
    layer.redraw_when_resized(&redraw);
    // The pointer that draws. Others, such as the palm of a hand, are ignored.
    let pressed = StoredValue::new(None::<i32>);
    let place = move |event: &ev::PointerEvent| {
        let area = canvas.get_untracked()?.get_bounding_client_rect();
        let side = area.width().max(1.0);
        let pixels = [f64::from(event.client_x()) - area.left(), f64::from(event.client_y()) - area.top()];
        Some(pixels.map(|pixels| (pixels / side) as f32))
    };
    let down = move |event: ev::PointerEvent| {
        if event.button() != 0 || pressed.get_value().is_some() {
            return;
        }
        let (Some(canvas), Some(place)) = (canvas.get_untracked(), place(&event)) else { return };
        // Capture fails for a pointer that is already gone. The stroke then ends at the pad's edge.
        let _ = canvas.set_pointer_capture(event.pointer_id());
        pressed.set_value(Some(event.pointer_id()));
        if strokes.with_untracked(Vec::is_empty) && drawing.with_untracked(Option::is_some) {
            supervisor.clear_drawing();
        }
        strokes.update(|strokes| strokes.push(vec![place]));
    };
    let moved = move |event: ev::PointerEvent| {
        let Some(place) = place(&event).filter(|_| pressed.get_value() == Some(event.pointer_id())) else {
            return;
        };
        let is_new = strokes.with_untracked(|strokes| {
            let last = strokes.last().and_then(|stroke| stroke.last()).copied().unwrap_or_default();
            let points: usize = strokes.iter().map(Vec::len).sum();
            (place[0] - last[0]).hypot(place[1] - last[1]) > LEAST_MOVE && points < MOST_POINTS
        });
        if is_new {
            strokes.update(|strokes| {
                strokes.last_mut().into_iter().for_each(|stroke: &mut Stroke| stroke.push(place))
            });
        }
    };
    let up = move |event: ev::PointerEvent| {
        if pressed.get_value() == Some(event.pointer_id()) {
            pressed.set_value(None);
        }
    };
    let dropped = move |event: ev::DragEvent| {
        event.prevent_default();
        // Elsewhere on the page a picture begins an import.
        event.stop_propagation();
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            importer.draw(file);
        }
    };
    view! {
        <canvas
            node_ref=canvas
            class="pad"
            role="img"
            aria-label="Drawing pad. Choose a picture instead if you cannot draw here."
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=up
            on:lostpointercapture=up
            on:dragover=move |event: ev::DragEvent| event.prevent_default()
            on:drop=dropped
        ></canvas>
    }
}

/// Draws the strokes, or the picture that was chosen, on black as the images are.
fn draw(state: State, surface: &Surface) -> Result<(), JsValue> {
    let Exploration { strokes, drawing, ink, .. } = state.exploration;
    let ([width, height], context) = (surface.size, &surface.context);
    context.set_fill_style_str("#000");
    context.fill_rect(0.0, 0.0, width, height);
    if strokes.with_untracked(Vec::is_empty) {
        let shape = state.run_settings.with_untracked(|settings| settings.model.input);
        let pixels = drawing.with_untracked(|image| image.as_ref().and_then(|image| rgba(image, shape)));
        let Some(pixels) = pixels else { return Ok(()) };
        let size = [shape.width as u32, shape.height as u32];
        let (canvas, _) = offscreen_canvas(size[0], size[1])?;
        put_pixels(&canvas, size, &pixels)?;
        context.set_image_smoothing_enabled(false);
        let side = width / f64::from(size[0].max(size[1]));
        let [w, h] = size.map(|pixels| f64::from(pixels) * side);
        let (x, y) = ((width - w) / 2.0, (height - h) / 2.0);
        return context.draw_image_with_html_canvas_element_and_dw_and_dh(&canvas, x, y, w, h);
    }
    let [red, green, blue] = ink.get_untracked();
    context.set_stroke_style_str(&format!("rgb({red} {green} {blue})"));
    context.set_line_width(f64::from(PEN) * 0.75 * width);
    context.set_line_cap("round");
    context.set_line_join("round");
    strokes.with_untracked(|strokes| {
        for stroke in strokes {
            context.begin_path();
            // A line to its own start is a dot.
            for point in stroke.iter().chain(stroke.first().filter(|_| stroke.len() == 1)) {
                context.line_to(f64::from(point[0]) * width, f64::from(point[1]) * width);
            }
            context.stroke();
        }
    });
    Ok(())
}
