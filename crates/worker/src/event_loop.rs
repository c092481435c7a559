//! The way to let messages in between two pieces of work.

use futures_channel::oneshot;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessagePort};

/// Gives way to waiting messages, by a message of its own. A timer would take 4 ms, and far more in a hidden tab.
pub(super) struct EventLoop {
    port: MessagePort,
    waiting: Rc<Cell<Option<oneshot::Sender<()>>>>,
}

impl EventLoop {
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

    /// Returns when the messages that are waiting have been delivered.
    pub(super) async fn run_once(&self) {
        let (waiter, woken) = oneshot::channel();
        self.waiting.set(Some(waiter));
        if self.port.post_message(&JsValue::NULL).is_ok() {
            // Cancelled only when the worker ends.
            woken.await.unwrap_or(());
        }
    }
}
