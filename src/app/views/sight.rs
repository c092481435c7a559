//! Whether an element can be seen: what is scrolled away needn't be drawn.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// The browser's own, as far as it is needed here.
    type IntersectionObserver;

    #[wasm_bindgen(constructor, catch)]
    fn new(listener: &JsValue) -> Result<IntersectionObserver, JsValue>;

    #[wasm_bindgen(method)]
    fn observe(this: &IntersectionObserver, element: &Element);
}

/// Keeps `is_in_sight` true while the element can be seen, and always where the browser doesn't tell.
pub(super) fn follow_sight(element: &Element, is_in_sight: RwSignal<bool>) {
    let listener = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        // The newest of the changes since the last call.
        let newest = entries.get(entries.length().saturating_sub(1));
        let intersects = js_sys::Reflect::get(&newest, &"isIntersecting".into());
        is_in_sight.set(intersects.map_or(true, |intersects| intersects.is_truthy()));
    });
    if let Ok(observer) = IntersectionObserver::new(&listener.into_js_value()) {
        observer.observe(element);
    }
}
