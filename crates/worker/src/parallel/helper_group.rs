//! The trainer's handles of its helpers.

use super::communicator::Ports;
use crate::{messages::words, release};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{
    StreamExt,
    future::{Either, select},
};
use js_sys::Array;
use latent_browser::worker_handle::{WorkerFailure, WorkerHandle};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Progress, TrainerError},
};
use latent_protocol::{HelperCommand, HelperEvent, Role};
use std::pin::pin;
use web_sys::MessageChannel;

/// Images in one message, 1.5 MB. Both ends copy them, and WebAssembly never gives memory back.
const MESSAGE_IMAGES: usize = 2_000;
/// Messages with images that are sent between two slices while training does not wait for them.
const MESSAGES: usize = 4;

/// The helpers of one trainer. They are ended when this is dropped.
pub(super) struct Helpers {
    /// Helper `i` is member `i`. The trainer is the last member: it has more to do than train, and the last share is never
    /// the largest.
    handles: Vec<WorkerHandle<HelperCommand>>,
    given: UnboundedReceiver<(usize, Vec<u8>)>,
    failures: UnboundedReceiver<String>,
    /// The [`Images::identity`] of the images that they have, and how many they have of them.
    has: (u64, usize),
}

impl Helpers {
    /// Spawns so many helpers. Some browsers do not let a worker spawn others, and the error says so.
    pub(super) fn spawn(count: usize) -> Result<Self, String> {
        let (give, given) = unbounded();
        let (report, failures) = unbounded();
        let handles = (0..count).map(|member| spawn(member, &give, &report)).collect::<Result<_, _>>()?;
        Ok(Self { handles, given, failures, has: (0, 0) })
    }

    pub(super) fn count(&self) -> usize {
        self.handles.len()
    }

    /// Whether all of them listen and have these images. Sends some of the images that they lack. The error is how one of
    /// them failed.
    pub(super) fn are_ready(&mut self, images: &Images) -> Result<bool, String> {
        if let Ok(why) = self.failures.try_recv() {
            return Err(why);
        }
        if !self.handles.iter().all(WorkerHandle::is_listening) {
            return Ok(false);
        }
        self.send_images(images, MESSAGES);
        Ok(self.has == (images.identity(), images.len()))
    }

    /// Sends all images that they lack.
    pub(super) fn send_all_images(&mut self, images: &Images) {
        self.send_images(images, usize::MAX);
    }

    fn send_images(&mut self, images: &Images, messages: usize) {
        let (identity, has) = self.has;
        let mut from = if identity == images.identity() { has } else { 0 };
        let values = images.pixels().len() / images.len().max(1);
        for pixels in images.pixels()[from * values..].chunks(MESSAGE_IMAGES * values.max(1)).take(messages) {
            let total = images.capacity();
            self.send(&HelperCommand::Images { from, total, pixels: pixels.to_vec() });
            from += pixels.len() / values;
        }
        self.has = (images.identity(), from);
    }

    /// Has them join with the random numbers of this seed, and returns the trainer's ports to them.
    pub(super) fn join(&self, model: &ModelSpec, progress: &Progress, seed: u64) -> Result<Ports, String> {
        let members = 1 + self.count();
        // `ports[a]` are the ports of member a: to whom, and the port.
        let mut ports: Vec<Vec<_>> = (0..members).map(|_| Vec::new()).collect();
        for b in 1..members {
            for a in 0..b {
                let channel = MessageChannel::new().map_err(|error| words(&error))?;
                ports[a].push((b, channel.port1()));
                ports[b].push((a, channel.port2()));
            }
        }
        let own = ports.pop().into_iter().flatten();
        for ((member, handle), ports) in self.handles.iter().enumerate().zip(ports) {
            let (model, progress) = (model.clone(), progress.clone());
            let ports = ports.into_iter().map(|(_, port)| port).collect::<Array>();
            handle.send_with_ports(&HelperCommand::Join { member, members, model, progress, seed }, &ports);
        }
        Ok(Ports::new(own))
    }

    /// Sends the same command to all of them.
    pub(super) fn send(&self, command: &HelperCommand) {
        self.handles.iter().for_each(|handle| handle.send(command));
    }

    /// What each of them gives after [`HelperCommand::Give`], with its rank.
    pub(super) async fn gather(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        let count = self.count();
        let given = pin!(self.given.by_ref().take(count).collect());
        match select(given, pin!(failure(&mut self.failures))).await {
            Either::Left((given, _)) => Ok(given),
            Either::Right((error, _)) => Err(error),
        }
    }

    /// Returns when one of them has failed.
    pub(super) async fn failure(&mut self) -> TrainerError {
        failure(&mut self.failures).await
    }
}

async fn failure(failures: &mut UnboundedReceiver<String>) -> TrainerError {
    TrainerError::Team(failures.next().await.unwrap_or_default())
}

fn spawn(
    member: usize,
    give: &UnboundedSender<(usize, Vec<u8>)>,
    report: &UnboundedSender<String>,
) -> Result<WorkerHandle<HelperCommand>, String> {
    let on_event = {
        let (give, report) = (give.clone(), report.clone());
        // Nobody receives any more only when the helpers are dropped.
        move |event| match event {
            HelperEvent::Gave(bytes) => drop(give.unbounded_send((member, bytes))),
            HelperEvent::Failed(why) => drop(report.unbounded_send(why)),
        }
    };
    let report = report.clone();
    let on_failure = move |failure| {
        let why = match failure {
            WorkerFailure::OtherRelease => "a helper is of another version than its trainer".into(),
            WorkerFailure::Missing(why) | WorkerFailure::Died(why) => format!("a helper stopped: {why}"),
        };
        drop(report.unbounded_send(why));
    };
    WorkerHandle::spawn(&release::script(), release::id(), Role::Helper, |_| {}, on_event, on_failure)
        .map_err(|error| words(&error))
}
