//! Copies a link to the page as it is.

use super::Icon;
use crate::app::{address, state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The button. What it did is told among the messages.
#[component]
pub(super) fn Share() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    view! {
        <button
            type="button"
            class="small share"
            aria-label="Share"
            title="Copy a link to these settings and this point: s"
            on:click=move |_| address::share(state, supervisor)
        >
            <Icon path="M12 15V4M8 8l4-4 4 4M5 12v7h14v-7" />
            <span aria-hidden="true">"Share"</span>
        </button>
    }
}
