//! Error messages and other notices, until the user dismisses them.

use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The notices, the newest last.
#[component]
pub(super) fn Notices() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    // Identified by their text, because indices change when others are dismissed. A text may be in the list twice.
    let texts = move || {
        let mut texts = Vec::new();
        for text in state.notices.get() {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    };
    let dismiss = move |text: &str| {
        let position =
            || state.notices.with_untracked(|notices| notices.iter().position(|notice| notice == text));
        while let Some(at) = position() {
            supervisor.dismiss(at);
        }
    };
    view! {
        <div class="notices">
            <For each=texts key=Clone::clone let:text>
                <div class="message notice" role="alert">
                    <p>{text.clone()}</p>
                    <button type="button" aria-label="Dismiss" on:click=move |_| dismiss(&text)>
                        <span aria-hidden="true">"×"</span>
                    </button>
                </div>
            </For>
        </div>
    }
}
