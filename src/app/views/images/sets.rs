//! The sets that the browser keeps.

use crate::app::views::erased::text;
use crate::{
    app::{importer::Importer, own_images::OwnImages, state::State},
    display::import_text,
};
use leptos::{ev, prelude::*};
use web_sys::HtmlInputElement;

/// The sets, each with what can be done with it.
#[component]
pub(super) fn Sets() -> impl IntoView {
    let (state, importer) = (expect_context::<State>(), expect_context::<Importer>());
    let rows =
        move || state.own_images.get().into_iter().map(|images| view! { <Set images /> }).collect_view();
    view! {
        <section class="sets" hidden=move || state.own_images.with(Vec::is_empty) aria-labelledby="sets-title">
            <h3 id="sets-title">"In this browser"</h3>
            <ul>{rows}</ul>
        </section>
        <p class="problem" role="alert">{text(move || importer.problem.get())}</p>
    }
}

#[component]
fn Set(images: OwnImages) -> impl IntoView {
    let (state, importer) = (expect_context::<State>(), expect_context::<Importer>());
    let OwnImages { set, title, classes, bytes, .. } = images;
    let told = import_text::set(set, classes.len(), bytes);
    // A run that loses its images cannot go on.
    let is_used = move || {
        [state.settings, state.run_settings]
            .iter()
            .any(|settings| settings.with(|it| it.data.own() == Some(set)))
    };
    let rename =
        move |event: ev::Event| importer.rename(set, &event_target::<HtmlInputElement>(&event).value());
    let file = title.clone();
    // The first press asks.
    let is_asked = RwSignal::new(false);
    let delete = move |_| match is_asked.get_untracked() {
        true => importer.remove(set),
        false => is_asked.set(true),
    };
    view! {
        <li>
            <input type="text" aria-label=format!("Name of {title}") maxlength="60" autocomplete="off" prop:value=title.clone() on:change=rename />
            <p class="hint">{told}</p>
            <button type="button" class="small" aria-label=format!("Save {title}") on:click=move |_| importer.save(set, &file)>"Save"</button>
            <button
                type="button"
                class="small"
                aria-label=move || format!("{} {title}", if is_asked.get() { "Delete for good:" } else { "Delete" })
                title=move || if is_used() { "The run uses these images" } else { "" }
                disabled=is_used
                on:click=delete
                on:blur=move |_| is_asked.set(false)
            >
                {text(move || if is_asked.get() { "Delete for good" } else { "Delete" })}
            </button>
        </li>
    }
}
