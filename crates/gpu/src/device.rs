//! The device that the passes run on, and how its errors become sentences.

use super::pipelines::Pipelines;
use latent_core::training::TrainerError;
use std::{future::Future, pin::Pin, sync::Arc};
use wgpu::{CommandEncoder, CommandEncoderDescriptor, Device, Error, ErrorFilter, ErrorScopeGuard, Queue};

/// A device with the passes compiled for it, whatever the network. Clones share them.
#[derive(Clone)]
pub struct Gpu {
    pub(super) device: Device,
    pub(super) queue: Queue,
    pub(super) pipelines: Arc<Pipelines>,
}

impl Gpu {
    /// Compiles the passes for a device. Fails when it doesn't take them.
    pub async fn new(device: &Device, queue: &Queue) -> Result<Self, TrainerError> {
        let scopes = Scopes::open(device);
        // Browsers compile all of them behind these calls, which return at once.
        let pipelines = Arc::new(Pipelines::new(device));
        scopes.close().await?;
        Ok(Self { device: device.clone(), queue: queue.clone(), pipelines })
    }

    pub(super) fn encoder(&self) -> CommandEncoder {
        self.device.create_command_encoder(&CommandEncoderDescriptor::default())
    }
}

/// While they are open, errors of this device wait in them. (Errors that nobody waits for go to Burn, which panics.)
///
/// They are opened where something new is made or run for the first time: a step that went well once goes well again.
pub(super) struct Scopes([ErrorScopeGuard; 3]);

impl Scopes {
    pub(super) fn open(device: &Device) -> Self {
        let filters = [ErrorFilter::Internal, ErrorFilter::OutOfMemory, ErrorFilter::Validation];
        Self(filters.map(|filter| device.push_error_scope(filter)))
    }

    /// The first error since they were opened, if there was one.
    pub(super) async fn close(self) -> Result<(), TrainerError> {
        // Closed at once, the last opened first, and only then waited for.
        let mut answers: Vec<Pin<Box<dyn Future<Output = Option<Error>>>>> = Vec::new();
        for scope in self.0.into_iter().rev() {
            answers.push(Box::pin(scope.pop()));
        }
        let mut result = Ok(());
        for answer in answers {
            if let (Some(error), Ok(())) = (answer.await, &result) {
                result = Err(failed(error));
            }
        }
        result
    }
}

/// An error of the device as a trainer's.
pub(super) fn failed(error: impl ToString) -> TrainerError {
    TrainerError::Device(error.to_string())
}
