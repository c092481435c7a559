//! Reads out the losses at a step, which the pointer or keys choose: a slider over the plot.

use super::{super::pace::Pace, drawing::margins};
use crate::app::views::erased::Shown;
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        chart::{
            EarlierReading, Reading, Scale, earlier_in_words, earlier_readings, step_after_key,
            step_at_pointer, table,
        },
        moments::nearest,
    },
};
use latent_core::settings::Settings;
use leptos::{ev, html, prelude::*};

/// The slider, once there is a loss.
#[component]
pub(super) fn ReadOut(scale: RwSignal<Option<Scale>>) -> impl IntoView {
    let state = expect_context::<State>();
    let has_losses = Memo::new(move |_| state.history.with(|history| Reading::steps(history).is_some()));
    view! {
        <Shown when=move || has_losses.get()>
            <Slider scale />
        </Shown>
    }
}

#[component]
fn Slider(scale: RwSignal<Option<Scale>>) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let slider = NodeRef::<html::Div>::new();
    // The chosen step.
    let at = RwSignal::new(None::<u64>);
    let pace = expect_context::<Pace>();
    let steps = move || {
        pace.track();
        state.history.with_untracked(Reading::steps).unwrap_or(0..=0)
    };
    let steps_now = move || state.history.with_untracked(Reading::steps).unwrap_or(0..=0);
    let reading = Memo::new(move |_| {
        let step = at.get()?;
        state.history.with(|history| state.run_settings.with(|run| Reading::at(history, run, step)))
    });
    let others = move |reading: &Reading| {
        let read = |run: &Settings| state.earlier.with(|earlier| earlier_readings(earlier, run, reading));
        state.run_settings.with(read)
    };
    let told = move || {
        let words = |reading: Reading| reading.description() + &earlier_in_words(&others(&reading));
        reading.get().map_or_else(|| "no step chosen".into(), words)
    };
    let point = move |event: ev::PointerEvent| {
        let Some(slider) = slider.get_untracked().filter(|_| event.is_primary()) else { return };
        let is_variational = state.run_settings.with_untracked(|run| run.model.is_variational());
        let [_, right, _, left] = margins(is_variational);
        let plot = slider.get_bounding_client_rect();
        let share =
            (f64::from(event.client_x()) - plot.left() - left) / (plot.width() - left - right).max(1.0);
        at.set(state.run_settings.with_untracked(|run| Some(step_at_pointer(share, run, &steps_now()))));
    };
    // After a touch the reading stays.
    let leave = move |event: ev::PointerEvent| {
        if event.pointer_type() == "mouse" {
            at.set(None);
        }
    };
    let look_back = move || {
        let moment = |step| state.moments.with_untracked(|moments| nearest(moments, step));
        if let Some(step) = at.get_untracked() {
            supervisor.look_back(moment(step));
        }
    };
    // A finger chooses a step to read, and may do so to scroll on.
    let click = move |event: ev::PointerEvent| {
        if event.pointer_type() == "mouse" && event.button() == 0 {
            look_back();
        }
    };
    let begin = move |_| {
        if at.get_untracked().is_none() {
            at.set(Some(*steps_now().end()));
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let steps = steps_now();
        let from = at.get_untracked().unwrap_or(*steps.end());
        let per_epoch = state.run_settings.with_untracked(|run| run.steps_per_epoch());
        if event.key() == "Escape" {
            at.set(None);
        } else if event.key() == "Enter" {
            look_back();
        } else if let Some(step) = step_after_key(&event.key(), event.shift_key(), from, &steps, per_epoch) {
            event.prevent_default();
            at.set(Some(step));
        }
    };
    view! {
        <div
            node_ref=slider
            class="read-out"
            tabindex="0"
            role="slider"
            aria-label="Losses at a step"
            aria-orientation="horizontal"
            aria-valuemin=move || steps().start().to_string()
            aria-valuemax=move || (*steps().end()).max(at.get().unwrap_or_default()).to_string()
            aria-valuenow=move || at.get().unwrap_or(*steps().end()).to_string()
            aria-valuetext=told
            on:pointermove=point
            on:pointerdown=point
            on:pointerup=click
            on:pointerleave=leave
            on:focus=begin
            on:blur=move |_| at.set(None)
            on:keydown=key
        >
            {move || reading.get().map(|reading| view! { <Marks reading scale /> <Table reading others=others(&reading) /> })}
        </div>
    }
}

/// The vertical line at the step, and a dot at each of its losses.
#[component]
fn Marks(reading: Reading, scale: RwSignal<Option<Scale>>) -> impl IntoView {
    let state = expect_context::<State>();
    let across = move |step: u64| {
        let planned = state.run_settings.with(|run| run.steps()).max(1);
        format!("--across: {:.5}", (step as f64 / planned as f64).min(1.0))
    };
    let dot = move |(is_divergence, class, step, loss): (bool, &'static str, u64, f32)| {
        let place = move |scale: &Scale| {
            let axis = if is_divergence { scale.divergence.as_ref()? } else { &scale.loss };
            Some(axis.place(f64::from(loss))).filter(|up| (0.0..=1.0).contains(up))
        };
        move || {
            scale.with(|scale| place(scale.as_ref()?)).map(|up| {
                let style = format!("{}; --up: {up:.5}", across(step));
                view! { <span class=format!("read-dot {class}") style=style></span> }
            })
        }
    };
    let Reading { step, raw, smoothed, parts, validation, .. } = reading;
    let mut dots = vec![(false, "raw", step, raw), (false, "smoothed", step, smoothed)];
    dots.extend(validation.map(|taken| (false, "validation", taken.steps, taken.loss)));
    dots.extend(parts.map(|parts| (false, "reconstruction", step, parts.reconstruction)));
    dots.extend(parts.map(|parts| (true, "divergence", step, parts.divergence)));
    view! {
        <span class="read-line" style=move || across(reading.step)></span>
        {dots.into_iter().map(dot).collect_view()}
    }
}

/// The losses in numbers, on the side of the line that has more space: those of the run, and those of earlier runs at the same
/// step.
#[component]
fn Table(reading: Reading, others: Vec<EarlierReading>) -> impl IntoView {
    let state = expect_context::<State>();
    let across = move || {
        let planned = state.run_settings.with(|run| run.steps()).max(1);
        (reading.step as f64 / planned as f64).min(1.0)
    };
    view! {
        <div
            class="read-table"
            class:wide=reading.parts.is_some()
            class:compares=!others.is_empty()
            class:at-left=move || { across() > 0.5 }
            style=move || format!("--across: {:.5}", across())
            inner_html=table(&reading, &others)
        ></div>
    }
}
