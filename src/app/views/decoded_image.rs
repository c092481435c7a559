//! The image decoded at the point on the plane, the code in numbers, and the nearest image of the data set.

use super::{
    image_canvas::ImageCanvas,
    image_pair::{ImagePair, error_of, in_frames},
    layout::{Layout, Tab},
    structure::Tiles,
};
use crate::app::views::erased::text;
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::numbers::{code_distribution, coordinate, unit_name},
};
use latent_core::settings::code_number;
use latent_protocol::Pair;
use leptos::{ev, prelude::*};
use web_sys::HtmlInputElement;

/// The panel.
#[component]
pub(super) fn DecodedImage() -> impl IntoView {
    let (state, layout) = (expect_context::<State>(), expect_context::<Layout>());
    let decoded = Signal::derive(move || state.decoded.get());
    let units = Memo::new(move |_| state.code.with(Vec::len));
    let label = move || {
        let code = state.code.with(|code| {
            let number = |(unit, &value): (usize, &f32)| format!("z{} {}", unit + 1, coordinate(value));
            code.iter().enumerate().map(number).collect::<Vec<_>>().join(", ")
        });
        format!("The {} decoded at {code}", state.words().sample)
    };
    view! {
        <section class="panel decoded" aria-labelledby="decoded-title" hidden=move || !layout.shows(Tab::Explore)>
            <h2 id="decoded-title">"Decoded " {text(move || state.words().sample)}</h2>
            <div class="decoded-body">
                <ImageCanvas id="decoded-digit" image=decoded label=Signal::derive(label) />
                <div class="decoded-side">
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

/// A text field with one number of the code.
#[component]
fn Coordinate(unit: usize) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let value = move || state.code.with(|code| code.get(unit).copied().unwrap_or_default());
    let is_invalid = RwSignal::new(false);
    let take = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let typed = code_number(&input.value());
        is_invalid.set(typed.is_err());
        match typed {
            Ok(typed) => {
                let mut code = state.code.get_untracked();
                if let Some(number) = code.get_mut(unit) {
                    *number = typed;
                }
                supervisor.explore(code);
                input.set_value(&coordinate(value()));
            }
            Err(error) => supervisor.notify(format!("{error}.")),
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
            aria-invalid=move || is_invalid.get().to_string()
            // Until it is held the point follows the visible range, which would overwrite what is being typed.
            on:focus=move |_| supervisor.hold_code()
            on:change=take
        />
    }
}

/// The plotted image whose code is nearest to the point, and its reconstruction.
#[component]
fn Nearest() -> impl IntoView {
    let state = expect_context::<State>();
    // The one before stays until the next one is there.
    let nearest = Memo::new(move |before: Option<&Option<Pair>>| {
        let nearest = state.nearest.get()?;
        let found = state.pairs.with(|pairs| pairs.iter().find(|pair| pair.image == nearest).cloned());
        found.or_else(|| before.cloned().flatten())
    });
    let nearest = in_frames(nearest);
    let hint = move || {
        let sample = state.words().sample;
        let error = nearest.with(|nearest| nearest.as_ref().map(error_of).unwrap_or_default());
        match nearest.with(|nearest| nearest.as_ref().and_then(|nearest| nearest.label)) {
            Some(label) => {
                let set = state.plotted.get().set().name();
                format!("Nearest {set} {sample}: {}{error}", state.sample_of(label))
            }
            None => format!("Nearest {sample}{error}"),
        }
    };
    let distribution = move || {
        let axes = state.axes.get();
        nearest.with(|pair| Some(code_distribution(pair.as_ref()?.distribution.as_ref()?, axes)))
    };
    view! {
        <div class="nearest">
            <p class="hint">{text(hint)}</p>
            <ImagePair pair=nearest />
            <p class="hint numbers">{text(distribution)}</p>
            <Tiles images=state.exploration.nearest label="Nearest images".to_owned() />
        </div>
    }
}
