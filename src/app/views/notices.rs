//! What went wrong, until it is dismissed.

use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The notices, the newest last.
#[component]
pub(super) fn Notices() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    // Dismissed by its text: by then it may stand at another place.
    let dismiss = move |text: &str| {
        if let Some(at) = state.notices.with_untracked(|notices| notices.iter().position(|notice| notice == text)) {
            supervisor.dismiss(at);
        }
    };
    view! {
        <div class="notices">
            <For each=move || state.notices.get() key=Clone::clone let:text>
                <div class="notice" role="alert">
                    <p>{text.clone()}</p>
                    <button type="button" aria-label="Dismiss" on:click=move |_| dismiss(&text)>
                        <span aria-hidden="true">"×"</span>
                    </button>
                </div>
            </For>
        </div>
    }
}
