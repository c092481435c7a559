//! Waits for what a browser may never answer, but not for ever: what web/patience.js does for the page.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// A promise of the same, or of `null` if that takes longer than so many milliseconds.
    #[wasm_bindgen(js_name = within)]
    fn race(ms: u32, promise: &Promise) -> Promise;
}

/// What a promise comes to; `null` if that takes longer than so many milliseconds.
pub async fn within(ms: u32, promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(race(ms, &promise)).await
}
