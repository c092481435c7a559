//! The near end of the line to a worker, in the page or in a worker that has helpers: spawns it, sends commands, hears
//! events, and ends it when dropped.

use js_sys::{Array, Uint8Array};
use latent_protocol::{self, Greeting, ProtocolError, Role};
use serde::{Serialize, de::DeserializeOwned};
use std::{cell::RefCell, marker::PhantomData, rc::Rc};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// How a worker came to be of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is of another release than who spawned it.
    OtherRelease,
    /// Its script, or its engine, can't be had; why, in part of a sentence.
    Missing(String),
    /// It died, or speaks nonsense; why, in part of a sentence.
    Died(String),
}

/// How much of an engine has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arriving {
    /// Bytes that came over the network.
    pub bytes: usize,
    /// Bytes that are to come, 0 if the server didn't tell.
    pub of_bytes: usize,
}

/// A worker that takes `Command`s. It is ended when this is dropped.
pub struct Line<Command> {
    worker: Worker,
    /// What waits for the worker's first word: a message that comes before it listens is lost.
    waiting: Rc<RefCell<Option<Vec<Uint8Array>>>>,
    _heard: Closure<dyn Fn(MessageEvent)>,
    _broke: Closure<dyn Fn(Event)>,
    command: PhantomData<Command>,
}

impl<Command: Serialize> Line<Command> {
    /// Spawns the worker of this script, which must be of this release. `arriving` hears how its engine loads, `hear`
    /// gets its events, `broke` is told if it can't serve.
    pub fn open<Event_: DeserializeOwned>(
        script: &str,
        own_release: String,
        role: Role,
        arriving: impl Fn(Arriving) + 'static,
        hear: impl Fn(Event_) + 'static,
        broke: impl Fn(Broken) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&role.name());
        let worker = Worker::new_with_options(script, &options)?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));

        let heard = {
            let (worker, waiting, broke) = (worker.clone(), waiting.clone(), broke.clone());
            Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
                let bytes = match message.data().dyn_into::<Uint8Array>() {
                    Ok(bytes) => bytes.to_vec(),
                    // What web/engine.js tells before the engine can speak.
                    Err(news) => match news.dyn_ref::<Array>() {
                        Some(numbers) => return arriving(how_much(numbers)),
                        None => return broke(Broken::Missing(news.as_string().unwrap_or_default())),
                    },
                };
                if waiting.borrow().is_none() {
                    return match latent_protocol::decode(&bytes) {
                        Ok(event) => hear(event),
                        Err(error) => broke(Broken::Died(error.to_string())),
                    };
                }
                match latent_protocol::decode(&bytes) {
                    Ok(Greeting { release }) if release == own_release => {
                        for command in waiting.borrow_mut().take().into_iter().flatten() {
                            post(&worker, &command, &Array::new());
                        }
                    }
                    Ok(_) | Err(ProtocolError::Version(_)) => broke(Broken::OtherRelease),
                    Err(error) => broke(Broken::Died(error.to_string())),
                }
            })
        };
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let is_mute = waiting.clone();
        let broke = Closure::<dyn Fn(Event)>::new(move |error: Event| {
            // It is told here: a helper's error would otherwise be its trainer's too, and end that before it can speak.
            error.prevent_default();
            let why = error.dyn_ref::<web_sys::ErrorEvent>().map(web_sys::ErrorEvent::message);
            let why = why.filter(|why| !why.is_empty()).unwrap_or_else(|| "it could not be loaded".into());
            broke(if is_mute.borrow().is_some() { Broken::Missing(why) } else { Broken::Died(why) });
        });
        worker.set_onerror(Some(broke.as_ref().unchecked_ref()));
        Ok(Self { worker, waiting, _heard: heard, _broke: broke, command: PhantomData })
    }

    /// Sends a command, as soon as the worker listens.
    pub fn send(&self, command: &Command) {
        let bytes = Uint8Array::from(latent_protocol::encode(command).as_slice());
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(bytes),
            None => post(&self.worker, &bytes, &Array::new()),
        }
    }

    /// Whether the worker has said its first word.
    pub fn is_listening(&self) -> bool {
        self.waiting.borrow().is_none()
    }

    /// Sends a command, and these message ports with it, to a worker that listens.
    pub fn send_with_ports(&self, command: &Command, ports: &Array) {
        post(&self.worker, &Uint8Array::from(latent_protocol::encode(command).as_slice()), ports);
    }
}

impl<Command> Drop for Line<Command> {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn how_much(numbers: &Array) -> Arriving {
    let number = |at| numbers.get(at).as_f64().unwrap_or_default() as usize;
    Arriving { bytes: number(0), of_bytes: number(1) }
}

fn post(worker: &Worker, bytes: &Uint8Array, ports: &Array) {
    ports.push(&bytes.buffer());
    if let Err(error) = worker.post_message_with_transfer(bytes, ports) {
        web_sys::console::error_2(&"a command could not be posted".into(), &error);
    }
}
