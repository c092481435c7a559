//! The buttons Reset, Train or Pause, and Step, and the readings of the run.

use super::Icon;
use crate::app::views::erased::{Shown, text};
use crate::{
    app::{state::State, supervisor::Supervisor, views::pace::Pace},
    display::numbers,
};
use latent_core::settings::Settings;
use latent_protocol::Phase;
use leptos::prelude::*;

/// Epochs that a finished run can be given more of at once.
const MORE_EPOCHS: u32 = 10;

/// Buttons and readings.
#[component]
pub(super) fn RunControls() -> impl IntoView {
    view! {
        <section class="run-controls" aria-label="Training">
            <Buttons />
            <Readings />
        </section>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_active = Memo::new(move |_| state.phase.get().is_active());
    let is_over = Memo::new(move |_| state.steps.get() >= state.run_settings.with(Settings::steps));
    let is_finished =
        Memo::new(move |_| is_over.get() && !is_active.get() && state.phase.get() != Phase::Failed);
    let toggle = move |_| if is_active.get_untracked() { supervisor.pause() } else { supervisor.train() };
    let name = move || match state.phase.get() {
        phase if phase.is_active() => "Pause",
        Phase::Failed => "Try again",
        _ => "Train",
    };
    let path = Signal::derive(move || if is_active.get() { "M8 5v14M16 5v14" } else { "M8 5l11 7-11 7z" });
    view! {
        <div class="buttons">
            <button
                type="button"
                class="square"
                aria-label="Reset"
                title="Reset: start a new run at step 0"
                on:click=move |_| supervisor.reset()
            >
                <Icon path="M4 4v5h5M4.6 9A8 8 0 1 1 4 13.5" />
            </button>
            <button
                type="button"
                class="primary"
                aria-label=name
                disabled=move || is_over.get() && !is_active.get()
                on:click=toggle
            >
                <Icon path />
                <span aria-hidden="true">{text(name)}</span>
            </button>
            <button
                type="button"
                class="square"
                aria-label="Step"
                title="Step: train one batch, then pause"
                disabled=is_over
                // The button behind it takes its place.
                hidden=move || is_finished.get()
                on:click=move |_| supervisor.step()
            >
                <Icon path="M5 5l9 7-9 7zM18 5v14" />
            </button>
            <Shown when=move || is_finished.get()>
                <button
                    type="button"
                    class="small"
                    title="Train this run for ten epochs more"
                    on:click=move |_| supervisor.extend(MORE_EPOCHS)
                >
                    "10 more epochs"
                </button>
            </Shown>
        </div>
    }
}

#[component]
fn Readings() -> impl IntoView {
    let (state, pace) = (expect_context::<State>(), expect_context::<Pace>());
    let epoch = move || numbers::epoch(state.epoch(), state.run_settings.with(|settings| settings.epochs));
    let loss = move |loss: RwSignal<Option<f32>>| {
        pace.track();
        numbers::loss(loss.get_untracked())
    };
    view! {
        <dl class="readings">
            <Reading label="epoch">{text(epoch)}</Reading>
            <Reading label="loss">{text(move || loss(state.loss))}</Reading>
            <Reading label="validation loss">{text(move || loss(state.validation_loss))}</Reading>
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
