//! The bar at the top of the page: the data set, the buttons and readings of the run, and the tools of the page.
//!
//! On a phone the buttons and readings are at the bottom of the window, where a thumb reaches them.

mod data;
mod icon;
mod run_controls;
mod share;
mod theme;
mod undo;

use super::{embed::Embed, keyboard_shortcuts::KeyboardShortcuts, lesson::LessonsButton};
use crate::app::state::State;
use latent_core::link::Part;
use leptos::{portal::Portal, prelude::*};
use share::Share;
use theme::ThemeButton;

pub(super) use icon::Icon;

/// The bar. It is put into the page's header, which index.html has, so that the header does not move when the program starts.
#[component]
pub(super) fn Bar() -> impl IntoView {
    let state = expect_context::<State>();
    let [header, controls] = [Part::Header, Part::Controls].map(|part| state.shows(part));
    let masthead = document().query_selector(".masthead").ok().flatten()?;
    let title = masthead.query_selector("h1").ok().flatten();
    if let Some(title) = title.filter(|_| !header) {
        title.remove();
    }
    if !header && !controls {
        masthead.remove();
        return None;
    }
    Some(view! {
            <Portal mount=masthead>
                {controls.then(|| view! { <data::DataMenu /> <run_controls::RunControls /> })}
                {header.then(|| view! {
                    <div class="page-tools">
                        <undo::UndoButton />
                        <LessonsButton />
                        <Share />
                        <Embed />
                        <KeyboardShortcuts />
                        <ThemeButton />
                    </div>
                })}
            </Portal>
    })
}
