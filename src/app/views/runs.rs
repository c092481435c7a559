//! The earlier runs of this visit: what they are, what they came to, and buttons that open one again.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::chart::EarlierRun,
};
use latent_controller::PinnedRun;
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
    // Once training has stopped, the newest checkpoint has the network as it is.
    let can_be_pinned =
        Memo::new(move |_| state.steps.get() > 0 && state.checkpoint_steps.get() == Some(state.steps.get()));
    view! {
        <p class="hint pin-this">
            "Pin a run to see its plane beside that of the next one. "
            <button
                type="button"
                class="small"
                disabled=move || !can_be_pinned.get()
                on:click=move |_| supervisor.pin(Some(state.run.get_untracked()))
            >
                "Pin this run"
            </button>
        </p>
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

fn is_pinned(pinned: Option<&PinnedRun>, run: u32) -> bool {
    pinned.is_some_and(|pinned| pinned.run == run)
}

fn entry(state: State, supervisor: Supervisor, run: &EarlierRun) -> impl IntoView + use<> {
    let engine = state.engine.with(|in_use| in_use.as_ref().map(|in_use| in_use.engine));
    let differences = state.run_settings.with(|settings| run.differences_from(settings, engine));
    let (title, result) = (run.title(), run.summary());
    let line = format!("run line-{}", run.style);
    let id = run.run;
    let can_be_opened = state.earlier_runs.with(|runs| runs.contains(&id));
    view! {
        <li>
            <span><span class=line title=run.opened.clone()>{title}</span> ": " {differences}</span>
            <span class="hint">{result}</span>
            <button
                type="button"
                class="small"
                aria-label=format!("Pin run {}", run.number)
                aria-pressed=move || state.comparison.pinned.with(|pinned| is_pinned(pinned.as_ref(), id)).to_string()
                title="Show the plane of this run beside that of the present one"
                hidden=!can_be_opened
                on:click=move |_| {
                    let is_pinned = state.comparison.pinned.with_untracked(|pinned| is_pinned(pinned.as_ref(), id));
                    supervisor.pin((!is_pinned).then_some(id));
                }
            >
                "Pin"
            </button>
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
