//! The worker's end of the line to who spawned it, and the way to let messages in between two slices of work.

use futures_channel::{mpsc::UnboundedSender, oneshot};
use js_sys::{Array, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use super::release;
use latent_protocol::{self, Greeting};

/// The worker that this runs in.
pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Posts an event to who spawned this worker; the bytes move, they aren't copied.
pub(super) fn post<T: Serialize>(event: &T) {
    let bytes = Uint8Array::from(latent_protocol::encode(event).as_slice());
    let sent = scope().post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
    if let Err(error) = sent {
        web_sys::console::error_2(&"a message could not be posted".into(), &error);
    }
}

/// The worker's first word to the page.
pub(super) fn greet() {
    post(&Greeting { release: release::id() });
}

/// Puts the page's commands into `inbox` from now on. One that can't be read is answered by `refuse`.
pub(super) fn listen<C: DeserializeOwned, Input: 'static>(
    inbox: UnboundedSender<Input>,
    accept: impl Fn(C) -> Input + 'static,
    refuse: impl Fn(String) + 'static,
) {
    listen_with_ports(inbox, move |command, _| accept(command), refuse);
}

/// The same for commands that may bring message ports.
pub(super) fn listen_with_ports<C: DeserializeOwned, Input: 'static>(
    inbox: UnboundedSender<Input>,
    accept: impl Fn(C, Array) -> Input + 'static,
    refuse: impl Fn(String) + 'static,
) {
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let bytes = message.data().dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
        match latent_protocol::decode(&bytes) {
            // The session ends only with the worker.
            Ok(command) => drop(inbox.unbounded_send(accept(command, message.ports().unchecked_into()))),
            Err(error) => refuse(error.to_string()),
        }
    });
    scope().set_onmessage(Some(listener.into_js_value().unchecked_ref()));
}

/// Gives way to waiting messages by a message to itself: a timer would cost 4 ms, and far more in a hidden tab.
pub(super) struct Rest {
    port: MessagePort,
    waiting: Rc<Cell<Option<oneshot::Sender<()>>>>,
}

impl Rest {
    pub(super) fn new() -> Result<Self, JsValue> {
        let channel = MessageChannel::new()?;
        let waiting = Rc::new(Cell::new(None::<oneshot::Sender<()>>));
        let wake = {
            let waiting = waiting.clone();
            Closure::<dyn Fn()>::new(move || {
                waiting.take().map(|waiter| waiter.send(())).unwrap_or(Ok(())).unwrap_or(())
            })
        };
        channel.port1().set_onmessage(Some(wake.into_js_value().unchecked_ref()));
        Ok(Self { port: channel.port2(), waiting })
    }

    /// Comes back when the messages that are waiting have been delivered.
    pub(super) async fn take(&self) {
        let (waiter, woken) = oneshot::channel();
        self.waiting.set(Some(waiter));
        if self.port.post_message(&JsValue::NULL).is_ok() {
            // Cancelled only when the worker ends.
            woken.await.unwrap_or(());
        }
    }
}
