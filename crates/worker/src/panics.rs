//! Puts panics into words. A panic ends in a trap whose error says only "unreachable": web/engine.js reports the panic's
//! message in its place.

use std::panic::{self, PanicHookInfo};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Notes why the program is about to end, in part of a sentence.
    #[wasm_bindgen(js_name = noteFailure)]
    fn note_failure(why: &str);
}

/// Has panics noted, and logged to the console, from now on.
pub(super) fn note_panics() {
    panic::set_hook(Box::new(|panic: &PanicHookInfo| {
        let message = panic.payload_as_str().unwrap_or("no message");
        let place = panic.location().map(|at| format!(" at {}:{}", at.file(), at.line()));
        let why = format!("an error in the program{}: {message}", place.unwrap_or_default());
        web_sys::console::error_1(&JsValue::from_str(&why));
        note_failure(&why);
    }));
}
