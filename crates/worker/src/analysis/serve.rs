//! The worker's end of the analysis.

use super::answer;
use crate::{messages, panics};
use latent_protocol::AnalysisCommand;
use wasm_bindgen::prelude::*;
use web_sys::MessageEvent;

/// Serves as the analyst.
pub fn serve() {
    panics::note_panics();
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        match messages::read::<AnalysisCommand>(&message) {
            Ok(command) => messages::post(&answer(command)),
            Err(error) => messages::fail(&error.to_string()),
        }
    });
    messages::scope().set_onmessage(Some(listener.into_js_value().unchecked_ref()));
    messages::greet();
}
