//! What the page and its workers both need from a browser.
//!
//! The crate is empty on other targets.
#![cfg(target_family = "wasm")]

pub mod adapter; // what the browser discloses of its GPU
pub mod byte_stream; // reads streams of bytes, chunk by chunk
pub mod snapshot_channel; // connects a trainer to the explorer
pub mod worker_handle; // spawns a worker, and exchanges messages with it

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Any value as text. (`Debug` of a `JsValue` would bring a script along that looks into objects.)
    #[wasm_bindgen(js_name = String)]
    fn text_of(value: &JsValue) -> String;
}

/// An error of the browser in its words.
pub fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| text_of(error), |error| error.message().into())
}
