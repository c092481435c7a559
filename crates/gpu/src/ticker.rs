//! Pauses of a millisecond in a browser.

use futures_channel::oneshot;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessagePort};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &JsValue, ms: u32);
}

/// Gives pauses of a millisecond. Browsers make a timer that is set by a timer wait for four: so each is set by a message.
pub(super) struct Ticker {
    port: MessagePort,
    waiting: Rc<RefCell<Option<oneshot::Sender<()>>>>,
}

impl Ticker {
    /// `None` where there are no message channels.
    pub(super) fn new() -> Option<Self> {
        let channel = MessageChannel::new().ok()?;
        let waiting = Rc::new(RefCell::new(None::<oneshot::Sender<()>>));
        let waiter = waiting.clone();
        let on_message = Closure::<dyn Fn()>::new(move || {
            let Some(waiter) = waiter.take() else { return };
            set_timeout(&Closure::once_into_js(move || waiter.send(()).unwrap_or(())), 1);
        });
        channel.port1().set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
        Some(Self { port: channel.port2(), waiting })
    }

    /// Returns after a millisecond.
    pub(super) async fn pause(&self) {
        let (waiter, woken) = oneshot::channel();
        self.waiting.replace(Some(waiter));
        if self.port.post_message(&JsValue::NULL).is_ok() {
            // Cancelled only when the worker ends.
            woken.await.unwrap_or(());
        }
    }
}
