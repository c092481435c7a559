//! Waits for what a browser may never answer, but not for ever.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// The timer of pages and workers alike.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: u32);
}

/// Lets so many milliseconds pass.
pub async fn pause(ms: u32) {
    // A timer's promise does not fail.
    let _ = JsFuture::from(timer(ms, JsValue::UNDEFINED)).await;
}

/// A promise of `value` after so many milliseconds.
fn timer(ms: u32, value: JsValue) -> Promise {
    Promise::new(&mut |resolve, _| {
        let value = value.clone();
        let callback = Closure::once_into_js(move || drop(resolve.call1(&JsValue::NULL, &value)));
        set_timeout(callback.unchecked_ref(), ms);
    })
}

/// What a promise comes to; `None` if that takes longer than so many milliseconds.
pub async fn within(ms: u32, promise: Promise) -> Option<Result<JsValue, JsValue>> {
    // No promise of a browser resolves to a symbol of ours.
    let late: JsValue = js_sys::Symbol::for_("late").into();
    let race = js_sys::Array::of2(&promise, &timer(ms, late.clone()));
    match JsFuture::from(Promise::race(&race)).await {
        Ok(value) if value == late => None,
        settled => Some(settled),
    }
}
