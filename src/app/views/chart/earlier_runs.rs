//! The list of earlier runs of this visit: their results, how the current settings differ, and a button to clear them.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        chart::EarlierRun,
        numbers::{grouped, loss},
    },
};
use leptos::prelude::*;

/// The list, while there are earlier runs.
#[component]
pub(super) fn EarlierRuns() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let has_runs = Memo::new(move |_| state.earlier.with(|earlier| !earlier.runs().is_empty()));
    let entry = move |run: &EarlierRun| {
        let engine = state.engine.with(|in_use| in_use.as_ref().map(|in_use| in_use.engine));
        let changes = state.run_settings.with(|settings| run.changes_to(settings, engine));
        let (what, value) = run.result();
        let unit = if run.steps == 1 { "step" } else { "steps" };
        let result = format!("{what} {} after {} {unit}", loss(value), grouped(run.steps));
        view! {
            <li>
                <span><span class="run">"Run " {run.number}</span> ", since then: " {changes}</span>
                <span class="hint">{result}</span>
            </li>
        }
    };
    view! {
        <Show when=move || has_runs.get()>
            <div class="earlier">
                <div class="panel-head">
                    <h3 id="earlier-title">"Earlier runs"</h3>
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
