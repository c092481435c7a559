//! Time: a slider that takes the plane back to an earlier moment of the run while training goes on.

mod film;

use super::pace::Pace;
use crate::app::views::erased::{Shown, text};
use crate::{
    app::{exploration::Saving, exporter::Exporter, state::State, supervisor::Supervisor},
    display::moments::{looked_at, moment, place, step_at},
};
use leptos::{ev, prelude::*};

/// The slider, and the button that returns to the newest moment. Below the curve, and in a narrow window below the plane, too.
#[component]
pub(super) fn Scrubber() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_live = Memo::new(move |_| state.looked_at.get().is_none());
    let words = move || {
        let steps = state.looked_at.get().or_else(|| state.moments.with(|moments| moments.last().copied()));
        let words = steps.map(|steps| state.run_settings.with(|settings| moment(steps, settings)));
        match words {
            Some(words) if is_live.get() => format!("live, {words}"),
            Some(words) => words,
            None => "no moment yet".into(),
        }
    };
    // A run that was opened again, by a worker that had not trained it.
    let has_none = Signal::derive(move || {
        let steps = state.steps.get();
        steps > 0 && state.moments.with(|moments| moments[..] == [steps])
    });
    let take = move |event: ev::Event| {
        if let Ok(at) = event_target_value(&event).parse() {
            supervisor.look_back(state.moments.with_untracked(|moments| step_at(moments, at)));
        }
    };
    view! {
        <div class="scrubber" class:empty=has_none>
            <input
                type="range"
                aria-label="Moment of the run"
                aria-valuetext=words
                min="0"
                max=move || state.moments.with(|moments| moments.len().saturating_sub(1)).to_string()
                step="1"
                // After its ends, between which the browser holds it.
                prop:value=move || state.moments.with(|moments| place(moments, state.looked_at.get())).to_string()
                disabled=move || state.moments.with(|moments| moments.len() < 2)
                on:input=take
            />
            <button
                type="button"
                class="small"
                aria-pressed=move || is_live.get().to_string()
                title="Show the network as it is now"
                on:click=move |_| supervisor.look_back(None)
            >
                "Live"
            </button>
            <FilmButton />
            <p class="hint" hidden=Signal::derive(move || !has_none.get())>"No earlier moment of this run is kept."</p>
        </div>
    }
}

/// The button that saves the training as a GIF, and cancels that while it is being made.
#[component]
fn FilmButton() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let exporter = expect_context::<Exporter>();
    let is_making = Memo::new(move |_| state.film.with(Option::is_some));
    let press = move |_| match is_making.get_untracked() {
        true => state.film.set(None),
        false => film::save(state, supervisor, exporter),
    };
    let part =
        move |of: fn(&Saving) -> usize| state.film.with(|film| film.as_ref().map_or(0, of).to_string());
    view! {
        <progress
            aria-label="Frames of the GIF"
            hidden=move || !is_making.get()
            max=move || part(|film| film.all)
            value=move || part(|film| film.done)
        ></progress>
        <button
            type="button"
            class="small"
            aria-label=move || if is_making.get() { "Cancel the GIF" } else { "Save the training as GIF" }
            title="Save the plane at every moment of the training as an animation"
            disabled=move || state.moments.with(|moments| moments.len() < 2)
            on:click=press
        >
            {text(move || if is_making.get() { "Cancel" } else { "GIF" })}
        </button>
    }
}

/// What the plane shows while that is not the newest network: `Epoch 2, step 300 of 940`.
#[component]
pub(super) fn LookedAt() -> impl IntoView {
    let state = expect_context::<State>();
    let pace = expect_context::<Pace>();
    let words = move || {
        pace.track();
        let (at, done) = (state.looked_at.get().unwrap_or_default(), state.steps.get_untracked());
        state.run_settings.with(|settings| looked_at(at, done, settings))
    };
    view! {
        <Shown when=move || state.looked_at.get().is_some()>
            <p class="looked-at">{text(words)}</p>
        </Shown>
    }
}

/// The mark on the chart at the step that is looked at.
#[component]
pub(super) fn Mark() -> impl IntoView {
    let state = expect_context::<State>();
    let style = move || {
        let planned = state.run_settings.with(|settings| settings.steps()).max(1);
        format!("--across: {:.5}", state.looked_at.get().unwrap_or_default() as f64 / planned as f64)
    };
    view! { <span class="looked-at-line" hidden=move || state.looked_at.get().is_none() style=style></span> }
}
