//! All that the page says to the person and asks, in sight wherever the page is scrolled to: notices, questions, offers and answers.

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

/// What needs an answer, or has gone wrong. It stands below the bar and covers nothing.
#[component]
pub(super) fn Questions() -> impl IntoView {
    view! {
        <div class="messages questions">
            <notices::Notices />
            <linked_model::LinkedModel />
            <offered::Offered />
            <changes::Changes />
            <to_copy::ToCopy />
        </div>
    }
}

/// What comes without being asked for, or goes by itself. It lies over the page, so that nothing moves when it appears.
#[component]
pub(super) fn Offers() -> impl IntoView {
    view! {
        <div class="messages offers">
            <update::Update />
            <replay::Replay />
            <resume::Resume />
            <answer::Answer />
        </div>
    }
}
