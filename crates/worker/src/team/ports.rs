//! The lines between members of a team: a message port for each pair, on which plain numbers pass.

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use latent_core::training::TrainerError;
use latent_cpu::team::Communicator;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort};

/// A member's ports to all others.
pub(super) struct Ports(Vec<Port>);

struct Port {
    /// Who is at the other end.
    member: usize,
    port: MessagePort,
    told: UnboundedReceiver<Vec<u8>>,
    used: Rc<RefCell<Used>>,
    _hear: Closure<dyn Fn(MessageEvent)>,
}

/// Buffers that came with bytes which have been read: the next bytes go out in them, so that the same few travel back and
/// forth. New ones are pages that the browser asks of the system for every message, and later gives back one by one.
#[derive(Default)]
struct Used(Vec<ArrayBuffer>);

impl Used {
    /// As many as there are kinds of shares in a step. (The last batch of an epoch may be smaller, and so are its shares.)
    const KEPT: usize = 2;

    fn keep(&mut self, buffer: ArrayBuffer) {
        if self.0.len() == Self::KEPT {
            self.0.remove(0);
        }
        self.0.push(buffer);
    }

    /// A copy of these bytes, in a used buffer if one of their length is there.
    fn filled(&mut self, bytes: &[u8]) -> Uint8Array {
        match self.0.iter().position(|buffer| buffer.byte_length() as usize == bytes.len()) {
            Some(at) => {
                let copy = Uint8Array::new(&self.0.remove(at));
                copy.copy_from(bytes);
                copy
            }
            None => bytes.into(),
        }
    }
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
        let used = Rc::new(RefCell::new(Used::default()));
        let to_keep = used.clone();
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            // What isn't bytes has no length that a share could have, and is refused there.
            let bytes = message.data().dyn_into().map_or_else(
                |_| Vec::new(),
                |array: Uint8Array| {
                    let bytes = array.to_vec();
                    to_keep.borrow_mut().keep(array.buffer());
                    bytes
                },
            );
            drop(tell.unbounded_send(bytes));
        });
        port.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        Self { member, port, told, used, _hear: hear }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        self.port.close();
    }
}

impl Communicator for Ports {
    fn send(&mut self, bytes: &[u8]) {
        for Port { port, used, .. } in &self.0 {
            let bytes = used.borrow_mut().filled(bytes);
            if let Err(error) = port.post_message_with_transferable(&bytes, &Array::of1(&bytes.buffer())) {
                web_sys::console::error_2(&"a share could not be posted".into(), &error);
            }
        }
    }

    async fn recv(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        let mut all = Vec::with_capacity(self.0.len());
        for Port { member, told, .. } in &mut self.0 {
            let told = told.next().await.ok_or_else(|| TrainerError::Team("a port was closed".into()))?;
            all.push((*member, told));
        }
        Ok(all)
    }
}
