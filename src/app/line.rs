//! The page's end of the line to a worker: spawns it, sends commands, hears events, and ends it when dropped.

use crate::protocol::{self, Role};
use js_sys::{Array, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use std::{cell::RefCell, marker::PhantomData, rc::Rc};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// A worker that takes `Command`s. It is ended when this is dropped.
pub(super) struct Line<Command> {
    worker: Worker,
    /// What waits for the worker's first word: a message that comes before it listens is lost.
    waiting: Rc<RefCell<Option<Vec<Uint8Array>>>>,
    _heard: Closure<dyn Fn(MessageEvent)>,
    _broke: Closure<dyn Fn(Event)>,
    command: PhantomData<Command>,
}

impl<Command: Serialize> Line<Command> {
    /// Spawns the worker of this script. `hear` gets its events, `broke` one sentence if it dies or speaks nonsense.
    pub(super) fn open<Event_: DeserializeOwned>(
        script: &str,
        role: Role,
        hear: impl Fn(Event_) + 'static,
        broke: impl Fn(String) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(role.name());
        let worker = Worker::new_with_options(script, &options)?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));

        let heard = {
            let (worker, waiting, broke) = (worker.clone(), waiting.clone(), broke.clone());
            Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
                for command in waiting.borrow_mut().take().into_iter().flatten() {
                    post(&worker, &command);
                }
                let bytes =
                    message.data().dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
                match protocol::decode(&bytes) {
                    Ok(event) => hear(event),
                    Err(error) => broke(error.to_string()),
                }
            })
        };
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let broke = Closure::<dyn Fn(Event)>::new(move |error: Event| {
            let why = error.dyn_ref::<web_sys::ErrorEvent>().map(web_sys::ErrorEvent::message);
            broke(why.filter(|why| !why.is_empty()).unwrap_or_else(|| "it could not be loaded".into()));
        });
        worker.set_onerror(Some(broke.as_ref().unchecked_ref()));
        Ok(Self { worker, waiting, _heard: heard, _broke: broke, command: PhantomData })
    }

    /// Sends a command, as soon as the worker listens.
    pub(super) fn send(&self, command: &Command) {
        let bytes = Uint8Array::from(protocol::encode(command).as_slice());
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(bytes),
            None => post(&self.worker, &bytes),
        }
    }
}

impl<Command> Drop for Line<Command> {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn post(worker: &Worker, bytes: &Uint8Array) {
    if let Err(error) = worker.post_message_with_transfer(bytes, &Array::of1(&bytes.buffer())) {
        web_sys::console::error_2(&"a command could not be posted".into(), &error);
    }
}
