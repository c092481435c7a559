//! All that the page says to the person and asks, in sight wherever the page is scrolled to: notices, questions, offers and
//! answers.

mod answer;
pub(super) mod before_lesson;
mod changes;
mod linked_model;
mod notices;
mod offered;
pub(super) mod rare_questions;
pub(super) mod replay;
mod resume;
mod to_copy;
mod update;

use super::lazy::{Lazy, LazyView};
use crate::app::state::State;
use leptos::prelude::*;

/// What needs an answer, or has gone wrong. It stands below the bar and covers nothing.
#[component]
pub(super) fn Questions() -> impl IntoView {
    let state = expect_context::<State>();
    let is_rare_asked =
        Signal::derive(move || state.offered.with(Option::is_some) || state.to_copy.with(Option::is_some));
    view! {
        <div class="messages questions">
            <notices::Notices />
            <linked_model::LinkedModel />
            <changes::Changes />
            <Lazy view=LazyView::RareQuestions when=is_rare_asked />
        </div>
    }
}

/// What comes without being asked for, or goes by itself. It stands beside the tabs, on a phone above them, so that it covers no
/// control and nothing moves when it appears.
#[component]
pub(super) fn Offers() -> impl IntoView {
    let state = expect_context::<State>();
    let is_replay_offered = Signal::derive(move || state.replay.with(Option::is_some));
    view! {
        <div class="messages offers">
            <update::Update />
            <Lazy view=LazyView::Replay when=is_replay_offered />
            <Lazy view=LazyView::BeforeLesson when=before_lesson::is_offered(state, expect_context()) />
            <resume::Resume />
            <answer::Answer />
        </div>
    }
}
