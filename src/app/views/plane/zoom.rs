//! The buttons for the visible range.

use super::input::ZOOM_IN;
use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The buttons.
#[component]
pub(super) fn Zoom() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    view! {
        <div class="zoom" role="group" aria-label="What is in sight">
            <button type="button" class="small square" aria-label="Zoom in" title="Zoom in" on:click=move |_| supervisor.zoom(ZOOM_IN)>
                "+"
            </button>
            <button
                type="button"
                class="small square"
                aria-label="Zoom out"
                title="Zoom out"
                on:click=move |_| supervisor.zoom(1.0 / ZOOM_IN)
            >
                "−"
            </button>
            <button
                type="button"
                class="small square"
                title=move || format!("Keep all {} in view while their codes change", state.words().samples)
                aria-pressed=move || (!state.is_framed.get()).to_string()
                on:click=move |_| supervisor.look_at_all()
            >
                "Fit"
            </button>
        </div>
    }
}
