//! The legend of the colours. Pressing a class shows its dots alone.

use crate::{
    app::{state::State, supervisor::Supervisor, views::class_name::class_name},
    display::dataset::only,
};
use latent_core::plane::are_numbers;
use leptos::prelude::*;

/// One button per class.
#[component]
pub(super) fn Legend(is_empty: Memo<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let classes = move || {
        let dataset = state.dataset.get();
        let labels = (0u8..).zip(dataset.classes());
        labels
            .map(|(class, &name)| view! { <Class class name label=only(dataset, class) is_empty /> })
            .collect_view()
    };
    view! {
        <ul
            class="legend"
            class:named=move || !are_numbers(state.dataset.get().classes())
            class:isolating=move || state.isolated.get().is_some()
            aria-label=move || format!("Colours of the {}", state.words().samples)
        >
            {classes}
        </ul>
    }
}

/// The button of a class.
#[component]
fn Class(class: u8, name: &'static str, label: String, is_empty: Memo<bool>) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_isolated = move || state.isolated.get() == Some(class);
    view! {
        <li>
            <button
                type="button"
                class=format!("class class-{class}")
                aria-label=label.clone()
                title=label
                aria-pressed=move || is_isolated().to_string()
                disabled=is_empty
                on:click=move |_| supervisor.isolate(class)
            >
                {class_name(name)}
            </button>
        </li>
    }
}
