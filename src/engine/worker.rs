//! What the engine programs do: listen, and serve as the role that the worker was named for.

use super::{
    explorer::{self, Explorer},
    feed, mailbox,
    session::{self, Session},
};
use crate::{
    protocol::{ExplorerEvent, Role, TrainerEvent},
    training::Trainer,
};
use futures_channel::mpsc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// Test digits that are plotted on the plane.
const PLOTTED_DIGITS: usize = 2_000;

/// The role that the page started this worker for.
pub fn role() -> Option<Role> {
    Role::from_name(&mailbox::scope().name())
}

/// Serves as a trainer. `device` is what the page shows of it; `compiles`, whether its first step compiles kernels.
pub fn train<T: Trainer + 'static>(device: String, compiles: bool) -> Result<(), JsValue> {
    let (sender, inbox) = mpsc::unbounded();
    let rest = mailbox::Rest::new()?;
    mailbox::listen(sender.clone(), session::Input::Command, |message| {
        mailbox::post(&TrainerEvent::Failed { run: 0, message });
    });
    spawn_local(feed::bring_all(move |data| drop(sender.unbounded_send(session::Input::Data(data)))));
    let session = Session::<T, _>::new(|event: TrainerEvent| mailbox::post(&event), compiles);
    spawn_local(session.serve(inbox, async move || rest.take().await));
    mailbox::post(&TrainerEvent::Ready(device));
    Ok(())
}

/// Serves as an explorer.
pub fn explore() {
    let (sender, inbox) = mpsc::unbounded();
    mailbox::listen(sender.clone(), explorer::Input::Command, |message| {
        mailbox::post(&ExplorerEvent::Failed(message));
    });
    spawn_local(async move {
        let digits = match feed::test_digits(PLOTTED_DIGITS).await {
            Ok((pixels, labels)) => explorer::Input::Digits { pixels, labels },
            Err(error) => explorer::Input::Failed(error.to_string()),
        };
        drop(sender.unbounded_send(digits));
    });
    spawn_local(Explorer::new(|event: ExplorerEvent| mailbox::post(&event)).serve(inbox));
    mailbox::post(&ExplorerEvent::Ready);
}

/// Tells the page that this trainer can't serve, and why.
pub fn refuse(message: String) {
    mailbox::post(&TrainerEvent::Failed { run: 0, message });
}
