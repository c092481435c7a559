//! The legend of the colours. Pressing a class shows its dots alone.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::dataset::{SAMPLE, SAMPLES, dataset},
};
use leptos::prelude::*;

/// One button per class.
#[component]
pub(super) fn Legend(is_empty: Memo<bool>) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let classes = (0u8..).zip(dataset().classes).map(|(class, name)| {
        let is_isolated = move || state.isolated.get() == Some(class);
        let label = format!("Only {SAMPLE} {name}");
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
                    {name}
                </button>
            </li>
        }
    });
    view! {
        <ul
            class="legend"
            class:isolating=move || state.isolated.get().is_some()
            aria-label=format!("Colours of the {SAMPLES}")
        >
            {classes.collect_view()}
        </ul>
    }
}
