//! The lesson that is open: what is seen, what to do, and whether it was done.

mod list;
mod marks;
mod sight;

use super::{
    erased::{Shown, text},
    lazy::{Lazy, LazyView},
};
use crate::app::lessons::Lessons;
use latent_core::lesson::Walk;
use leptos::{html, prelude::*};

pub(super) use list::{Entries, LessonList, LessonsButton};

/// The lesson, below the bar, while there is one. On a phone its explanation is folded away.
#[component]
pub(super) fn LessonPanel() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    sight::follow(lessons);
    let is_open = move || lessons.walk.with(Option::is_some);
    view! { <Shown when=is_open><Lazy view=LazyView::Lesson when=Signal::stored(true) /></Shown> }
}

/// What the open lesson says.
#[component]
pub(super) fn Panel() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let panel = NodeRef::<html::Section>::new();
    Effect::new(move |_| {
        // Whoever has chosen it from the list goes on here; whoever opens a link begins at the top of the page.
        if let Some(panel) = panel.get().filter(|_| lessons.is_chosen.get_value()) {
            // It fails on a page that is being closed.
            let _ = panel.focus();
        }
    });
    marks::follow(lessons);
    let of = move |part: fn(&Walk) -> String| text(move || lessons.walk.with(|walk| walk.as_ref().map(part)));
    let place = Memo::new(move |_| {
        lessons.walk.with(|walk| walk.as_ref().map(|walk| (walk.index(), walk.is_done(), walk.is_last())))
    });
    let at = move || place.get().map_or(0, |(at, ..)| at);
    let is_done = move || place.get().is_some_and(|(_, is_done, _)| is_done);
    let is_last = move || place.get().is_some_and(|(.., is_last)| is_last);
    let is_finished = move || is_done() && is_last();
    let explanation = move || {
        lessons.walk.with(|walk| match walk {
            Some(walk) if walk.is_done() && walk.is_last() => lessons.conclusion(&walk.lesson),
            walk => walk.as_ref().and_then(Walk::step).map(|step| step.text.clone()).unwrap_or_default(),
        })
    };
    // What was done is answered in the place of the task.
    let task = move || {
        lessons.walk.with(|walk| {
            let step = |walk: &Walk| {
                let step = walk.step()?;
                Some(if walk.is_done() { step.after.clone() } else { step.task.clone() })
            };
            walk.as_ref().and_then(step)
        })
    };
    let is_unfolded = RwSignal::new(false);
    let has_next = move || lessons.next_lesson().is_some();
    let next = move |_| match untrack(is_last) {
        true if untrack(is_finished) && untrack(has_next) => lessons.open_next(),
        true => {
            lessons.close();
            lessons.list();
        }
        false => lessons.go_to(untrack(at) + 1),
    };
    let next_name = move || match is_last() {
        true if is_finished() && has_next() => "Next lesson",
        true => "All lessons",
        false => "Next",
    };
    let close = move |_| {
        lessons.close();
        list::focus_button();
    };
    view! {
        <section node_ref=panel class="lesson" class:unfolded=is_unfolded class:done=is_done class:finished=is_finished tabindex="-1" aria-labelledby="lesson-title">
            <div class="lesson-head">
                <h2 id="lesson-title">{of(|walk| walk.lesson.title.clone())}</h2>
                <p class="hint">{of(|walk| format!("Step {} of {}", walk.index() + 1, walk.lesson.steps.len()))}</p>
            </div>
            <div class="lesson-body">
                <p class="lesson-text">{text(explanation)}</p>
                <p class="lesson-task">
                    <span class="lesson-mark" role="img" aria-label=move || if is_done() { "Done" } else { "To do" }></span>
                    {text(task)}
                </p>
            </div>
            <div class="lesson-buttons">
                <button
                    type="button"
                    class="small lesson-more"
                    aria-expanded=move || is_unfolded.get().to_string()
                    on:click=move |_| is_unfolded.update(|is_unfolded| *is_unfolded = !*is_unfolded)
                >
                    {text(move || if is_unfolded.get() { "Less" } else { "More" })}
                </button>
                <button type="button" class="small" disabled=move || at() == 0 on:click=move |_| lessons.go_to(untrack(at).saturating_sub(1))>
                    "Back"
                </button>
                <button type="button" class="small lesson-next" class:primary=is_done on:click=next>
                    {text(next_name)}
                </button>
                <button type="button" class="small" aria-label="Close the lesson" on:click=close>"Close"</button>
            </div>
        </section>
    }
}
