//! Asks before an opened model replaces a trained one.

use crate::app::views::erased::{Shown, text};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::numbers::grouped,
};
use leptos::prelude::*;

/// The question, while there is a model to be opened.
#[component]
pub(super) fn Offered() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let question = move || {
        let name = state.offered.get()?;
        let steps = grouped(state.steps.get());
        Some(format!("Open “{name}”? The current run, {steps} steps so far, is kept under Runs."))
    };
    view! {
        <Shown when=move || state.offered.with(Option::is_some)>
            <div class="message question" role="alert">
                <p>{text(question)}</p>
                <button type="button" class="small" on:click=move |_| supervisor.accept_offered()>"Replace model"</button>
                <button type="button" class="small" on:click=move |_| supervisor.decline_offered()>"Cancel"</button>
            </div>
        </Shown>
    }
}
