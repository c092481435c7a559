//! The state of the run for scripts and tests: the attributes of the hidden element `#run-state`, in full precision.

use crate::app::state::State;
use leptos::prelude::*;

/// The element. An attribute is empty while its value is not known.
#[component]
pub(super) fn RunState() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <div
            id="run-state"
            hidden
            data-phase=move || state.phase.get().name()
            data-engine=move || state.engine.with(|engine| engine.as_ref().map_or("", |engine| engine.engine.name()))
            data-workers=move || text(state.engine.with(|engine| engine.as_ref().map(|engine| engine.workers)))
            data-epoch=move || state.epoch().to_string()
            data-step=move || state.steps.get().to_string()
            data-kept=move || text(state.checkpoint_steps.get())
            data-saved=move || text(state.saved_steps.get())
            data-loss=move || text(state.loss.get())
            data-val-loss=move || text(state.validation_loss.get())
            data-steps-per-second=move || text(state.steps_per_second.get())
        ></div>
    }
}

fn text(number: Option<impl ToString>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}
