//! The offer to resume the training saved by an earlier visit.

use crate::app::views::{erased::text, markup::Markup};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::markup::offer,
};
use leptos::prelude::*;

/// The offer.
#[component]
pub(super) fn Resume() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let html = text(move || match state.resumable.get() {
        Some(saved) => {
            let name = format!("Resume at epoch {}", saved.epoch);
            offer("Your last training on this device was saved.", [("resume", &name), ("decline", "Not now")])
        }
        None => String::new(),
    });
    let press = Callback::new(move |key: String| match key == "resume" {
        true => supervisor.resume(),
        false => supervisor.decline_resume(),
    });
    view! { <div role="status"><Markup html press /></div> }
}
