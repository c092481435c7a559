//! What the engine programs do: listen, and serve as the role that the worker was named for.

use super::{
    explorer::{self, Explorer},
    feed, mailbox,
    session::{self, Session},
};
use futures_channel::mpsc;
use latent_core::training::Trainer;
use latent_protocol::{ExplorerEvent, Role, TrainerEvent};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// The role that the page started this worker for.
pub fn role() -> Option<Role> {
    Role::from_name(&mailbox::scope().name())
}

/// Serves as a trainer. `device` is what the page shows of it; `compiles`, whether its first step compiles kernels.
pub fn train<T: Trainer + 'static>(device: String, compiles: bool) -> Result<(), JsValue> {
    let (sender, inbox) = mpsc::unbounded();
    let (rest, after_first) = (mailbox::Rest::new()?, mailbox::Rest::new()?);
    mailbox::listen(sender.clone(), session::Input::Command, |message| {
        mailbox::post(&TrainerEvent::Failed { run: 0, message });
    });
    let (again, asked_again) = mpsc::unbounded();
    let tell = move |data| drop(sender.unbounded_send(session::Input::Data(data)));
    spawn_local(feed::bring_all(tell, async move || after_first.take().await, asked_again));
    let ask_again = move || drop(again.unbounded_send(()));
    let session = Session::<T, _>::new(|event: TrainerEvent| mailbox::post(&event), ask_again, compiles);
    spawn_local(session.serve(inbox, async move || rest.take().await));
    mailbox::greet();
    mailbox::post(&TrainerEvent::Ready(device));
    Ok(())
}

/// Serves as an explorer.
pub fn explore() -> Result<(), JsValue> {
    let (sender, inbox) = mpsc::unbounded();
    let rest = mailbox::Rest::new()?;
    mailbox::listen(sender.clone(), explorer::Input::Command, |message| {
        mailbox::post(&ExplorerEvent::Failed(message));
    });
    let ask = move |wish| {
        let sender = sender.clone();
        spawn_local(feed::bring(wish, move |input| drop(sender.unbounded_send(input))));
    };
    let explorer = Explorer::new(|event: ExplorerEvent| mailbox::post(&event), ask);
    spawn_local(explorer.serve(inbox, async move || rest.take().await));
    mailbox::greet();
    mailbox::post(&ExplorerEvent::Ready);
    Ok(())
}

/// Tells the page that this trainer has no device, and why.
pub fn refuse(why: String) {
    mailbox::greet();
    mailbox::post(&TrainerEvent::Lost(format!("its GPU is gone ({why})")));
}
