//! What an earlier visit has kept.

use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The offer to go on with it. It lies over the page, so that nothing moves when it comes and goes.
#[component]
pub(super) fn Resume() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let name = move || state.resumable.get().map(|kept| format!("Resume at epoch {}", kept.epoch));
    view! {
        <div role="status" class="resume">
            <Show when=move || state.resumable.with(Option::is_some)>
                <div class="notice update">
                    <p>"Your last training here was kept."</p>
                    <button type="button" on:click=move |_| supervisor.resume()>{name}</button>
                    <button type="button" on:click=move |_| supervisor.leave_kept()>"Not now"</button>
                </div>
            </Show>
        </div>
    }
}
