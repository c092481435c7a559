//! The device that the passes run on.

use super::{errors::ErrorScopes, errors::failed, pipelines::PipelineCache};
#[cfg(target_family = "wasm")]
use super::{
    polling::{TRIALS, is_rare, nudged},
    ticker::Ticker,
};
#[cfg(target_family = "wasm")]
use futures_channel::oneshot;
use latent_core::{adapter::AdapterDescription, training::TrainerError};
#[cfg(target_family = "wasm")]
use std::rc::Rc;
use std::{future::Future, sync::Arc};
#[cfg(target_family = "wasm")]
use web_time::Instant;
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
    #[cfg(not(target_family = "wasm"))]
    driver_version: String,
    /// In browsers that look for finished work rarely.
    #[cfg(target_family = "wasm")]
    ticker: Option<Rc<Ticker>>,
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

    /// Sets up a device on one of several GPUs: of the adapters of this machine that are of the same kind as the high-performance
    /// one, that with this number. Numbers go on from the first one where there are fewer.
    #[cfg(not(target_family = "wasm"))]
    pub async fn request_numbered(number: usize) -> Result<Self, TrainerError> {
        let instance = instance();
        let preferred = high_performance(&instance).await?;
        let kind = describe(&preferred);
        let mut alike = instance.enumerate_adapters(preferred.get_info().backend.into()).await;
        alike.retain(|adapter| describe(adapter) == kind);
        let adapter = match alike.len() {
            0 => preferred,
            count => alike.swap_remove(number % count),
        };
        Self::on(adapter, Features::empty()).await
    }

    async fn request_with(wanted: Features) -> Result<Self, TrainerError> {
        Self::on(high_performance(&instance()).await?, wanted).await
    }

    async fn on(adapter: Adapter, wanted: Features) -> Result<Self, TrainerError> {
        let descriptor = DeviceDescriptor {
            required_features: adapter.features() & wanted,
            required_limits: adapter.limits(),
            ..DeviceDescriptor::default()
        };
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(failed)?;
        let scopes = ErrorScopes::open(&device);
        let pipelines = Arc::new(PipelineCache::new(&device));
        scopes.close().await?;
        Ok(Self {
            #[cfg(target_family = "wasm")]
            ticker: if looks_rarely(&queue).await { Ticker::new().map(Rc::new) } else { None },
            device,
            queue,
            pipelines,
            adapter: describe(&adapter),
            #[cfg(not(target_family = "wasm"))]
            driver_version: adapter.get_info().driver_info,
        })
    }

    /// Waits for what the device reports when work is done.
    #[cfg(target_family = "wasm")]
    pub(super) async fn until_reported<T>(&self, wait: impl Future<Output = T>) -> Result<T, TrainerError> {
        let Some(ticker) = &self.ticker else { return Ok(wait.await) };
        let nudge = || {
            self.queue.submit([self.encoder().finish()]);
        };
        Ok(nudged(wait, || ticker.pause(), nudge).await)
    }

    /// The same natively, where the device has to be asked.
    #[cfg(not(target_family = "wasm"))]
    pub(super) async fn until_reported<T>(&self, wait: impl Future<Output = T>) -> Result<T, TrainerError> {
        self.device.poll(wgpu::PollType::wait_indefinitely()).map_err(failed)?;
        Ok(wait.await)
    }

    /// The adapter as wgpu describes it. In a browser nearly all is empty.
    pub fn adapter(&self) -> &AdapterDescription {
        &self.adapter
    }

    /// The adapter and the version of its driver. Devices of one kind compute the same bits.
    #[cfg(not(target_family = "wasm"))]
    pub fn kind(&self) -> String {
        format!("{} with the driver {}", self.adapter, self.driver_version)
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

/// Whether the browser takes long to report that an empty queue is done.
#[cfg(target_family = "wasm")]
async fn looks_rarely(queue: &Queue) -> bool {
    let mut answers_ms = [0.0; TRIALS];
    for answer_ms in &mut answers_ms {
        let began = Instant::now();
        let (done, wait) = oneshot::channel();
        queue.on_submitted_work_done(move || done.send(()).unwrap_or(()));
        // Cancelled only with the device.
        wait.await.unwrap_or(());
        *answer_ms = began.elapsed().as_secs_f64() * 1e3;
    }
    is_rare(answers_ms)
}

fn instance() -> Instance {
    Instance::new(InstanceDescriptor {
        backends: Backends::PRIMARY,
        ..InstanceDescriptor::new_without_display_handle()
    })
}

async fn high_performance(instance: &Instance) -> Result<Adapter, TrainerError> {
    let options = RequestAdapterOptions {
        power_preference: PowerPreference::HighPerformance,
        ..RequestAdapterOptions::default()
    };
    instance.request_adapter(&options).await.map_err(failed)
}

fn describe(adapter: &Adapter) -> AdapterDescription {
    let AdapterInfo { name, vendor, device_type, driver, backend, .. } = adapter.get_info();
    AdapterDescription::reported(name, vendor, driver, backend.to_string(), device_type == DeviceType::Cpu)
}
