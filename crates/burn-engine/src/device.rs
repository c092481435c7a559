//! The devices that a [`BurnTrainer`](super::BurnTrainer) runs on.

/// The CPU, through Burn's flex backend: the reference in native tests.
#[cfg(all(feature = "flex", not(target_family = "wasm")))]
pub fn flex_device() -> burn::tensor::Device {
    burn::tensor::Device::flex()
}

#[cfg(feature = "wgpu")]
pub use gpu::{BurnGpu, burn_gpu};

#[cfg(feature = "wgpu")]
mod gpu {
    use burn::tensor::Device;
    use burn_wgpu::{
        MemoryConfiguration,
        wgpu::{AdapterInfo, DeviceType, Features},
    };
    use latent_core::{adapter::AdapterDescription, training::TrainerError};
    use std::sync::OnceLock;

    /// A GPU that Burn has set up.
    #[derive(Clone, Debug)]
    pub struct BurnGpu {
        /// Burn's handle.
        pub device: Device,
        /// Its adapter as wgpu describes it. In a browser nearly all is empty.
        pub adapter: AdapterDescription,
    }

    /// Dispatches that Burn gathers into one submission. A training step makes about two hundred small ones, for which
    /// Burn's default of 32 is too few.
    const DISPATCHES_PER_SUBMISSION: usize = 64;

    /// Sets up the high-performance adapter of this machine for Burn. Every call after the first that succeeded gives the
    /// same device. Two calls must not overlap.
    ///
    /// Fails when there is no adapter, when it gives no device, and, in a browser, when the device lacks `timestamp-query`,
    /// without which Burn panics at its first tensor. Whether Burn can train a model is
    /// [`BurnTrainer::supports`](crate::BurnTrainer)'s question, whether a device can run Burn is answered here.
    pub async fn burn_gpu() -> Result<BurnGpu, TrainerError> {
        // Burn registers a device for the life of the program and refuses to set it up again.
        static READY: OnceLock<BurnGpu> = OnceLock::new();
        if let Some(ready) = READY.get() {
            return Ok(ready.clone());
        }
        let options = Device::wgpu_options()
            .tasks_max(DISPATCHES_PER_SUBMISSION)
            // A buffer for each tensor, as in browsers, so that native runs resemble those in browsers.
            .memory_config(MemoryConfiguration::ExclusivePages);
        let failed = |error: burn_wgpu::WgpuInitError| TrainerError::Device(error.to_string());
        let (device, setup) = options.init_with_setup_async().await.map_err(failed)?;
        if cfg!(target_family = "wasm") && !setup.device.features().contains(Features::TIMESTAMP_QUERY) {
            return Err(TrainerError::Device("the adapter has no timestamp-query".into()));
        }
        let adapter = describe(setup.adapter.get_info());
        Ok(READY.get_or_init(|| BurnGpu { device, adapter }).clone())
    }

    fn describe(info: AdapterInfo) -> AdapterDescription {
        let AdapterInfo { name, vendor, device_type, driver, backend, .. } = info;
        AdapterDescription::reported(
            name,
            vendor,
            driver,
            backend.to_string(),
            device_type == DeviceType::Cpu,
        )
    }
}
