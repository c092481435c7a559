//! Marks the controls that the open lesson's task speaks of, and brings the first of them into sight.

use crate::{
    app::{
        lessons::Lessons,
        state::State,
        views::{layout::Layout, visibility::bring_into_sight},
    },
    display::lesson_controls::controls,
};
use latent_core::lesson::Walk;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The attribute of a marked control.
const MARK: &str = "data-marked";

/// The button *Train a new run*, of the question about settings that wait.
const TRAIN_NEW_RUN: &str = ".question[role=status] > button:first-of-type";

/// Marks controls while the lesson is open.
pub(super) fn follow(lessons: Lessons) {
    let (state, layout) = (expect_context::<State>(), expect_context::<Layout>());
    // One selector a line.
    let selectors = Memo::new(move |_| {
        let mut selectors = lessons.walk.with(|walk| {
            let unmet = walk.as_ref().map(Walk::unmet).unwrap_or_default().iter();
            unmet.fold(String::new(), |selectors, condition| selectors + &controls(condition) + "\n")
        });
        if !selectors.is_empty()
            && state.settings.with(|settings| state.run_settings.with(|run| run != settings))
        {
            selectors += TRAIN_NEW_RUN;
        }
        selectors
    });
    Effect::new(move |_| {
        let selectors = selectors.get();
        // A tab that was chosen has other controls.
        layout.shown();
        // They are there with the next frame.
        request_animation_frame(move || mark(&selectors));
    });
    on_cleanup(|| mark(""));
}

/// Takes all marks away, and marks these controls. The first that is shown comes into sight.
fn mark(selectors: &str) {
    for before in found(&format!("[{MARK}]")) {
        // It fails for a name that is none.
        let _ = before.remove_attribute(MARK);
    }
    let controls: Vec<Element> = selectors.lines().flat_map(found).collect();
    for control in &controls {
        let _ = control.set_attribute(MARK, "");
    }
    let is_shown = |control: &&Element| control.get_bounding_client_rect().width() > 0.0;
    if let Some(first) = controls.iter().find(is_shown) {
        bring_into_sight(first);
    }
}

/// The elements of a selector.
fn found(selector: &str) -> Vec<Element> {
    // An empty one is refused.
    let Ok(list) = document().query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.item(at)?.dyn_into().ok()).collect()
}
