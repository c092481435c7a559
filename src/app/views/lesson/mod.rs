//! The lesson that is open: what is seen, what to do, and whether it was done.
//!
//! A task may be done while a pointer is down on the plane, which must not move then. The mark changes at once, and the words
//! when the pointer is up. In a wide window the panel is as high as its longest text from the beginning of a step.

mod list;
mod marks;
mod sight;

use super::{
    erased::{Shown, text},
    lazy::{Lazy, LazyView},
};
use crate::app::lessons::Lessons;
use latent_core::lesson::{Step, Walk};
use leptos::{ev, html, prelude::*};

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
        lessons.walk.with(|walk| {
            walk.as_ref().map(|walk| (walk.index(), walk.is_done(), walk.is_last(), walk.awaits_look()))
        })
    });
    let at = move || place.get().map_or(0, |(at, ..)| at);
    let is_done = move || place.get().is_some_and(|(_, is_done, ..)| is_done);
    let is_last = move || place.get().is_some_and(|(.., is_last, _)| is_last);
    let awaits_look = move || place.get().is_some_and(|(.., awaits_look)| awaits_look);
    let is_held = held_pointer();
    // The words change once the page may move.
    let is_told =
        Memo::new(move |was: Option<&bool>| is_done() && (was.is_some_and(|was| *was) || !is_held.get()));
    let is_finished = move || is_told.get() && is_last();
    let of_step = move |part: fn(&Step) -> String| {
        text(move || lessons.walk.with(|walk| walk.as_ref().and_then(Walk::step).map(part)))
    };
    let conclusion = move || {
        let is_last = |walk: &&Walk| walk.is_last();
        lessons.walk.with(|walk| {
            walk.as_ref().filter(is_last).map(|walk| lessons.conclusion(&walk.lesson)).unwrap_or_default()
        })
    };
    let mark = move || match (is_done(), awaits_look()) {
        (true, _) => "Done",
        (_, true) => "To look at",
        _ => "To do",
    };
    let is_unfolded = RwSignal::new(false);
    let has_next = move || lessons.next_lesson().is_some();
    let next = move |_| match untrack(is_last) {
        _ if lessons.look() => {}
        true if untrack(has_next) => lessons.open_next(),
        true => {
            lessons.close();
            lessons.list();
        }
        false => lessons.go_to(untrack(at) + 1),
    };
    let next_name = move || match is_last() {
        true if awaits_look() => "Next",
        true if has_next() => "Next lesson",
        true => "All lessons",
        false => "Next",
    };
    let close = move |_| {
        lessons.close();
        list::focus_button();
    };
    view! {
        <section node_ref=panel class="lesson" class:unfolded=is_unfolded class:done=Signal::derive(is_done) class:finished=Signal::derive(is_finished) class:looking=Signal::derive(awaits_look) tabindex="-1" aria-labelledby="lesson-title">
            <div class="lesson-head">
                <h2 id="lesson-title">{of(|walk| walk.lesson.title.clone())}</h2>
                <p class="hint">{of(|walk| format!("Step {} of {}", walk.index() + 1, walk.lesson.steps.len()))}</p>
            </div>
            <div class="lesson-body">
                <p class="lesson-text stacked">
                    <span class:off=Signal::derive(is_finished)>{of_step(|step| step.text.clone())}</span>
                    <span class:off=Signal::derive(move || !is_finished())>{text(conclusion)}</span>
                </p>
                <p class="lesson-task">
                    <span class="lesson-mark" role="img" aria-label=mark></span>
                    // What was done is answered in the place of the task.
                    <span class="stacked">
                        <span class:off=Signal::from(is_told)>{of_step(Step::request)}</span>
                        <span class:off=Signal::derive(move || !is_told.get())>{of_step(|step| step.after.clone())}</span>
                    </span>
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
                <button type="button" class="small lesson-next" class:primary=Signal::derive(move || is_done() || awaits_look()) on:click=next>
                    {text(next_name)}
                </button>
                <button type="button" class="small" aria-label="Close the lesson" on:click=close>"Close"</button>
            </div>
        </section>
    }
}

/// Whether a pointer is down.
fn held_pointer() -> RwSignal<bool> {
    let is_held = RwSignal::new(false);
    for (name, holds) in [("pointerdown", true), ("pointerup", false), ("pointercancel", false)] {
        let listener =
            window_event_listener(ev::Custom::new(name), move |_: web_sys::Event| is_held.set(holds));
        on_cleanup(move || listener.remove());
    }
    is_held
}
