//! The notice that a newer release of the page is available.

use crate::app::views::erased::Shown;
use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The notice and the button that reloads the page. Until then nothing changes.
#[component]
pub(super) fn Update() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    view! {
        <div role="status">
            <Shown when=move || state.release_waits.get()>
                <div class="message">
                    <p>
                        "A newer version of this page is available. Reload to use it now. Otherwise your next visit uses it."
                    </p>
                    <button type="button" class="small" on:click=move |_| supervisor.take_release()>"Reload"</button>
                </div>
            </Shown>
        </div>
    }
}
