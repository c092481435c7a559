//! Shows a link that the browser did not copy.

use crate::app::state::State;
use leptos::{ev, prelude::*};
use web_sys::HtmlInputElement;

/// A field with the link, until it is dismissed.
#[component]
pub(super) fn ToCopy() -> impl IntoView {
    let state = expect_context::<State>();
    let select = |event: ev::FocusEvent| event_target::<HtmlInputElement>(&event).select();
    let field = move |address: String| {
        view! {
            <div class="message to-copy" role="status">
                <label>
                    "Copy this link"
                    <input type="text" readonly prop:value=address on:focus=select />
                </label>
                <button type="button" class="small" on:click=move |_| state.to_copy.set(None)>"Close"</button>
            </div>
        }
    };
    move || state.to_copy.get().map(field)
}
