//! The handle of a worker, in the page or in a worker that has helpers: spawns it, sends commands, receives events, and
//! ends it when dropped.

use js_sys::{Array, Uint8Array};
use latent_protocol::{self, Greeting, ProtocolError, Role};
use serde::{Serialize, de::DeserializeOwned};
use std::{cell::RefCell, marker::PhantomData, rc::Rc};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// How a worker came to be of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkerError {
    /// It is of another release than who spawned it.
    OtherRelease,
    /// Its script or its engine could not be loaded; why, in part of a sentence.
    Missing(String),
    /// It died, or its messages can't be read; why, in part of a sentence.
    Died(String),
}

/// How much of an engine has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadProgress {
    /// Bytes that came over the network.
    pub bytes: usize,
    /// Bytes that are to come, 0 if the server didn't tell.
    pub of_bytes: usize,
}

/// A worker that takes `Command`s. It is ended when this is dropped.
pub struct WorkerHandle<Command> {
    worker: Worker,
    /// Commands that wait for the worker's greeting: a message that comes before it listens is lost.
    waiting: Rc<RefCell<Option<Vec<Uint8Array>>>>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(Event)>,
    command: PhantomData<Command>,
}

impl<Command: Serialize> WorkerHandle<Command> {
    /// Spawns the worker of this script, which must be of this release. `loading` is told how its engine loads,
    /// `received` gets its messages, `failed` is told if it can't serve.
    pub fn open<Message: DeserializeOwned>(
        script: &str,
        own_release: String,
        role: Role,
        loading: impl Fn(LoadProgress) + 'static,
        received: impl Fn(Message) + 'static,
        failed: impl Fn(WorkerError) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&role.name());
        let worker = Worker::new_with_options(script, &options)?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));

        let on_message = {
            let (worker, waiting, failed) = (worker.clone(), waiting.clone(), failed.clone());
            Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
                let bytes = match message.data().dyn_into::<Uint8Array>() {
                    Ok(bytes) => bytes.to_vec(),
                    // What web/engine.js reports before the engine runs.
                    Err(report) => match report.dyn_ref::<Array>() {
                        Some(numbers) => return loading(load_progress(numbers)),
                        None => return failed(WorkerError::Missing(report.as_string().unwrap_or_default())),
                    },
                };
                if waiting.borrow().is_none() {
                    return match latent_protocol::decode(&bytes) {
                        Ok(message) => received(message),
                        Err(error) => failed(WorkerError::Died(error.to_string())),
                    };
                }
                match latent_protocol::decode(&bytes) {
                    Ok(Greeting { release }) if release == own_release => {
                        for command in waiting.borrow_mut().take().into_iter().flatten() {
                            post(&worker, &command, &Array::new());
                        }
                    }
                    Ok(_) | Err(ProtocolError::Version(_)) => failed(WorkerError::OtherRelease),
                    Err(error) => failed(WorkerError::Died(error.to_string())),
                }
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let not_greeted = waiting.clone();
        let on_error = Closure::<dyn Fn(Event)>::new(move |error: Event| {
            // It is told here: a helper's error would otherwise be its trainer's too, and end that before it can speak.
            error.prevent_default();
            let why = error.dyn_ref::<web_sys::ErrorEvent>().map(web_sys::ErrorEvent::message);
            let why = why.filter(|why| !why.is_empty()).unwrap_or_else(|| "it could not be loaded".into());
            failed(if not_greeted.borrow().is_some() {
                WorkerError::Missing(why)
            } else {
                WorkerError::Died(why)
            });
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, waiting, _on_message: on_message, _on_error: on_error, command: PhantomData })
    }

    /// Sends a command, as soon as the worker listens.
    pub fn send(&self, command: &Command) {
        let bytes = Uint8Array::from(latent_protocol::encode(command).as_slice());
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(bytes),
            None => post(&self.worker, &bytes, &Array::new()),
        }
    }

    /// Whether the worker has sent its greeting.
    pub fn is_listening(&self) -> bool {
        self.waiting.borrow().is_none()
    }

    /// Sends a command, and these message ports with it, to a worker that listens.
    pub fn send_with_ports(&self, command: &Command, ports: &Array) {
        post(&self.worker, &Uint8Array::from(latent_protocol::encode(command).as_slice()), ports);
    }
}

impl<Command> Drop for WorkerHandle<Command> {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn load_progress(numbers: &Array) -> LoadProgress {
    let number = |at| numbers.get(at).as_f64().unwrap_or_default() as usize;
    LoadProgress { bytes: number(0), of_bytes: number(1) }
}

fn post(worker: &Worker, bytes: &Uint8Array, ports: &Array) {
    ports.push(&bytes.buffer());
    if let Err(error) = worker.post_message_with_transfer(bytes, ports) {
        web_sys::console::error_2(&"a command could not be posted".into(), &error);
    }
}
