//! The device that the passes run on.

use super::{errors::ErrorScopes, pipelines::PipelineCache};
use latent_core::training::TrainerError;
use std::sync::Arc;
use wgpu::{CommandEncoder, CommandEncoderDescriptor, Device, Queue};

/// A device, and the pipelines compiled for it so far. Clones share them.
#[derive(Clone)]
pub struct Gpu {
    pub(super) device: Device,
    pub(super) queue: Queue,
    pub(super) pipelines: Arc<PipelineCache>,
}

impl Gpu {
    /// Prepares a device for the passes. Fails when it does not take their bindings.
    pub async fn new(device: &Device, queue: &Queue) -> Result<Self, TrainerError> {
        let scopes = ErrorScopes::open(device);
        let pipelines = Arc::new(PipelineCache::new(device));
        scopes.close().await?;
        Ok(Self { device: device.clone(), queue: queue.clone(), pipelines })
    }

    /// Bytes of the largest storage buffer that the device takes.
    pub(super) fn largest_buffer(&self) -> u64 {
        let limits = self.device.limits();
        limits.max_storage_buffer_binding_size.min(limits.max_buffer_size)
    }

    /// Workgroups of the largest dispatch that the device takes.
    pub(super) fn most_workgroups(&self) -> usize {
        self.device.limits().max_compute_workgroups_per_dimension as usize
    }

    pub(super) fn encoder(&self) -> CommandEncoder {
        self.device.create_command_encoder(&CommandEncoderDescriptor::default())
    }
}
