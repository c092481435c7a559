//! The buttons Reset, Train or Pause, and Step, and the readings of the run.

use super::Icon;
use crate::app::views::{erased::text, pace::Pace};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{moments, numbers},
};
use latent_core::settings::Settings;
use latent_protocol::Phase;
use leptos::prelude::*;
use std::time::Duration;

/// Epochs that a finished run can be given more of at once.
const MORE_EPOCHS: u32 = 10;

/// How long after the end of a run a press is still meant for its training.
const HESITATION: Duration = Duration::from_millis(600);

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
    // The button that paused the run gives it more epochs once it has ended. Who was about to pause it does not mean that.
    let is_settled = RwSignal::new(false);
    Effect::new(move |_| {
        is_settled.set(false);
        if is_finished.get() {
            set_timeout(move || is_settled.set(true), HESITATION);
        }
    });
    let toggle = move |_| match is_finished.get_untracked() {
        true => supervisor.extend(MORE_EPOCHS),
        false if is_active.get_untracked() => supervisor.pause(),
        false => supervisor.train(),
    };
    let name = move || match state.phase.get() {
        _ if is_finished.get() => "10 more epochs",
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
                class:further=Signal::from(is_finished)
                aria-label=name
                disabled=move || is_over.get() && !is_active.get() && !is_settled.get()
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
                hidden=move || is_finished.get()
                on:click=move |_| supervisor.step()
            >
                <Icon path="M5 5l9 7-9 7zM18 5v14" />
            </button>
        </div>
    }
}

#[component]
fn Readings() -> impl IntoView {
    let (state, pace) = (expect_context::<State>(), expect_context::<Pace>());
    // They are those of the moment that the page shows.
    let epoch = move || {
        state.run_settings.with(|settings| {
            let epoch =
                state.looked_at.get().map_or_else(|| state.epoch(), |at| moments::epoch(at, settings));
            numbers::epoch(epoch, settings.epochs)
        })
    };
    let loss = move |at_end: RwSignal<Option<f32>>, which: usize| {
        pace.track();
        numbers::loss(match state.looked_at.get() {
            Some(at) => state.history.with_untracked(|history| moments::losses(history, at)[which]),
            None => at_end.get_untracked(),
        })
    };
    view! {
        <dl class="readings" class:past=Signal::derive(move || state.looked_at.get().is_some())>
            <Reading label="epoch">{text(epoch)}</Reading>
            <Reading label="loss">{text(move || loss(state.loss, 0))}</Reading>
            <Reading label="validation loss">{text(move || loss(state.validation_loss, 1))}</Reading>
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
