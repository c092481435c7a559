//! Handles of the workers that the controller has had spawned and not ended.

use super::Supervisor;
use crate::app::release;
use latent_browser::{
    has_opaque_origin, snapshot_channel, words,
    worker_handle::{self, LoadProgress, WorkerHandle},
};
use latent_controller::{Event, WorkerEvent, WorkerFailure, WorkerId};
use latent_core::{data::DatasetId, engine::Program};
use latent_protocol::{ExplorerCommand, Role, TrainerCommand};
use leptos::{prelude::*, task::spawn_local};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

/// The failure in view of where the page is: in a sandboxed frame some browsers have no workers, and some servers' files cannot
/// be read.
fn in_place(failure: WorkerFailure) -> WorkerFailure {
    let is_start = matches!(failure, WorkerFailure::NotSpawned(_) | WorkerFailure::Missing(_));
    if !(is_start && has_opaque_origin()) {
        return failure;
    }
    let address = window().location().href().unwrap_or_default();
    WorkerFailure::NotHere(format!(
        "The page cannot train inside this frame, which is sandboxed: open it by itself, at {address}"
    ))
}

/// The handles.
#[derive(Default)]
pub(super) struct Workers {
    trainers: Vec<(WorkerId, WorkerHandle<TrainerCommand>)>,
    explorers: Vec<(WorkerId, WorkerHandle<ExplorerCommand>)>,
}

impl Supervisor {
    pub(super) fn spawn(&self, worker: WorkerId, program: Program, role: Role, dataset: DatasetId) {
        let script = release::worker_script(program, dataset);
        let spawned = match role {
            Role::Explorer => self.open_worker(worker, &script, role, WorkerEvent::Explorer).map(|handle| {
                self.workers.update_value(|workers| workers.explorers.push((worker, handle)));
            }),
            _ => self.open_worker(worker, &script, role, WorkerEvent::Trainer).map(|handle| {
                self.workers.update_value(|workers| workers.trainers.push((worker, handle)));
            }),
        };
        if let Err(error) = spawned {
            let failure = in_place(WorkerFailure::NotSpawned(words(&error)));
            self.handle(Event::Worker(worker, WorkerEvent::Failed(failure)));
        }
    }

    fn open_worker<Command, Told>(
        &self,
        worker: WorkerId,
        script: &str,
        role: Role,
        told: impl Fn(Told) -> WorkerEvent + 'static,
    ) -> Result<WorkerHandle<Command>, JsValue>
    where
        Command: Serialize,
        Told: DeserializeOwned,
    {
        let supervisor = *self;
        let report = move |event| supervisor.handle(Event::Worker(worker, event));
        let loading = move |LoadProgress { bytes, of_bytes }| report(WorkerEvent::Loading(bytes, of_bytes));
        let received = move |event| report(told(event));
        let failed = move |error| {
            report(WorkerEvent::Failed(in_place(match error {
                worker_handle::WorkerFailure::OtherRelease => WorkerFailure::OtherRelease,
                worker_handle::WorkerFailure::Missing(why) => WorkerFailure::Missing(why),
                worker_handle::WorkerFailure::Died(why) => WorkerFailure::Died(why),
            })))
        };
        WorkerHandle::spawn(script, release::id(), role, loading, received, failed)
    }

    pub(super) fn send(&self, worker: WorkerId, command: &TrainerCommand) {
        self.workers.with_value(|workers| {
            if let Some((_, handle)) = workers.trainers.iter().find(|(id, _)| *id == worker) {
                handle.send(command);
            }
        });
    }

    pub(super) fn send_explorer(&self, worker: WorkerId, command: &ExplorerCommand) {
        self.workers.with_value(|workers| {
            if let Some((_, handle)) = workers.explorers.iter().find(|(id, _)| *id == worker) {
                handle.send(command);
            }
        });
    }

    pub(super) fn connect(&self, trainer: WorkerId, explorer: WorkerId) {
        let connected = self.workers.with_value(|Workers { trainers, explorers }| {
            let trainer = trainers.iter().find(|(id, _)| *id == trainer);
            let explorer = explorers.iter().find(|(id, _)| *id == explorer);
            match (trainer, explorer) {
                (Some((_, trainer)), Some((_, explorer))) => snapshot_channel::connect(trainer, explorer),
                // The browser has refused to spawn one of them, which is reported elsewhere.
                _ => Ok(()),
            }
        });
        if let Err(error) = connected {
            self.notify(format!("The latent plane will not follow the training: {}.", words(&error)));
        }
    }

    pub(super) fn end(&self, worker: WorkerId) {
        let ended = self.workers.try_update_value(|workers| {
            let trainer = workers.trainers.extract_if(.., |(id, _)| *id == worker).next();
            (trainer, workers.explorers.extract_if(.., |(id, _)| *id == worker).next())
        });
        // Not at once: a handle must not go while it passes its worker's report on.
        spawn_local(async move { drop(ended) });
    }
}
