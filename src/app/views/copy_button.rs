//! A button that copies a text, and says so.

use crate::app::clipboard;
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long the answer stands.
const STANDS: Duration = Duration::from_secs(4);

/// The button, and its answer behind it.
#[component]
pub(super) fn CopyButton(label: &'static str, #[prop(into)] text: Signal<String>) -> impl IntoView {
    let answer = RwSignal::new("");
    let copy = move |_| {
        spawn_local(async move {
            let is_copied = clipboard::copy(&text.get_untracked()).await;
            // The dialog may be closed by now.
            let _ = answer.try_set(if is_copied {
                "Copied"
            } else {
                "The browser did not copy it: select the text."
            });
            set_timeout(
                move || {
                    let _ = answer.try_set("");
                },
                STANDS,
            );
        });
    };
    view! {
        <button type="button" class="small" on:click=copy>{label}</button>
        <span role="status" class="answer">{answer}</span>
    }
}
