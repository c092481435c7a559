//! The worker's end of the messages to and from who spawned it, and of ports to other workers.

use super::release;
use futures_channel::mpsc::UnboundedSender;
use js_sys::{Array, Uint8Array};
use latent_protocol::{Greeting, ProtocolError};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

/// The worker that this runs in.
pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sends an event to who spawned this worker. The bytes are moved, not copied. Ends the worker if that is impossible.
pub(super) fn post<T: Serialize>(event: &T) {
    if let Err(why) = try_post(event, |bytes, moved| scope().post_message_with_transfer(bytes, moved)) {
        fail(&why);
    }
}

/// Sends a message on a port to another worker.
pub(super) fn post_on<T: Serialize>(port: &MessagePort, message: &T) {
    if let Err(why) = try_post(message, |bytes, moved| port.post_message_with_transferable(bytes, moved)) {
        fail(&why);
    }
}

/// Tells who spawned this worker why it cannot go on, in part of a sentence. The worker is ended then.
pub(super) fn fail(why: &str) {
    if let Err(error) = scope().post_message(&why.into()) {
        web_sys::console::error_2(&why.into(), &error);
    }
}

fn try_post<T: Serialize>(
    message: &T,
    send: impl FnOnce(&JsValue, &JsValue) -> Result<(), JsValue>,
) -> Result<(), String> {
    let bytes = latent_protocol::encode(message).map_err(|error| error.to_string())?;
    let bytes = Uint8Array::from(bytes.as_slice());
    send(&bytes, &Array::of1(&bytes.buffer())).map_err(|error| words(&error))
}

/// An error of the browser in its words.
pub(super) use latent_browser::words;

/// The worker's first message.
pub(super) fn greet() {
    post(&Greeting { release: release::id() });
}

/// Puts the commands of who spawned this worker into `inbox` from now on, as what `accept` makes of each and of the
/// message ports that come with it. `refuse` answers a command that cannot be read.
pub(super) fn listen<C: DeserializeOwned, Input: 'static>(
    inbox: UnboundedSender<Input>,
    mut accept: impl FnMut(C, Vec<MessagePort>) -> Input + 'static,
    refuse: impl Fn(String) + 'static,
) {
    let listener =
        Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| match read(&message) {
            Ok(command) => {
                let ports: Array = message.ports().unchecked_into();
                let ports = ports.iter().map(JsCast::unchecked_into).collect();
                // The session ends only with the worker.
                drop(inbox.unbounded_send(accept(command, ports)));
            }
            Err(error) => refuse(error.to_string()),
        });
    scope().set_onmessage(Some(listener.into_js_value().unchecked_ref()));
}

/// Reads a message.
pub(super) fn read<M: DeserializeOwned>(message: &MessageEvent) -> Result<M, ProtocolError> {
    let bytes = message.data().dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
    latent_protocol::decode(&bytes)
}
