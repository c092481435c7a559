//! The list of lessons, and the button that shows it.

use crate::app::{
    lessons::Lessons,
    supervisor::Supervisor,
    views::{
        bar::Icon,
        dialog::Dialog,
        erased::text,
        layout::Layout,
        lazy::{Lazy, LazyView},
    },
};
use latent_core::lesson::Lesson;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The button's id.
const BUTTON: &str = "lessons-button";

/// The button.
#[component]
pub(in super::super) fn LessonsButton() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    view! {
        <button
            type="button"
            id=BUTTON
            class="small lessons"
            aria-label="Lessons"
            title="Short lessons on this page"
            aria-haspopup="dialog"
            on:click=move |_| lessons.list()
        >
            <Icon path="M4 5c3-1 6-1 8 1 2-2 5-2 8-1v13c-3-1-6-1-8 1-2-2-5-2-8-1zM12 6v13" />
            <span aria-hidden="true">"Lessons"</span>
        </button>
    }
}

/// Gives the button the focus, where the page has it.
pub(super) fn focus_button() {
    let button =
        document().get_element_by_id(BUTTON).and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button {
        // It fails on a page that is being closed.
        let _ = button.focus();
    }
}

/// The dialog with the list.
#[component]
pub(in super::super) fn LessonList() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    view! {
        <Dialog is_open=lessons.is_listed id="lessons" title="Lessons">
            <Lazy view=LazyView::Lessons when=lessons.is_listed />
        </Dialog>
    }
}

/// The list: each lesson with what was done of it.
#[component]
pub(in super::super) fn Entries() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let (supervisor, layout) = (expect_context::<Supervisor>(), expect_context::<Layout>());
    let choose = move |lesson: &Lesson| {
        if supervisor.note_scene() {
            layout.note();
        }
        lessons.choose(lesson.clone());
    };
    let entry = move |lesson: Lesson| {
        let (title, about, steps) = (lesson.title.clone(), lesson.about.clone(), lesson.steps.len());
        let of = lesson.clone();
        let done = Memo::new(move |_| lessons.progress.with(|progress| progress.of(&of)));
        let state = move || match done.get() {
            0 => format!("{steps} steps"),
            done if done == steps => "Done".into(),
            done => format!("{done} of {steps} steps done"),
        };
        view! {
            <li>
                <button type="button" class="lesson-entry" class:done=move || done.get() == steps on:click=move |_| choose(&lesson)>
                    <strong>{title}</strong>
                    <span>{about}</span>
                    <span class="hint">{text(state)}</span>
                </button>
            </li>
        }
    };
    view! {
        <p class="hint">"Each takes a few minutes. Your run is kept: Undo goes back to it."</p>
        <ul class="lesson-entries">{move || lessons.all.get().into_iter().map(entry).collect_view()}</ul>
    }
}
