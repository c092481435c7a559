//! Whether an element is on the screen: observes it, so that hidden ones need not be drawn, and brings one there.

use crate::app::travel::prefers_less_motion;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

#[wasm_bindgen]
extern "C" {
    /// The browser's `IntersectionObserver`, as far as it is used here.
    type IntersectionObserver;

    #[wasm_bindgen(constructor, catch)]
    fn new(listener: &JsValue) -> Result<IntersectionObserver, JsValue>;

    #[wasm_bindgen(method)]
    fn observe(this: &IntersectionObserver, element: &Element);
}

/// Sets `is_visible` to whether the element is on the screen, now and at each change. Where the browser has no
/// `IntersectionObserver` it stays as it is.
pub(super) fn track_visibility(element: &Element, is_visible: RwSignal<bool>) {
    let listener = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        // The last entry is the newest.
        let newest = entries.get(entries.length().saturating_sub(1));
        let intersects = js_sys::Reflect::get(&newest, &"isIntersecting".into());
        is_visible.set(intersects.map_or(true, |intersects| intersects.is_truthy()));
    });
    if let Ok(observer) = IntersectionObserver::new(&listener.into_js_value()) {
        observer.observe(element);
    }
}

/// Milliseconds from a refusal until its reason is brought into sight: a press that has left the field, on a button perhaps, is
/// over.
const AFTER_PRESS: Duration = Duration::from_millis(250);

/// Brings the reason of a refusal, the first element of a selector, into sight whenever there is one: on a phone it may be behind
/// a bar.
pub(super) fn show_reason(selector: String, problem: RwSignal<Option<String>>) {
    Effect::new(move |_| {
        if problem.with(Option::is_some) {
            let selector = selector.clone();
            let show = move || {
                if let Ok(Some(reason)) = document().query_selector(&selector) {
                    bring_into_sight(&reason);
                }
            };
            set_timeout(show, AFTER_PRESS);
        }
    });
}

/// Scrolls the page as far as it must for an element to be in sight.
pub(super) fn bring_into_sight(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    options.set_behavior(match prefers_less_motion() {
        true => ScrollBehavior::Instant,
        false => ScrollBehavior::Smooth,
    });
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
