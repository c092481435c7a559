//! Offers to go back to the run that gave way to a lesson.

use crate::app::views::{erased::text, layout::Layout, markup::Markup};
use crate::{
    app::{lessons::Lessons, state::State, supervisor::Supervisor},
    display::markup::offer,
};
use leptos::prelude::*;

/// Whether it is offered: a lesson was closed or has come to its end, and the run can be opened.
pub(super) fn is_offered(state: State, lessons: Lessons) -> Signal<bool> {
    Signal::derive(move || {
        let is_there = |run: u32| state.earlier_runs.with(|runs| runs.contains(&run));
        let is_over =
            lessons.walk.with(|walk| walk.as_ref().is_none_or(|walk| walk.is_done() && walk.is_last()));
        is_over && state.before_lesson.get().is_some_and(is_there)
    })
}

/// The offer.
#[component]
pub(in super::super) fn BeforeLesson() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let (lessons, layout) = (expect_context::<Lessons>(), expect_context::<Layout>());
    let is_offered = is_offered(state, lessons);
    let html = text(move || match is_offered.get() {
        true => {
            let buttons = [("back", "Back to my run"), ("stay", "Stay here")];
            offer("The run that you had before the lesson is kept.", buttons)
        }
        false => String::new(),
    });
    let press = Callback::new(move |key: String| {
        if key == "back" {
            lessons.close();
            if supervisor.return_from_lesson() {
                layout.return_to_noted();
            }
        } else {
            supervisor.leave_lesson();
        }
    });
    view! { <div role="status"><Markup html press /></div> }
}
