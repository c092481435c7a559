//! The device that the passes run on.

use super::{errors::ErrorScopes, errors::failed, pipelines::PipelineCache};
use latent_core::{adapter::AdapterDescription, training::TrainerError};
use std::sync::Arc;
use wgpu::{
    Adapter, AdapterInfo, Backends, CommandEncoder, CommandEncoderDescriptor, Device, DeviceDescriptor,
    DeviceType, Features, Instance, InstanceDescriptor, PowerPreference, Queue, RequestAdapterOptions,
};

/// A device, and the pipelines compiled for it so far. Clones share them.
#[derive(Clone)]
pub struct Gpu {
    pub(super) device: Device,
    pub(super) queue: Queue,
    pub(super) pipelines: Arc<PipelineCache>,
    adapter: AdapterDescription,
}

impl Gpu {
    /// Sets up a device on the high-performance adapter of this machine, with all that its limits allow and without
    /// optional features.
    ///
    /// Fails when there is no adapter, when it gives no device, and when the device does not take the passes' bindings.
    pub async fn request() -> Result<Self, TrainerError> {
        Self::request_with(Features::empty()).await
    }

    /// The same with timestamps, where the adapter has them: for [`Passes::profile`](crate::Passes::profile).
    #[cfg(not(target_family = "wasm"))]
    pub async fn request_for_profiling() -> Result<Self, TrainerError> {
        Self::request_with(Features::TIMESTAMP_QUERY).await
    }

    async fn request_with(wanted: Features) -> Result<Self, TrainerError> {
        let options = RequestAdapterOptions {
            power_preference: PowerPreference::HighPerformance,
            ..RequestAdapterOptions::default()
        };
        let descriptor = InstanceDescriptor {
            backends: Backends::PRIMARY,
            ..InstanceDescriptor::new_without_display_handle()
        };
        let adapter = Instance::new(descriptor).request_adapter(&options).await.map_err(failed)?;
        let descriptor = DeviceDescriptor {
            required_features: adapter.features() & wanted,
            required_limits: adapter.limits(),
            ..DeviceDescriptor::default()
        };
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(failed)?;
        let scopes = ErrorScopes::open(&device);
        let pipelines = Arc::new(PipelineCache::new(&device));
        scopes.close().await?;
        Ok(Self { device, queue, pipelines, adapter: describe(&adapter) })
    }

    /// The adapter as wgpu describes it. In a browser nearly all is empty.
    pub fn adapter(&self) -> &AdapterDescription {
        &self.adapter
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

fn describe(adapter: &Adapter) -> AdapterDescription {
    let AdapterInfo { name, vendor, device_type, driver, backend, .. } = adapter.get_info();
    AdapterDescription::reported(name, vendor, driver, backend.to_string(), device_type == DeviceType::Cpu)
}
