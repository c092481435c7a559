//! The lines between members of a team: a message port for each pair, on which plain numbers pass.

use crate::{kernels::cpu::team::Others, training::TrainerError};
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort};

/// A member's ports to all others.
pub(super) struct Ports(Vec<Port>);

struct Port {
    /// Who is at the other end.
    member: usize,
    port: MessagePort,
    told: UnboundedReceiver<Vec<u8>>,
    _hear: Closure<dyn Fn(MessageEvent)>,
}

impl Ports {
    /// Listens on the ports to these members.
    pub(super) fn new(ports: impl IntoIterator<Item = (usize, MessagePort)>) -> Self {
        Self(ports.into_iter().map(|(member, port)| Port::new(member, port)).collect())
    }
}

impl Port {
    fn new(member: usize, port: MessagePort) -> Self {
        let (tell, told) = unbounded();
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            // What isn't bytes has no length that a share could have, and is refused there.
            let bytes = message.data().dyn_into().map(|bytes: Uint8Array| bytes.to_vec()).unwrap_or_default();
            drop(tell.unbounded_send(bytes));
        });
        port.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        Self { member, port, told, _hear: hear }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        self.port.close();
    }
}

impl Others for Ports {
    fn tell(&mut self, bytes: &[u8]) {
        for Port { port, .. } in &self.0 {
            let bytes = Uint8Array::from(bytes);
            if let Err(error) = port.post_message_with_transferable(&bytes, &Array::of1(&bytes.buffer())) {
                web_sys::console::error_2(&"a share could not be posted".into(), &error);
            }
        }
    }

    async fn hear(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        let mut all = Vec::with_capacity(self.0.len());
        for Port { member, told, .. } in &mut self.0 {
            let told = told.next().await.ok_or_else(|| TrainerError::Team("a port was closed".into()))?;
            all.push((*member, told));
        }
        Ok(all)
    }
}
