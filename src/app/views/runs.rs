//! The earlier runs of this visit: what they are, what they came to, and buttons that open one again.

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
pub(super) fn Runs() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let has_runs = Memo::new(move |_| state.earlier.with(|earlier| !earlier.runs().is_empty()));
    let list = move || {
        state.earlier.with(|earlier| {
            earlier.runs().iter().rev().map(|run| entry(state, supervisor, run)).collect_view()
        })
    };
    view! {
        <Show
            when=move || has_runs.get()
            fallback=|| view! {
                <p class="hint">
                    "No earlier run yet. Train, change a setting, and train a new run: the earlier one is listed here and can be \
                     opened again. Its curve stays in the chart, so that you can compare the two."
                </p>
            }
        >
            <div class="panel-head">
                <h2 id="earlier-title">"Earlier runs"</h2>
                <button
                    type="button"
                    class="small"
                    aria-label="Clear earlier runs"
                    on:click=move |_| supervisor.forget_earlier_runs()
                >
                    "Clear"
                </button>
            </div>
            <ul class="earlier" aria-labelledby="earlier-title">{list}</ul>
        </Show>
    }
}

fn entry(state: State, supervisor: Supervisor, run: &EarlierRun) -> impl IntoView + use<> {
    let engine = state.engine.with(|in_use| in_use.as_ref().map(|in_use| in_use.engine));
    let differences = state.run_settings.with(|settings| run.differences_from(settings, engine));
    let (what, value) = run.result();
    let unit = if run.steps == 1 { "step" } else { "steps" };
    let result = format!("{what} {} after {} {unit}", loss(value), grouped(run.steps));
    let id = run.run;
    let can_be_opened = state.earlier_runs.with(|runs| runs.contains(&id));
    view! {
        <li>
            <span><span class="run">"Run " {run.number}</span> ": " {differences}</span>
            <span class="hint">{result}</span>
            <button
                type="button"
                class="small"
                aria-label=format!("Open run {}", run.number)
                title="Go on with this run. The present one is listed in its place."
                hidden=!can_be_opened
                on:click=move |_| supervisor.open_run(id)
            >
                "Open"
            </button>
        </li>
    }
}
