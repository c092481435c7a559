//! The legend of the colours. Pressing a class shows its dots alone, and gives it a colour where there are more classes than
//! colours.

use crate::app::views::erased::Shown;
use crate::{
    app::{state::State, supervisor::Supervisor, views::class_name::class_name},
    display::{class_colours::ClassColours, dataset::only},
};
use latent_core::plane::are_numbers;
use leptos::prelude::*;

/// One button per class. Nothing where images have no classes.
#[component]
pub(super) fn Legend(is_empty: Memo<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let classes = move || {
        let (classes, words) = (state.classes.get(), state.words());
        let buttons = (0u8..).zip(&classes).map(|(class, name)| {
            let label = only(&classes, words, class);
            view! { <Class class name=name.clone() label is_empty /> }
        });
        buttons.collect_view()
    };
    let is_named = move || state.classes.with(|classes| !are_numbers(classes));
    let is_long = Memo::new(move |_| state.classes.with(|classes| classes.len() > ClassColours::MOST));
    view! {
        <Shown when=move || is_long.get()>
            <p class="hint">"Ten classes have colours. Press another one to give it a colour and to show it alone."</p>
        </Shown>
        <ul
            class="legend"
            class:named=is_named
            class:long=is_long
            class:isolating=move || state.isolated.get().is_some()
            hidden=move || state.classes.with(Vec::is_empty)
            aria-label=move || format!("Colours of the {}", state.words().samples)
        >
            {classes}
        </ul>
    }
}

/// The button of a class.
#[component]
fn Class(class: u8, name: String, label: String, is_empty: Memo<bool>) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_isolated = move || state.isolated.get() == Some(class);
    view! {
        <li>
            <button
                type="button"
                class=move || format!("class {}", state.colours.with(|colours| colours.name(class)))
                aria-label=label.clone()
                title=label
                aria-pressed=move || is_isolated().to_string()
                disabled=is_empty
                on:click=move |_| supervisor.isolate(class)
            >
                {class_name(&name)}
            </button>
        </li>
    }
}
