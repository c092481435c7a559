//! A newer release of the page is there.

use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The offer to take it, which waits: what runs here is not disturbed.
#[component]
pub(super) fn Update() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    view! {
        <div role="status">
            <Show when=move || state.release_waits.get()>
                <div class="notice update">
                    <p>
                        "A newer version of this page is there. A reload takes it and begins anew; without one it comes with your next visit."
                    </p>
                    <button type="button" on:click=move |_| supervisor.take_release()>"Reload"</button>
                </div>
            </Show>
        </div>
    }
}
