//! The runs of this visit: what they are, what they came to, and buttons that pin one or open it again. The one under way is the
//! first.

use super::{
    erased::{Shown, text},
    pace::Pace,
};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::chart::{EarlierRun, own_settings, results},
};
use latent_controller::PinnedRun;
use leptos::prelude::*;

/// The list.
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
        <div class="panel-head">
            <h2 id="runs-title">"Runs"</h2>
            <p class="hint runs-hint">"Pin a run to see its plane beside that of the next one."</p>
            <Shown when=move || has_runs.get()>
                <button
                    type="button"
                    class="small"
                    aria-label="Clear earlier runs"
                    on:click=move |_| supervisor.forget_earlier_runs()
                >
                    "Clear earlier runs"
                </button>
            </Shown>
        </div>
        <ul class="runs" aria-labelledby="runs-title"><Current />{list}</ul>
        <Shown when=move || !has_runs.get()>
            <p class="hint">
                "No earlier run yet. Train, change a setting, and train a new run: the earlier one is listed here and can be \
                 opened again. Its curve stays in the chart, so that you can compare the two."
            </p>
        </Shown>
    }
}

/// The run under way.
#[component]
fn Current() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let pace = expect_context::<Pace>();
    let settings = move || {
        state.run_settings.with(|own| state.earlier.with(|earlier| own_settings(own, earlier.runs())))
    };
    let column = move |at: usize| {
        text(move || {
            pace.track();
            let losses = [state.loss, state.validation_loss].map(|loss| loss.get_untracked());
            let steps = state.steps.get_untracked();
            state.run_settings.with(|settings| results(settings, steps, losses)[at].clone())
        })
    };
    let title = move || format!("This run (run {})", state.run.get());
    view! {
        <li aria-current="true">
            <span><span class="run">{text(title)}</span> ": " {text(settings)}</span>
            {[0, 1, 2].map(|at| view! { <span class="hint">{column(at)}</span> })}
            <button
                type="button"
                class="small"
                aria-label="Pin this run"
                title="Show the plane of this run, as it was kept last, beside the plane as it goes on"
                on:click=move |_| supervisor.pin(Some(state.run.get_untracked()))
            >
                "Pin"
            </button>
        </li>
    }
}

fn is_pinned(pinned: Option<&PinnedRun>, run: u32) -> bool {
    pinned.is_some_and(|pinned| pinned.run == run)
}

fn entry(state: State, supervisor: Supervisor, run: &EarlierRun) -> impl IntoView + use<> {
    let engine = state.engine.with(|in_use| in_use.as_ref().map(|in_use| in_use.engine));
    let differences = state.run_settings.with(|settings| run.differences_from(settings, engine));
    let (title, results) = (run.title(), run.results());
    // The line that its curve has, if the chart has its curve.
    let line = match state.run_settings.with(|settings| run.is_in_chart_of(settings)) {
        true => format!("run line-{}", run.style),
        false => "run".into(),
    };
    let id = run.number;
    let can_be_opened = state.earlier_runs.with(|runs| runs.contains(&id));
    let rest =
        if can_be_opened { "" } else { ". Its network is not kept: it can be neither pinned nor opened." };
    view! {
        <li>
            <span><span class=line title=run.opened.clone()>{title}</span> ": " {differences} {rest}</span>
            {results.map(|result| view! { <span class="hint">{result}</span> })}
            <button
                type="button"
                class="small"
                aria-label=format!("Pin run {id}")
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
                aria-label=format!("Open run {id}")
                title="Go on with this run. The present one is listed then, under its own number."
                hidden=!can_be_opened
                on:click=move |_| supervisor.open_run(id)
            >
                "Open"
            </button>
        </li>
    }
}
