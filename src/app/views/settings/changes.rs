//! The settings that wait for a new run.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::chart::changes,
};
use leptos::prelude::*;

/// Lists the changed settings and asks whether to start a new run with them, while there are any.
#[component]
pub(super) fn Changes() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let changes = Memo::new(move |_| changes(&state.run_settings.get(), &state.settings.get()));
    view! {
        <Show when=move || !changes.with(Vec::is_empty)>
            <div class="question" role="status">
                <p>
                    "These settings apply to a new run: " {move || changes.get().join(", ")}
                    ". The current run keeps its settings until you restart."
                </p>
                <button type="button" class="small" on:click=move |_| supervisor.reset()>"Restart with new settings"</button>
                <button type="button" class="small" on:click=move |_| supervisor.revert_edits()>"Discard changes"</button>
            </div>
        </Show>
    }
}
