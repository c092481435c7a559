//! The latent plane: drag, or use the keys, to move the point whose digit is decoded.

mod axes;
mod drawing;
mod legend;

use super::{
    canvas::{Redraw, Screen, Surface, Theme, picture_of},
    digit::ThereAndBack,
};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        hand,
        numbers::{coordinate, unit_name},
    },
};
use leptos::{ev, html, prelude::*};

/// How near to a digit the pointer counts as over it, in CSS pixels.
const REACH: f64 = 10.0;

/// From below: grid, digits, names and the point.
type Layers = [NodeRef<html::Canvas>; 3];

/// The panel: the plane and the legend of its colours.
#[component]
pub(super) fn Plane() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_empty = Memo::new(move |_| state.cloud.with(|cloud| cloud.is_empty()));
    let layers = [NodeRef::new(), NodeRef::new(), NodeRef::new()];
    let save = move |_| {
        if picture_of(&layers, "plane", supervisor.plane_name("plane", "png")).is_err() {
            supervisor.notify("The browser refused to make a picture of the plane.".into());
        }
    };
    view! {
        <section class="panel plane" aria-labelledby="plane-title">
            <div class="panel-head">
                <h2 id="plane-title">"Latent plane"</h2>
                <button type="button" class="small" disabled=is_empty on:click=save aria-label="Save the plane as PNG">"PNG"</button>
            </div>
            <p class="hint">
                {move || match state.is_pretrained.get() {
                    true => "Pretrained: 20 epochs of the tutorial. Press Train to train your own.",
                    false => "Drag to explore. Each dot is a digit: point at one to see it.",
                }}
            </p>
            <axes::Choice />
            <div class="plane-frame">
                <Square layers />
                <Hovered />
                <Show when=move || is_empty.get()>
                    <p class="plane-wait" role="status">"Digits are on their way"</p>
                </Show>
            </div>
            <legend::Legend is_empty />
        </section>
    }
}

#[component]
fn Square(layers: Layers) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    draw_when_due(state, layers);
    let square = NodeRef::<html::Div>::new();
    let is_dragging = StoredValue::new(false);
    // Where the pointer is, in pixels from the top left corner, and the square's side.
    let pointer = move |event: &ev::PointerEvent| {
        let square = square.get_untracked()?.get_bounding_client_rect();
        let place = [f64::from(event.client_x()) - square.left(), f64::from(event.client_y()) - square.top()];
        Some((place, square.width()))
    };
    let explore = move |event: &ev::PointerEvent| {
        if let Some((place, side)) = pointer(event) {
            let plane = state.projection_untracked();
            let point = hand::pointed(plane.range, place, side);
            supervisor.explore(state.code.with_untracked(|code| plane.axes.moved(code, point)));
        }
    };
    let hover = move |event: &ev::PointerEvent| {
        let Some((place, side)) = pointer(event) else { return };
        let (plane, kind) = (state.projection_untracked(), state.isolated.get_untracked());
        let place = place.map(|pixels| (pixels / side) as f32);
        let reach = (REACH / side) as f32;
        let digit = state.cloud.with_untracked(|cloud| plane.digit_at(cloud, place, reach, kind));
        supervisor.hover(digit.map(|digit| digit as u32));
    };
    let press = move |event: ev::PointerEvent| {
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        if let Some(square) = square.get_untracked() {
            // Without capture, which a pointer that is gone already can't have, the drag ends at the plane's edge.
            let _ = square.set_pointer_capture(event.pointer_id());
        }
        is_dragging.set_value(true);
        supervisor.hover(None);
        explore(&event);
    };
    let glide = move |event: ev::PointerEvent| {
        if event.is_primary() {
            if is_dragging.get_value() { explore(&event) } else { hover(&event) }
        }
    };
    let release = move |_| is_dragging.set_value(false);
    let key = move |event: ev::KeyboardEvent| {
        let is_own = event.target() == event.current_target();
        if !is_own || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (plane, code) = (state.projection_untracked(), state.code.get_untracked());
        let moved = |cloud: &_| hand::moved(&event.key(), event.shift_key(), &code, plane, cloud);
        if let Some(code) = state.cloud.with_untracked(moved) {
            event.prevent_default();
            supervisor.explore(code);
        }
    };
    let bound = move |axis: usize, end: usize| state.range.get().bounds(axis)[end].to_string();
    let has_up = Memo::new(move |_| state.axes.get().up.is_some());
    view! {
        <div
            node_ref=square
            id="latent-plane"
            tabindex="0"
            role="application"
            aria-roledescription="two-dimensional slider"
            aria-label=move || {
                let [z1, z2] = state.point().map(coordinate);
                let axes = state.axes.get();
                let up = axes.up.map(|up| format!(", {} {z2}", unit_name(up))).unwrap_or_default();
                let right = unit_name(axes.right);
                format!("Latent plane, {right} {z1}{up}. Arrow keys move the point, digit keys jump to a digit.")
            }
            data-z1=move || state.point()[0].to_string()
            data-z2=move || state.point()[1].to_string()
            data-x-min=move || bound(0, 0)
            data-x-max=move || bound(0, 1)
            data-y-min=move || bound(1, 0)
            data-y-max=move || bound(1, 1)
            data-digits=move || state.cloud.with(|cloud| cloud.len()).to_string()
            on:pointerdown=press
            on:pointermove=glide
            on:pointerup=release
            on:pointercancel=release
            on:lostpointercapture=release
            on:pointerleave=move |_| supervisor.hover(None)
            on:keydown=key
        >
            {layers.map(|layer| view! { <canvas node_ref=layer aria-hidden="true"></canvas> })}
            <Slider axis=0 />
            <Show when=move || has_up.get()>
                <Slider axis=1 />
            </Show>
        </div>
    }
}

