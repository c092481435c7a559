//! The handle of a worker, for who spawned it: the page, or a trainer that has helpers. It spawns the worker, sends
//! commands, receives events, and ends the worker when it is dropped.

use crate::{new_worker::new_worker, words};
use js_sys::{Array, Uint8Array};
use latent_protocol::{self, Greeting, ProtocolError, Role};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    cell::{Cell, RefCell},
    marker::PhantomData,
    rc::Rc,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker};

/// How a worker failed. Reasons are parts of sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkerFailure {
    /// It is of another release than who spawned it.
    OtherRelease,
    /// Its script or its program could not be loaded.
    Missing(String),
    /// It died, or the exchange of messages failed.
    Died(String),
}

impl WorkerFailure {
    /// Why, in part of a sentence.
    pub fn why(self) -> String {
        match self {
            Self::OtherRelease => "the page is of another release: reload it".into(),
            Self::Missing(why) | Self::Died(why) => why.trim_end_matches('.').into(),
        }
    }
}

/// How much of a worker's program has been loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadProgress {
    /// Bytes that have arrived over the network.
    pub bytes: usize,
    /// Bytes in all. 0 if the server does not say.
    pub of_bytes: usize,
}

/// A worker that takes `Command`s. It is ended when this is dropped.
pub struct WorkerHandle<Command> {
    worker: Worker,
    /// Messages that wait for the worker's greeting: those that come before it listens would be lost.
    waiting: Rc<RefCell<Option<Vec<Message>>>>,
    failures: Failures,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(Event)>,
    command: PhantomData<Command>,
}

/// Takes an event as bytes.
type TakeEvent = Box<dyn Fn(&[u8]) -> Result<(), ProtocolError>>;

/// A command as bytes, and what goes with it.
struct Message {
    bytes: Uint8Array,
    /// Message ports and buffers, which are moved.
    ports: Array,
    /// Files, or arrays in those buffers. Files are not copied: the worker reads them when it needs them.
    files: Option<Array>,
}

/// Reports the first failure of a worker, and no other.
#[derive(Clone)]
struct Failures {
    report: Rc<dyn Fn(WorkerFailure)>,
    is_reported: Rc<Cell<bool>>,
}

impl Failures {
    fn report(&self, failure: WorkerFailure) {
        if !self.is_reported.replace(true) {
            (self.report)(failure);
        }
    }

    /// Reports once the caller, who may hold the handle, has returned.
    fn report_later(&self, why: String) {
        let failures = self.clone();
        spawn_local(async move { failures.report(WorkerFailure::Died(why)) });
    }
}

impl<Command: Serialize> WorkerHandle<Command> {
    /// Spawns the worker of this script, which must be of this release. `on_load` gets the progress of its program,
    /// `on_event` its events, `on_failure` how it failed, once.
    pub fn spawn<WorkerEvent: DeserializeOwned>(
        script: &str,
        own_release: String,
        role: Role,
        on_load: impl Fn(LoadProgress) + 'static,
        on_event: impl Fn(WorkerEvent) + 'static,
        on_failure: impl Fn(WorkerFailure) + 'static,
    ) -> Result<Self, JsValue> {
        let on_event = Box::new(move |bytes: &[u8]| latent_protocol::decode(bytes).map(&on_event));
        let failures = Failures { report: Rc::new(on_failure), is_reported: Rc::default() };
        Self::spawn_for_bytes(script, own_release, role, Box::new(on_load), on_event, failures)
    }

