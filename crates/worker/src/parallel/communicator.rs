//! The exchange between the members: a message port for each pair of them, on which plain numbers pass.

use crate::messages::{self, words};
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use latent_core::{team::Communicator, training::TrainerError};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort};

/// A member's ports to all others.
pub(super) struct Ports(Vec<Port>);

struct Port {
    /// The rank of the member at the other end.
    member: usize,
    port: MessagePort,
    received: UnboundedReceiver<Vec<u8>>,
    buffers: Rc<RefCell<Buffers>>,
    _listener: Closure<dyn Fn(MessageEvent)>,
}

/// Buffers of received messages, in which the next messages are sent, so that the same few travel back and forth. For a
/// new buffer the browser asks the system for memory, with every message.
#[derive(Default)]
struct Buffers(Vec<ArrayBuffer>);

impl Buffers {
    /// How many are kept: one for each message that a member sends in a step. (The last batch of an epoch may be smaller,
    /// and so are its messages.)
    const MOST: usize = 2;

    fn keep(&mut self, buffer: ArrayBuffer) {
        if self.0.len() == Self::MOST {
            self.0.remove(0);
        }
        self.0.push(buffer);
    }

    /// A copy of these bytes, in a kept buffer if one has their length.
    fn copy(&mut self, bytes: &[u8]) -> Uint8Array {
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
        let (receive, received) = unbounded();
        let buffers = Rc::new(RefCell::new(Buffers::default()));
        let to_keep = buffers.clone();
        let listener = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            // The receiver refuses messages of another length: those without bytes have none.
            let bytes = message.data().dyn_into().map_or_else(
                |_| Vec::new(),
                |array: Uint8Array| {
                    let bytes = array.to_vec();
                    to_keep.borrow_mut().keep(array.buffer());
                    bytes
                },
            );
            drop(receive.unbounded_send(bytes));
        });
        port.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Self { member, port, received, buffers, _listener: listener }
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
        for Port { port, buffers, .. } in &self.0 {
            let bytes = buffers.borrow_mut().copy(bytes);
            if let Err(error) = port.post_message_with_transferable(&bytes, &Array::of1(&bytes.buffer())) {
                messages::fail(&words(&error));
            }
        }
    }

    async fn recv(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        let mut all = Vec::with_capacity(self.0.len());
        for Port { member, received, .. } in &mut self.0 {
            let bytes = received.next().await;
            all.push((*member, bytes.ok_or_else(|| TrainerError::Team("a port was closed".into()))?));
        }
        Ok(all)
    }
}
