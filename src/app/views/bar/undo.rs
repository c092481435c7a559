//! The button that goes back to the run before.

use super::Icon;
use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The button. It is of use once a run gave way to another: by *Reset*, a preset, other images, a link or a file. Its title says
/// which run comes back.
#[component]
pub(super) fn UndoButton() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let title = move || state.undo_to.get().map(|run| format!("Undo: run {run} comes back, paused"));
    view! {
        <button
            type="button"
            class="small square"
            aria-label="Undo"
            title=title
            disabled=move || state.undo_to.get().is_none()
            on:click=move |_| supervisor.undo()
        >
            <Icon path="M9 7L4 12l5 5M4.5 12H14a5 5 0 0 1 0 10h-2" />
        </button>
    }
}
