//! Small things that are remembered on this device. Whatever is refused costs only the memory.

use leptos::prelude::window;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Storage may be refused altogether: then the getter itself throws.
    #[wasm_bindgen(js_namespace = localStorage, js_name = getItem, catch)]
    fn get(key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(js_namespace = localStorage, js_name = setItem, catch)]
    fn set(key: &str, value: &str) -> Result<(), JsValue>;
}

/// Pages of one origin share their memory.
fn own(key: &str) -> String {
    format!("latent-playground-{key}")
}

/// What was remembered under this key.
pub(super) fn recall(key: &str) -> Option<String> {
    get(&own(key)).ok().flatten()
}

/// Remembers a text under this key, in place of the one before. A page that a program measures (`?bench=`, web/bench.js) keeps
/// nothing.
pub(super) fn remember(key: &str, value: &str) {
    let query = window().location().search().unwrap_or_default();
    if !query.contains("bench=") {
        let _ = set(&own(key), value);
    }
}
