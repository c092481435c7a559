//! Earlier runs of this visit: what has changed since, and the way to be rid of them.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        chart::EarlierRun,
        numbers::{grouped, loss},
    },
};
use leptos::prelude::*;

/// The list, while there is one.
#[component]
pub(super) fn EarlierRuns() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let has_runs = Memo::new(move |_| state.earlier.with(|earlier| !earlier.runs().is_empty()));
    let entry = move |run: &EarlierRun| {
        let engine = state.engine.with(|in_use| in_use.as_ref().map(|in_use| in_use.engine));
        let changes = state.run_settings.with(|settings| run.changes_to(settings, engine));
        let (what, value) = run.result();
        let result = format!("{what} {} after {} steps", loss(value), grouped(run.steps));
        view! {
            <li>
                <span class="run">"Run " {run.number}</span>
                <span>{changes}</span>
                <span class="hint">{result}</span>
            </li>
        }
    };
    view! {
        <Show when=move || has_runs.get()>
            <div class="earlier">
                <div class="panel-head">
                    <h3 id="earlier-title">"Earlier runs, and what changed since"</h3>
                    <button
                        type="button"
                        class="small"
                        aria-label="Clear earlier runs"
                        on:click=move |_| supervisor.forget_earlier_runs()
                    >
                        "Clear"
                    </button>
                </div>
                <ul aria-labelledby="earlier-title">
                    {move || state.earlier.with(|earlier| earlier.runs().iter().rev().map(entry).collect_view())}
                </ul>
            </div>
        </Show>
    }
}