    /// The same for events as bytes, so that it is compiled once for all kinds of events.
    fn spawn_for_bytes(
        script: &str,
        own_release: String,
        role: Role,
        on_load: Box<dyn Fn(LoadProgress)>,
        on_event: TakeEvent,
        failures: Failures,
    ) -> Result<Self, JsValue> {
        let worker = new_worker(script, role)?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let on_message = {
            let (worker, waiting, failures) = (worker.clone(), waiting.clone(), failures.clone());
            Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
                let bytes = match message.data().dyn_into::<Uint8Array>() {
                    Ok(bytes) => bytes.to_vec(),
                    // From web/engine.js: numbers are the progress of the program, a string is how the worker failed.
                    Err(data) => match data.dyn_ref::<Array>() {
                        Some(numbers) => return on_load(load_progress(numbers)),
                        None => {
                            let why = data.as_string().unwrap_or_default();
                            return failures.report(failure(&waiting, why));
                        }
                    },
                };
                if waiting.borrow().is_none() {
                    if let Err(error) = on_event(&bytes) {
                        failures.report(WorkerFailure::Died(error.to_string()));
                    }
                    return;
                }
                match latent_protocol::decode(&bytes) {
                    Ok(Greeting { release }) if release == own_release => {
                        for message in waiting.borrow_mut().take().into_iter().flatten() {
                            post(&worker, &failures, message);
                        }
                    }
                    Ok(_) | Err(ProtocolError::Version(_)) => failures.report(WorkerFailure::OtherRelease),
                    Err(error) => failures.report(WorkerFailure::Died(error.to_string())),
                }
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_error = {
            let (waiting, failures) = (waiting.clone(), failures.clone());
            Closure::<dyn Fn(Event)>::new(move |error: Event| {
                // It is reported here. Otherwise a helper's error would be its trainer's too, and end that one.
                error.prevent_default();
                // Of a script that does not start the browser tells other programmers' words, if any.
                let has_started = waiting.borrow().is_none();
                let why =
                    error.dyn_ref().map(ErrorEvent::message).filter(|why| has_started && !why.is_empty());
                let why = why.unwrap_or_else(|| "it could not be loaded".into());
                failures.report(failure(&waiting, why));
            })
        };
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            waiting,
            failures,
            _on_message: on_message,
            _on_error: on_error,
            command: PhantomData,
        })
    }

    /// Sends a command, once the worker listens.
    pub fn send(&self, command: &Command) {
        self.send_message(command, Array::new(), None);
    }

    /// Sends a command and message ports, once the worker listens.
    pub fn send_with_ports(&self, command: &Command, ports: &Array) {
        self.send_message(command, ports.clone(), None);
    }

    /// Sends a command and files, once the worker listens. The message is an array of the two.
    pub fn send_with_files(&self, command: &Command, files: &Array) {
        self.send_message(command, Array::new(), Some(files.clone()));
    }

    /// Sends a command and arrays of bytes, which are moved, once the worker listens. The message is an array of the two.
    pub fn send_with_buffers(&self, command: &Command, arrays: &Array) {
        let buffers = arrays.iter().map(|array| array.unchecked_into::<Uint8Array>().buffer()).collect();
        self.send_message(command, buffers, Some(arrays.clone()));
    }

    fn send_message(&self, command: &Command, ports: Array, files: Option<Array>) {
        let bytes = match latent_protocol::encode(command) {
            Ok(bytes) => Uint8Array::from(bytes.as_slice()),
            Err(error) => return self.failures.report_later(error.to_string()),
        };
        let message = Message { bytes, ports, files };
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(message),
            None => post(&self.worker, &self.failures, message),
        }
    }

    /// Whether the worker listens.
    pub fn is_listening(&self) -> bool {
        self.waiting.borrow().is_none()
    }
}

impl<Command> Drop for WorkerHandle<Command> {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// A worker that has not greeted yet could not be loaded.
fn failure<T>(waiting: &RefCell<Option<T>>, why: String) -> WorkerFailure {
    if waiting.borrow().is_some() { WorkerFailure::Missing(why) } else { WorkerFailure::Died(why) }
}

fn load_progress(numbers: &Array) -> LoadProgress {
    let number = |at| numbers.get(at).as_f64().unwrap_or_default() as usize;
    LoadProgress { bytes: number(0), of_bytes: number(1) }
}

/// Posts a message. Its bytes and ports are moved, not copied.
fn post(worker: &Worker, failures: &Failures, Message { bytes, ports, files }: Message) {
    ports.push(&bytes.buffer());
    let message: JsValue = match files {
        Some(files) => Array::of2(&bytes, &files).into(),
        None => bytes.into(),
    };
    if let Err(error) = worker.post_message_with_transfer(&message, &ports) {
        failures.report_later(format!("a message could not be sent to it: {}", words(&error)));
    }
}
