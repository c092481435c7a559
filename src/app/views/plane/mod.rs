//! The latent plane: drag, or use the keys, to move the point whose digit is decoded.

mod drawing;

use super::canvas::{Redraw, Screen, Surface, Theme};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{hand, numbers::coordinate},
};
use leptos::{ev, html, prelude::*};

/// The panel: the plane and the legend of its colours.
#[component]
pub(super) fn Plane() -> impl IntoView {
    let state = expect_context::<State>();
    let is_empty =
        Memo::new(move |_| state.cloud.with(|cloud| cloud.codes.is_empty() || cloud.labels.is_empty()));
    view! {
        <section class="panel plane" aria-labelledby="plane-title">
            <h2 id="plane-title">"Latent plane"</h2>
            <p class="hint">"Drag to explore. Each dot is a test digit, coloured by what it shows."</p>
            <div class="plane-frame">
                <Square />
                <Show when=move || is_empty.get()>
                    <p class="plane-wait" role="status">"Test digits are on their way"</p>
                </Show>
            </div>
            <Legend is_empty />
        </section>
    }
}

#[component]
fn Square() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let [below, above] = [NodeRef::<html::Canvas>::new(), NodeRef::new()];
    draw_when_due(state, below, above);

    let square = NodeRef::<html::Div>::new();
    let is_dragging = StoredValue::new(false);
    let point_at = move |event: &ev::PointerEvent| {
        let Some(square) = square.get_untracked() else { return };
        let square = square.get_bounding_client_rect();
        let place = [f64::from(event.client_x()) - square.left(), f64::from(event.client_y()) - square.top()];
        supervisor.explore(hand::pointed(state.range.get_untracked(), place, square.width()));
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
        point_at(&event);
    };
    let drag = move |event: ev::PointerEvent| {
        if is_dragging.get_value() && event.is_primary() {
            point_at(&event);
        }
    };
    let release = move |_| is_dragging.set_value(false);
    let key = move |event: ev::KeyboardEvent| {
        let is_own = event.target() == event.current_target();
        if !is_own || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (range, point) = (state.range.get_untracked(), state.point.get_untracked());
        let moved = |cloud: &_| hand::moved(&event.key(), event.shift_key(), point, range, cloud);
        if let Some(point) = state.cloud.with_untracked(moved) {
            event.prevent_default();
            supervisor.explore(point);
        }
    };
    let bound = move |axis: usize, end: usize| state.range.get().bounds(axis)[end].to_string();
    view! {
        <div
            node_ref=square
            id="latent-plane"
            tabindex="0"
            role="application"
            aria-roledescription="two-dimensional slider"
            aria-label=move || {
                let [z1, z2] = state.point.get().map(coordinate);
                format!("Latent plane, z1 {z1}, z2 {z2}. Arrow keys move the point, digit keys jump to a digit.")
            }
            data-z1=move || state.point.get()[0].to_string()
            data-z2=move || state.point.get()[1].to_string()
            data-x-min=move || bound(0, 0)
            data-x-max=move || bound(0, 1)
            data-y-min=move || bound(1, 0)
            data-y-max=move || bound(1, 1)
            on:pointerdown=press
            on:pointermove=drag
            on:pointerup=release
            on:pointercancel=release
            on:lostpointercapture=release
            on:keydown=key
        >
            <canvas node_ref=below aria-hidden="true"></canvas>
            <canvas node_ref=above aria-hidden="true"></canvas>
            <Slider axis=0 label="z1" />
            <Slider axis=1 label="z2" />
        </div>
    }
}

/// One axis as a native slider, unseen: what assistive technology knows how to use.
#[component]
fn Slider(axis: usize, label: &'static str) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let bound = move |end: usize| state.range.get().bounds(axis)[end];
    let take = move |event: ev::Event| {
        if let Ok(value) = event_target_value(&event).parse() {
            let mut point = state.point.get_untracked();
            point[axis] = value;
            supervisor.explore(state.range.get_untracked().clamp(point));
        }
    };
    view! {
        <input
            type="range"
            class="visually-hidden"
            aria-label=label
            aria-valuetext=move || coordinate(state.point.get()[axis])
            min=move || bound(0).to_string()
            max=move || bound(1).to_string()
            step="any"
            prop:value=move || state.point.get()[axis].to_string()
            on:input=take
        />
    }
}

/// The colours, each a button that jumps to its digit: for those without a keyboard.
#[component]
fn Legend(is_empty: Memo<bool>) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let jump = move |digit| {
        if let Some(point) = state.cloud.with_untracked(|cloud| hand::mean_code(cloud, digit)) {
            supervisor.explore(point);
        }
    };
    let digits = (0..10u8).map(|digit| {
        view! {
            <li>
                <button
                    type="button"
                    class=format!("kind kind-{digit}")
                    aria-label=format!("Go to the {digit}s")
                    title=format!("Go to the {digit}s")
                    disabled=is_empty
                    on:click=move |_| jump(digit)
                >
                    {digit}
                </button>
            </li>
        }
    });
    view! { <ul class="legend" aria-label="Colours of the digits">{digits.collect_view()}</ul> }
}

/// Draws the cloud and the point, each in a frame after something that it shows has changed.
fn draw_when_due(state: State, below: NodeRef<html::Canvas>, above: NodeRef<html::Canvas>) {
    // A drawing fails only where the canvas is on its way out.
    let cloud = Redraw::new(0.0, move || {
        let surface = below.get_untracked().and_then(Surface::blank);
        let range = state.range.get_untracked();
        let draw = |surface| {
            state.cloud.with_untracked(|cloud| drawing::cloud(surface, &Theme::now(), range, cloud))
        };
        let _ = surface.as_ref().map(draw);
    });
    let point = Redraw::new(0.0, move || {
        let surface = above.get_untracked().and_then(Surface::blank);
        let (range, point) = (state.range.get_untracked(), state.point.get_untracked());
        let _ = surface.map(|surface| drawing::point(&surface, &Theme::now(), range, point));
    });
    let screen = expect_context::<Screen>();
    for (canvas, redraw) in [(below, &cloud), (above, &point)] {
        let redraw = redraw.clone();
        Effect::new(move |_| {
            if let Some(canvas) = canvas.get() {
                redraw.follow_size(&canvas);
            }
        });
    }
    Effect::new(move |_| {
        screen.track();
        state.range.track();
        state.cloud.track();
        cloud.ask();
    });
    Effect::new(move |_| {
        screen.track();
        state.range.track();
        state.point.track();
        point.ask();
    });
}
