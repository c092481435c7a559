//! Asks before a model that the link names is loaded.

use crate::app::views::erased::{Shown, text};
use crate::app::{state::State, supervisor::Supervisor};
use leptos::prelude::*;

/// The question whether to load the model. The page fetches nothing from other sites, so the user has to download a
/// model from there.
#[component]
pub(super) fn LinkedModel() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let address = move || state.linked.get().map(|linked| linked.address);
    let is_asked = move || state.linked.with(|linked| linked.as_ref().is_some_and(|linked| !linked.is_open));
    let is_elsewhere = move || address().is_some_and(|address| !supervisor.may_fetch(&address));
    let question = move || match is_elsewhere() {
        true => {
            "This link names a model on another site. This page loads nothing from other sites. Download the model and \
             open it here:"
        }
        false => "This link names a model. Load it? The page checks the file first:",
    };
    view! {
        <Shown when=is_asked>
            <div class="message question" role="alert">
                <p>{text(question)} " " <a href=address target="_blank" rel="noopener noreferrer">{text(address)}</a></p>
                <button type="button" class="small" hidden=is_elsewhere on:click=move |_| supervisor.accept_linked()>
                    "Load model"
                </button>
                <button type="button" class="small" on:click=move |_| supervisor.decline_linked()>"Not now"</button>
            </div>
        </Shown>
    }
}
