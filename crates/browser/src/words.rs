//! Errors of the browser as parts of sentences.
//!
//! The browser's own words are for programmers, differ between browsers, and are English at best: `The operation is insecure`,
//! `can't access property "request"`. So they are not shown. What an error means follows from its name.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

/// What an error of the browser means, in part of a sentence without a full stop.
///
/// Errors that our own scripts throw have the name `Error`, and a message for people, which stays. So does a string.
pub fn words(error: &JsValue) -> String {
    let text =
        |name: &str| Reflect::get(error, &name.into()).ok()?.as_string().filter(|text| !text.is_empty());
    let own = error.as_string().or_else(|| (text("name")? == "Error").then(|| text("message"))?);
    own.map_or_else(
        || meaning(text("name").as_deref().unwrap_or_default()).into(),
        |own| own.trim_end_matches('.').into(),
    )
}

/// What an error of this name means.
fn meaning(name: &str) -> &'static str {
    match name {
        "SecurityError" | "NotAllowedError" => "the browser refuses it to this page",
        "QuotaExceededError" => "its storage is full",
        "RangeError" => "there is not enough memory",
        "NotFoundError" => "it is no longer there",
        "NotReadableError" => "it could not be read: it was changed, moved or protected",
        "AbortError" | "TimeoutError" => "the browser gave it up",
        "DataCloneError" => "it could not be passed on",
        "NotSupportedError" => "this browser cannot do it",
        _ => "the browser reports an error without a reason",
    }
}
