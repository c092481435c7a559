//! All that the page says to the person and asks, in one place that stays in sight: notices, questions and answers.

mod answer;
mod changes;
mod linked_model;
mod notices;
mod offered;
mod replay;
mod resume;
mod to_copy;
mod update;

use leptos::prelude::*;

/// The messages. They lie over the page, so that nothing moves when one appears or disappears.
#[component]
pub(super) fn Messages() -> impl IntoView {
    view! {
        <div class="messages">
            <notices::Notices />
            <update::Update />
            <linked_model::LinkedModel />
            <replay::Replay />
            <resume::Resume />
            <offered::Offered />
            <changes::Changes />
            <to_copy::ToCopy />
            <answer::Answer />
        </div>
    }
}
