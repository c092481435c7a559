//! Copies a link to the page as it is.

use crate::app::{address, state::State, supervisor::Supervisor};
use leptos::{ev, prelude::*};
use web_sys::HtmlInputElement;

/// The button and its result.
#[component]
pub(super) fn Share() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_copied =
        move || state.shared.with(|shared| shared.as_ref().is_some_and(|shared| shared.is_copied));
    let to_copy = move || {
        state.shared.with(|shared| {
            shared.as_ref().filter(|shared| !shared.is_copied).map(|shared| shared.address.clone())
        })
    };
    let select = |event: ev::FocusEvent| event_target::<HtmlInputElement>(&event).select();
    view! {
        <p role="status" class="shared">{move || is_copied().then_some("Link copied")}</p>
        <button
            type="button"
            class="small"
            title="Copy a link to these settings and this point: s"
            on:click=move |_| address::share(state, supervisor)
        >
            "Share"
        </button>
        {move || to_copy().map(|address| view! {
            <label class="to-copy">
                "Copy this link"
                <input type="text" readonly prop:value=address on:focus=select />
            </label>
        })}
    }
}
