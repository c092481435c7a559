//! The offer to resume the training saved by an earlier visit.

use crate::app::views::erased::{Shown, text};
use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The offer.
#[component]
pub(super) fn Resume() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let name = move || state.resumable.get().map(|saved| format!("Resume at epoch {}", saved.epoch));
    view! {
        <div role="status">
            <Shown when=move || state.resumable.with(Option::is_some)>
                <div class="message">
                    <p>"Your last training on this device was saved."</p>
                    <button type="button" class="small" on:click=move |_| supervisor.resume()>{text(name)}</button>
                    <button type="button" class="small" on:click=move |_| supervisor.decline_resume()>"Not now"</button>
                </div>
            </Shown>
        </div>
    }
}
