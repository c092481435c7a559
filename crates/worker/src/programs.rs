//! What the worker programs do: each serves the role that its worker was named for.

use super::{
    dataset_loader,
    event_loop::EventLoop,
    explorer::{self, Explorer},
    first_step_check::Checked,
    messages, panics,
    parallel::{self, ParallelTrainer, Workers},
    release,
    session::{self, EngineSetup, Output, Session},
};
use futures_channel::mpsc;
use latent_core::{adapter::AdapterDescription, team::TeamTrainer, training::Trainer};
use latent_cpu::Inference;
use latent_protocol::{ExplorerCommand, ExplorerEvent, Role, Snapshot, TrainerCommand, TrainerEvent};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, MessagePort};

/// Prepares the program. Returns the role that this worker was named for.
pub fn begin() -> Option<Role> {
    panics::note_panics();
    Role::from_name(&messages::scope().name())
}

/// Serves as a trainer on this engine.
pub fn train<T: Trainer + 'static>(engine: EngineSetup<T::Context>) -> Result<(), JsValue> {
    let (sender, inbox) = mpsc::unbounded();
    let (rest, after_first) = (EventLoop::new()?, EventLoop::new()?);
    let to_explorer = Rc::new(RefCell::new(None::<MessagePort>));
    let accept = {
        let to_explorer = to_explorer.clone();
        move |command, mut ports: Vec<MessagePort>| {
            if command == TrainerCommand::ConnectExplorer {
                *to_explorer.borrow_mut() = ports.pop();
            }
            session::Input::Command(command)
        }
    };
    messages::listen(sender.clone(), accept, |message| {
        messages::post(&TrainerEvent::Failed { run: 0, message });
    });
    let (again, asked_again) = mpsc::unbounded();
    let report = move |data| drop(sender.unbounded_send(session::Input::Data(data)));
    spawn_local(dataset_loader::load_all(report, async move || after_first.run_once().await, asked_again));
    let device = engine.device.clone();
    let session = Session::<T, _>::new(release::dataset(), engine, move |output| match output {
        Output::Event(event) => messages::post(&event),
        Output::Snapshot(snapshot) => {
            to_explorer.borrow().iter().for_each(|port| messages::post_on(port, &snapshot));
        }
        Output::LoadAgain => drop(again.unbounded_send(())),
    });
    spawn_local(session.serve(inbox, async move || rest.run_once().await));
    messages::greet();
    messages::post(&TrainerEvent::Ready(device));
    Ok(())
}

/// Serves as a trainer on this GPU, whose first step is checked.
pub async fn train_on_gpu<T: Trainer + 'static>(context: T::Context, mut adapter: AdapterDescription) {
    latent_browser::adapter::complete(&mut adapter).await;
    train::<Checked<T>>(EngineSetup { context, device: adapter.to_string(), compiles: true })
        .unwrap_or_else(|error| web_sys::console::error_1(&error));
}

/// Serves as a worker of a CPU program, which trains with a `T` and explores with an `N`: as trainer, helper or explorer.
pub fn serve_cpu<T: TeamTrainer<Context = ()> + 'static, N: Inference + 'static>() {
    let train = |context| {
        train::<ParallelTrainer<T>>(EngineSetup { context, device: String::new(), compiles: false })
    };
    let serving = match begin() {
        Some(Role::Explorer) => explore::<N>(),
        Some(Role::Helper) => parallel::help::<T>(),
        Some(Role::Trainer { workers, is_asked }) => train(Workers { count: workers, is_asked }),
        // These are other programs.
        Some(Role::Importer | Role::Exporter | Role::Analyst) | None => train(Workers::default()),
    };
    serving.unwrap_or_else(|error| web_sys::console::error_1(&error));
}

/// Serves as the explorer of networks that an `N` computes.
fn explore<N: Inference + 'static>() -> Result<(), JsValue> {
    let (sender, inbox) = mpsc::unbounded();
    let rest = EventLoop::new()?;
    let mut from_trainer = None;
    let accept = {
        let sender = sender.clone();
        move |command, mut ports: Vec<MessagePort>| {
            if command == ExplorerCommand::ConnectTrainer {
                let snapshots = sender.clone();
                // The port before is closed.
                drop(from_trainer.take());
                from_trainer = ports.pop().map(|port| SnapshotPort::new(port, snapshots));
            }
            explorer::Input::Command(command)
        }
    };
    messages::listen(sender.clone(), accept, |message| messages::post(&ExplorerEvent::Failed(message)));
    let ask = move |request| {
        let sender = sender.clone();
        spawn_local(dataset_loader::load(request, move |input| drop(sender.unbounded_send(input))));
    };
    let explorer =
        Explorer::<N, _, _>::new(release::dataset(), |event: ExplorerEvent| messages::post(&event), ask);
    spawn_local(explorer.serve(inbox, async move || rest.run_once().await));
    messages::greet();
    messages::post(&ExplorerEvent::Ready);
    Ok(())
}

/// The port on which snapshots arrive. It is closed when this is dropped.
struct SnapshotPort {
    port: MessagePort,
    _listener: Closure<dyn Fn(MessageEvent)>,
}

impl SnapshotPort {
    fn new(port: MessagePort, inbox: mpsc::UnboundedSender<explorer::Input>) -> Self {
        let listener =
            Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
                match messages::read::<Snapshot>(&message) {
                    Ok(snapshot) => drop(inbox.unbounded_send(explorer::Input::Snapshot(snapshot))),
                    Err(error) => messages::post(&ExplorerEvent::Failed(error.to_string())),
                }
            });
        port.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Self { port, _listener: listener }
    }
}

impl Drop for SnapshotPort {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        self.port.close();
    }
}

/// Tells the page that this trainer has no device, and why.
pub fn refuse(why: &str) {
    messages::greet();
    messages::post(&TrainerEvent::Lost(format!("its GPU failed ({why})")));
}