/// One axis as a native slider, unseen: what assistive technology knows how to use.
#[component]
fn Slider(axis: usize) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let unit = move || {
        let axes = state.axes.get();
        [Some(axes.right), axes.up][axis].unwrap_or_default()
    };
    let bound = move |end: usize| state.range.get().bounds(axis)[end];
    let take = move |event: ev::Event| {
        if let Ok(value) = event_target_value(&event).parse() {
            let plane = state.projection_untracked();
            let moved = |code: &Vec<f32>| {
                let mut point = plane.axes.point(code);
                point[axis] = value;
                plane.axes.moved(code, plane.range.clamp(point))
            };
            supervisor.explore(state.code.with_untracked(moved));
        }
    };
    view! {
        <input
            type="range"
            class="visually-hidden"
            aria-label=move || format!("z{}", unit() + 1)
            aria-valuetext=move || coordinate(state.point()[axis])
            min=move || bound(0).to_string()
            max=move || bound(1).to_string()
            step="any"
            prop:value=move || state.point()[axis].to_string()
            on:input=take
        />
    }
}

/// The digit under the pointer: its image, what it is, and its reconstruction.
#[component]
fn Hovered() -> impl IntoView {
    let state = expect_context::<State>();
    let pair = Memo::new(move |_| {
        let digit = state.hovered.get()?;
        state.pairs.with(|pairs| pairs.iter().find(|pair| pair.digit == digit).cloned())
    });
    let place = move || {
        let digit = state.hovered.get()? as usize;
        let plane = state.projection();
        let [x, y] = state
            .cloud
            .with(|cloud| cloud.digits().nth(digit).map(|(label, code)| plane.place_of_digit(label, code)))?;
        Some(format!("left: {:.2}%; top: {:.2}%", 100.0 * x, 100.0 * y))
    };
    // On that side of the dot where there is room.
    let is_at_right = move || {
        place().is_some()
            && state.hovered.get().is_some_and(|digit| {
                let plane = state.projection();
                let place = |(label, code): (u8, &[f32])| plane.place_of_digit(label, code);
                state
                    .cloud
                    .with(|cloud| cloud.digits().nth(digit as usize).map(place))
                    .is_some_and(|[x, _]| x > 0.6)
            })
    };
    let title = move || {
        pair.with(|pair| {
            let pair = pair.as_ref()?;
            let what = pair.label.map_or_else(|| "digit".into(), |label| format!("a {label}"));
            Some(format!("{} image {}: {what}", state.plotted.get().set().name(), pair.digit))
        })
    };
    view! {
        <Show when=move || pair.with(Option::is_some)>
            <div class="hovered" class:at-right=is_at_right style=place>
                <p>{title}</p>
                <ThereAndBack pair />
            </div>
        </Show>
    }
}

/// Draws each layer in a frame after something that it shows has changed.
fn draw_when_due(state: State, [below, middle, above]: Layers) {
    // A drawing fails only where the canvas is on its way out.
    let grid = Redraw::new(0.0, move || {
        if let Some(surface) = below.get_untracked().and_then(Surface::blank) {
            drawing::grid(&surface, &Theme::now(), state.projection_untracked());
        }
    });
    let digits = Redraw::new(0.0, move || {
        let Some(surface) = middle.get_untracked().and_then(Surface::blank) else { return };
        let (plane, isolated) = (state.projection_untracked(), state.isolated.get_untracked());
        let draw = |cloud: &_| drawing::digits(&surface, &Theme::now(), plane, cloud, isolated);
        let _ = state.cloud.with_untracked(draw);
    });
    let point = Redraw::new(0.0, move || {
        let Some(surface) = above.get_untracked().and_then(Surface::blank) else { return };
        let _ = draw_above(state, &surface, &Theme::now());
    });
    for (canvas, redraw) in [(below, &grid), (middle, &digits), (above, &point)] {
        let redraw = redraw.clone();
        Effect::new(move |_| {
            if let Some(canvas) = canvas.get() {
                redraw.follow_size(&canvas);
            }
        });
    }
    let screen = expect_context::<Screen>();
    let track_plane = move || {
        screen.track();
        state.range.track();
        state.axes.track();
    };
    Effect::new(move |_| {
        track_plane();
        grid.ask();
    });
    Effect::new(move |_| {
        track_plane();
        state.cloud.track();
        state.isolated.track();
        digits.ask();
    });
    Effect::new(move |_| {
        track_plane();
        state.cloud.track();
        state.isolated.track();
        state.hovered.track();
        state.code.track();
        point.ask();
    });
}

fn draw_above(state: State, surface: &Surface, theme: &Theme) -> Result<(), wasm_bindgen::JsValue> {
    let (plane, isolated) = (state.projection_untracked(), state.isolated.get_untracked());
    drawing::labels(surface, theme, plane)?;
    state.cloud.with_untracked(|cloud| {
        drawing::names(surface, theme, plane, cloud, isolated)?;
        let hovered = state.hovered.get_untracked();
        hovered.map_or(Ok(()), |digit| drawing::mark(surface, theme, plane, cloud, digit))
    })?;
    state.code.with_untracked(|code| drawing::point(surface, theme, plane, code))
}
