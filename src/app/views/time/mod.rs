//! Time: a slider that takes the plane back to an earlier moment of the run while training goes on.

mod film;

use super::pace::Pace;
use crate::app::views::erased::{Shown, text};
use crate::{
    app::{exploration::Saving, exporter::Exporter, state::State, supervisor::Supervisor},
    display::moments::{all_steps, by_key, looked_at, moment, nearest, why_none},
};
use leptos::{ev, prelude::*};
use web_sys::HtmlInputElement;

/// The slider with its buttons, in a narrow window below the plane. Below the curve, the head of the chart has the buttons.
#[component]
pub(super) fn Scrubber() -> impl IntoView {
    view! {
        <div class="scrubber">
            <Slider />
            <TimeButtons />
        </div>
    }
}

/// The slider. Its steps are those of the chart's axis, so that below the curve its thumb is below the mark; it stops at moments
/// only.
#[component]
pub(super) fn Slider() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let words = move || {
        let looked_at = state.looked_at.get();
        let words = |steps| state.run_settings.with(|settings| moment(steps, settings));
        match looked_at.or_else(|| state.moments.with(|moments| moments.last().copied())).map(words) {
            Some(words) if looked_at.is_none() => format!("live, {words}"),
            Some(words) => words,
            None => "no moment yet".into(),
        }
    };
    let why_none = Memo::new(move |_| {
        let steps = state.steps.get();
        state.moments.with(|moments| why_none(moments, steps))
    });
    let step = move || state.looked_at.get().unwrap_or_else(|| state.steps.get()).to_string();
    let look = move |input: HtmlInputElement, at: Option<u64>| {
        supervisor.look_back(at);
        // A step between two moments gives way to one of them.
        input.set_value(&untrack(step));
    };
    let take = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Ok(step) = input.value().parse() {
            look(input, state.moments.with_untracked(|moments| nearest(moments, step)));
        }
    };
    let press = move |event: ev::KeyboardEvent| {
        let looked_at = state.looked_at.get_untracked();
        let led = state.moments.with_untracked(|moments| by_key(moments, looked_at, &event.key()));
        if let Some(at) = led {
            event.prevent_default();
            look(event_target(&event), at);
        }
    };
    view! {
        <label class="slider" class:empty=move || !why_none.get().is_empty()>
            <span>"At step"</span>
            <input
                type="range"
                aria-valuetext=words
                min="0"
                max=move || all_steps_of(state).to_string()
                step="1"
                data-moments=move || state.moments.with(Vec::len).to_string()
                // After its ends, between which the browser holds it.
                prop:value=step
                disabled=move || state.moments.with(|moments| moments.len() < 2)
                on:input=take
                on:keydown=press
            />
            <span class="hint">{text(move || why_none.get())}</span>
        </label>
    }
}

/// Steps of the chart and the slider.
fn all_steps_of(state: State) -> u64 {
    let steps = state.steps.get();
    state.run_settings.with(|settings| all_steps(settings, steps))
}

/// The button that returns to the newest moment, and the one that saves them all.
#[component]
pub(super) fn TimeButtons() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    view! {
        <button
            type="button"
            class="small"
            aria-pressed=move || state.looked_at.get().is_none().to_string()
            title="Show the network as it is now"
            on:click=move |_| supervisor.look_back(None)
        >
            "Live"
        </button>
        <FilmButton />
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
        let across = state.looked_at.get().unwrap_or_default() as f64 / all_steps_of(state) as f64;
        format!("--across: {across:.5}")
    };
    view! { <span class="looked-at-line" hidden=move || state.looked_at.get().is_none() style=style></span> }
}
