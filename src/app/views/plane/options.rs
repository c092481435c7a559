//! What the colours of the dots mean, and whether contours show where classes are dense.

use crate::{
    app::{exploration::Exploration, state::State},
    display::structure_text,
};
use latent_core::plane::errors::scale;
use leptos::prelude::*;

/// The buttons.
#[component]
pub(super) fn Options() -> impl IntoView {
    let state = expect_context::<State>();
    let Exploration { shows_errors, shows_contours, .. } = state.exploration;
    let button = |name: &'static str, title: &'static str, is_on: RwSignal<bool>| {
        view! {
            <button type="button" class="small" title=title aria-pressed=move || is_on.get().to_string()
                on:click=move |_| is_on.update(|is_on| *is_on = !*is_on)>{name}</button>
        }
    };
    view! {
        {button(
            "Colour by error",
            "Colour each dot by the mean squared error of what is decoded from it, instead of by class",
            shows_errors,
        )}
        {button(
            "Contours",
            "Lines around where each class is dense",
            shows_contours,
        )}
    }
}

/// The legend of the errors while they are shown.
#[component]
pub(super) fn ErrorLegend() -> impl IntoView {
    let Exploration { shows_errors, errors, .. } = expect_context::<State>().exploration;
    let ends = Memo::new(move |_| errors.with(|errors| scale(errors)));
    let end = move |at: usize| ends.get().map_or_else(String::new, |ends| structure_text::error(ends[at]));
    view! {
        // The numbers stand beside its colours by the style sheet.
        <p class="error-legend hint" hidden=move || !shows_errors.get() role="img" data-least=move || end(0) data-most=move || end(1)
            aria-label=move || format!("Colours of the mean squared error, from {} to {}", end(0), end(1))><span></span></p>
    }
}
