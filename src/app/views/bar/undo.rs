//! The button that goes back to the run before.

use super::Icon;
use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The button. It is of use once a run gave way to another: by *Reset*, a preset, other images, a link or a file.
#[component]
pub(super) fn UndoButton() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_empty = move || state.earlier_runs.with(Vec::is_empty);
    view! {
        <button
            type="button"
            class="small square"
            aria-label="Undo"
            title="Undo: back to the run before, paused"
            disabled=is_empty
            on:click=move |_| supervisor.undo()
        >
            <Icon path="M9 7L4 12l5 5M4.5 12H14a5 5 0 0 1 0 10h-2" />
        </button>
    }
}
