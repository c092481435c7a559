//! The latent plane: drag, or use the keys, to move the point whose digit is decoded.

mod axes;
mod drawing;
mod hovered;
mod layers;
mod legend;
mod square;

use super::canvas::picture_of;
use crate::app::{state::State, supervisor::Supervisor};
use leptos::{html, prelude::*};
use square::ZOOM_IN;

/// From below: manifold and grid, digits, names and the point.
type Layers = [NodeRef<html::Canvas>; 3];

/// The panel: the plane and the legend of its colours.
#[component]
pub(super) fn Plane() -> impl IntoView {
    let state = expect_context::<State>();
    let is_empty = Memo::new(move |_| state.cloud.with(|cloud| cloud.is_empty()));
    let planes = [NodeRef::new(), NodeRef::new(), NodeRef::new()];
    view! {
        <section class="panel plane" aria-labelledby="plane-title">
            <div class="panel-head">
                <h2 id="plane-title">"Latent plane"</h2>
                <Tools planes is_empty />
            </div>
            <p class="hint">
                {move || match state.is_pretrained.get() {
                    true => "Pretrained: 20 epochs of the tutorial. Press Train to train your own.",
                    false => "Drag to explore. Each dot is a digit: point at one to see it.",
                }}
            </p>
            <axes::Choice />
            <div class="plane-frame">
                <square::Square planes />
                <hovered::Hovered />
                <Show when=move || is_empty.get()>
                    <p class="plane-wait" role="status">"Digits are on their way"</p>
                </Show>
            </div>
            <legend::Legend is_empty />
        </section>
    }
}

/// What is in sight, the manifold, and the plane as a picture.
#[component]
fn Tools(planes: Layers, is_empty: Memo<bool>) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let save = move |_| {
        if picture_of(&planes, "plane", supervisor.plane_name("plane", "png")).is_err() {
            supervisor.notify("The browser refused to make a picture of the plane.".into());
        }
    };
    let shows_map = move || state.shows_map.get().to_string();
    view! {
        <div class="tools" role="group" aria-label="Plane">
            <button
                type="button"
                class="small"
                aria-pressed=shows_map
                title="What the decoder draws all over the plane"
                on:click=move |_| supervisor.show_map(!state.shows_map.get_untracked())
            >
                "Manifold"
            </button>
            <button type="button" class="small" aria-label="Zoom out" on:click=move |_| supervisor.zoom(1.0 / ZOOM_IN)>
                "−"
            </button>
            <button type="button" class="small" aria-label="Zoom in" on:click=move |_| supervisor.zoom(ZOOM_IN)>
                "+"
            </button>
            <button
                type="button"
                class="small"
                title="All digits in sight, wherever they go"
                aria-pressed=move || (!state.is_framed.get()).to_string()
                on:click=move |_| supervisor.look_at_all()
            >
                "Fit"
            </button>
            <button type="button" class="small" disabled=is_empty on:click=save aria-label="Save the plane as PNG">
                "PNG"
            </button>
        </div>
    }
}
