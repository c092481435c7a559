//! The errors of a device.

use latent_core::training::TrainerError;
use std::{future::Future, pin::Pin};
use wgpu::{Device, Error, ErrorFilter, ErrorScopeGuard};

/// Scopes that catch the errors of a device while they are open. (wgpu panics at errors that no scope catches.)
///
/// They are opened where something is created or runs for the first time: a step that succeeded once succeeds again.
pub(super) struct ErrorScopes([ErrorScopeGuard; 3]);

impl ErrorScopes {
    pub(super) fn open(device: &Device) -> Self {
        let filters = [ErrorFilter::Internal, ErrorFilter::OutOfMemory, ErrorFilter::Validation];
        Self(filters.map(|filter| device.push_error_scope(filter)))
    }

    /// Fails with the first error since they were opened, if there was one.
    pub(super) async fn close(self) -> Result<(), TrainerError> {
        // All are closed, the last opened first, before any is waited for.
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

/// A device's error as a trainer's.
pub(super) fn failed(error: impl ToString) -> TrainerError {
    TrainerError::Device(error.to_string())
}
