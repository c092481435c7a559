//! The control bar: buttons Reset, Train or Pause, and Step, and the progress of the run.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::numbers,
};
use latent_core::settings::Settings;
use latent_protocol::Phase;
use leptos::prelude::*;

/// Buttons and readings.
#[component]
pub(super) fn Controls() -> impl IntoView {
    view! {
        <div class="bar">
            <Buttons />
            <Readings />
        </div>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_active = Memo::new(move |_| state.phase.get().is_active());
    let is_over = Memo::new(move |_| state.steps.get() >= state.run_settings.with(Settings::steps));
    let toggle = move |_| if is_active.get_untracked() { supervisor.pause() } else { supervisor.train() };
    let name = move || match state.phase.get() {
        phase if phase.is_active() => "Pause",
        Phase::Failed => "Try again",
        _ => "Train",
    };
    view! {
        <div class="buttons">
            <button type="button" aria-label="Reset" title="Reset: start a new run at step 0" on:click=move |_| supervisor.reset()>
                <Icon path="M4 4v5h5M4.6 9A8 8 0 1 1 4 13.5" />
                <span aria-hidden="true">"Reset"</span>
            </button>
            <button
                type="button"
                class="primary"
                aria-label=name
                disabled=move || is_over.get() && !is_active.get()
                on:click=toggle
            >
                {move || {
                    let path = if is_active.get() { "M8 5v14M16 5v14" } else { "M8 5l11 7-11 7z" };
                    view! { <Icon path /> }
                }}
                <span aria-hidden="true">{name}</span>
            </button>
            <button
                type="button"
                aria-label="Step"
                title="Step: train one batch, then pause"
                disabled=is_over
                on:click=move |_| supervisor.step()
            >
                <Icon path="M5 5l9 7-9 7zM18 5v14" />
                <span aria-hidden="true">"Step"</span>
            </button>
            <button
                type="button"
                class="more"
                title="Extend the run by ten epochs"
                disabled=move || state.phase.get() == Phase::Failed
                on:click=move |_| supervisor.extend(10)
            >
                "+10 epochs"
            </button>
        </div>
    }
}

#[component]
fn Icon(path: &'static str) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=path /></svg> }
}

#[component]
fn Readings() -> impl IntoView {
    let state = expect_context::<State>();
    let of_steps = move || state.run_settings.with(Settings::steps);
    let epoch = move || numbers::epoch(state.epoch(), state.run_settings.with(|settings| settings.epochs));
    let step = move || numbers::grouped(state.steps.get());
    let left = move || {
        numbers::time_left(of_steps().saturating_sub(state.steps.get()), state.steps_per_second.get())
    };
    view! {
        <dl class="readings">
            <Reading label="epoch">{epoch}</Reading>
            <Reading label="step">
                {step} <span class="of">" / " {move || numbers::grouped(of_steps())}</span>
            </Reading>
            <Reading label="engine">{move || state.engine.with(|engine| {
                engine.as_ref().map_or("–", |engine| engine.engine.title())
            })}</Reading>
            <Reading label="loss">{move || numbers::loss(state.loss.get())}</Reading>
            <Reading label="validation loss">{move || numbers::loss(state.validation_loss.get())}</Reading>
            <Reading label="steps/s">{move || numbers::speed(state.steps_per_second.get())}</Reading>
            <Reading label="time left">{left}</Reading>
        </dl>
    }
}

#[component]
fn Reading(label: &'static str, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd translate="no">{children()}</dd>
        </div>
    }
}
