//! The colours of the digits. A press on one shows its kind alone.

use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// Ten buttons, one a kind.
#[component]
pub(super) fn Legend(is_empty: Memo<bool>) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let digits = (0..10u8).map(|digit| {
        let is_isolated = move || state.isolated.get() == Some(digit);
        view! {
            <li>
                <button
                    type="button"
                    class=format!("kind kind-{digit}")
                    aria-label=format!("Only digit {digit}")
                    title=format!("Only digit {digit}")
                    aria-pressed=move || is_isolated().to_string()
                    disabled=is_empty
                    on:click=move |_| supervisor.isolate(digit)
                >
                    {digit}
                </button>
            </li>
        }
    });
    view! {
        <ul
            class="legend"
            class:isolating=move || state.isolated.get().is_some()
            aria-label="Colours of the digits"
        >
            {digits.collect_view()}
        </ul>
    }
}
