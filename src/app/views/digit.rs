//! The digit decoded at the point on the plane, its code in numbers, and the nearest real digit.

use super::picture::Picture;
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::numbers::{coordinate, unit_name},
};
use latent_protocol::Pair;
use leptos::{ev, prelude::*};
use web_sys::HtmlInputElement;

/// The panel.
#[component]
pub(super) fn Digit() -> impl IntoView {
    let state = expect_context::<State>();
    let decoded = Signal::derive(move || state.decoded.get().map(Vec::from));
    let units = Memo::new(move |_| state.code.with(Vec::len));
    let label = move || {
        let numbers = state.code.with(|code| {
            let number = |(unit, &value): (usize, &f32)| format!("z{} {}", unit + 1, coordinate(value));
            code.iter().enumerate().map(number).collect::<Vec<_>>().join(", ")
        });
        format!("The digit decoded at {numbers}")
    };
    view! {
        <section class="panel digit" aria-labelledby="digit-title">
            <h2 id="digit-title">"Decoded digit"</h2>
            <div class="digit-body">
                <Picture id="decoded-digit" image=decoded label=Signal::derive(label) />
                <div class="digit-side">
                    <div class="coordinates" class:many=move || { units.get() > 2 }>
                        <For each=move || 0..units.get() key=|unit| *unit let:unit>
                            <Coordinate unit />
                        </For>
                    </div>
                    <Nearest />
                </div>
            </div>
        </section>
    }
}

/// A number of the code, to be read and to be typed.
#[component]
fn Coordinate(unit: usize) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let value = move || state.code.with(|code| code.get(unit).copied().unwrap_or_default());
    let is_wrong = RwSignal::new(false);
    let take = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let typed = input.value().trim().replace('−', "-").parse::<f32>();
        is_wrong.set(!typed.as_ref().is_ok_and(|typed| typed.is_finite()));
        if let (Ok(typed), false) = (typed, is_wrong.get_untracked()) {
            let mut code = state.code.get_untracked();
            if let Some(number) = code.get_mut(unit) {
                *number = typed;
            }
            supervisor.explore(code);
            input.set_value(&coordinate(value()));
        }
    };
    let id = format!("coordinate-{}", unit + 1);
    view! {
        <label for=id.clone()>{unit_name(unit)}</label>
        <input
            id=id
            type="text"
            inputmode="decimal"
            autocomplete="off"
            prop:value=move || coordinate(value())
            aria-invalid=move || is_wrong.get().to_string()
            title=move || if is_wrong.get() { "Not a number" } else { "" }
            // Whoever types holds the point, or it would move on and take what was typed along.
            on:focus=move |_| state.is_point_held.set(true)
            on:change=take
        />
    }
}

/// The plotted digit whose code is nearest, and what the network makes of it.
#[component]
fn Nearest() -> impl IntoView {
    let state = expect_context::<State>();
    let nearest = Memo::new(move |_| {
        let digit = state.nearest.get()?;
        state.pairs.with(|pairs| pairs.iter().find(|pair| pair.digit == digit).cloned())
    });
    view! {
        <div class="nearest">
            <p class="hint">
                {move || match nearest.with(|nearest| nearest.as_ref().and_then(|nearest| nearest.label)) {
                    Some(label) => format!("Nearest {} digit: a {label}", state.plotted.get().set().name()),
                    None => "Nearest digit".into(),
                }}
            </p>
            <ThereAndBack pair=nearest />
        </div>
    }
}

/// A digit and its reconstruction, side by side.
#[component]
pub(super) fn ThereAndBack(#[prop(into)] pair: Signal<Option<Pair>>) -> impl IntoView {
    let image = move |of: fn(&Pair) -> Option<&Vec<u8>>| {
        Signal::derive(move || pair.with(|pair| pair.as_ref().and_then(of).cloned()))
    };
    let named = move |what: &'static str| {
        Signal::derive(move || {
            let label = pair.with(|pair| pair.as_ref().and_then(|pair| pair.label));
            label.map_or_else(|| what.to_owned(), |label| format!("{what} of a {label}"))
        })
    };
    view! {
        <div class="there-and-back">
            <Picture image=image(|pair| pair.original.as_ref()) label=named("Image") />
            <Picture image=image(|pair| Some(&pair.copy)) label=named("Reconstruction") />
        </div>
    }
}
