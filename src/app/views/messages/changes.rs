//! The settings that wait for a new run.

use crate::app::views::erased::{Shown, text};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::chart::{changes, shown},
};
use latent_core::{data::OwnSet, settings::Field};
use leptos::prelude::*;

/// Lists the changed settings and asks whether to start a new run with them, while there are any.
#[component]
pub(super) fn Changes() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    // Sets of own images are told by their names, and not by the start of their hash.
    let named = move |change: String| {
        state.own_images.with(|sets| {
            let shown = |set: OwnSet| shown(Field::Data, set.text());
            sets.iter().fold(change, |change, images| change.replace(&shown(images.set), &images.title))
        })
    };
    let changes = Memo::new(move |_| {
        let changes = changes(&state.run_settings.get(), &state.settings.get());
        changes.into_iter().map(named).collect::<Vec<_>>()
    });
    let is_refused = Memo::new(move |_| !state.refused.with(Vec::is_empty));
    // The controller lets more epochs of the same network have the rate that was entered once the run had ended.
    let rest = move || {
        let (run, form) = (state.run_settings.get(), state.settings.get());
        let is_later_rate = form.learning_rates != run.learning_rates && form.model == run.model;
        match is_later_rate && state.steps.get() >= run.steps() {
            _ if is_refused.get() => ". A field in red has a value that can't be taken: correct it first.",
            true => ". The current run has ended; more epochs of it have the new learning rate, too.",
            false => ". The current run keeps its settings.",
        }
    };
    view! {
        <Shown when=move || !changes.with(Vec::is_empty)>
            <div class="message question changes" role="status">
                <p>
                    "These settings apply to a new run: " {text(move || changes.get().join(", "))}
                    {text(rest)}
                </p>
                <button type="button" class="small" disabled=is_refused on:click=move |_| supervisor.restart()>
                    "Train a new run"
                </button>
                <button type="button" class="small" on:click=move |_| supervisor.revert_edits()>"Discard changes"</button>
            </div>
        </Shown>
    }
}
