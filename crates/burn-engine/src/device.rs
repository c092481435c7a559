//! The devices that a [`BurnTrainer`](super::BurnTrainer) runs on.

/// The CPU, through Burn's flex backend: the reference in native tests.
#[cfg(all(feature = "flex", not(target_family = "wasm")))]
pub fn flex_device() -> burn::tensor::Device {
    burn::tensor::Device::flex()
}

#[cfg(feature = "wgpu")]
pub use gpu::{AdapterDescription, WgpuDevice, wgpu_device};

#[cfg(feature = "wgpu")]
mod gpu {
    use burn::tensor::Device;
    use burn_wgpu::{
        MemoryConfiguration, WgpuSetup,
        wgpu::{AdapterInfo, Backend, DeviceType, Features},
    };
    use latent_core::training::TrainerError;
    use std::{fmt, sync::OnceLock};

    /// A description of a GPU. Unknown fields are empty: browsers disclose as little as they like.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct AdapterDescription {
        /// The name, such as "NVIDIA GeForce RTX 4070". Most browsers hide it.
        pub name: String,
        /// The vendor: "nvidia", "google" …, natively a number.
        pub vendor: String,
        /// The family: "ampere", "swiftshader" …; natively the driver.
        pub architecture: String,
        /// The programming interface: "webgpu", "vulkan" …
        pub backend: String,
        /// Whether it is a software adapter, which computes on the CPU.
        pub software: bool,
    }

    impl fmt::Display for AdapterDescription {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let known =
                [&self.name, &self.vendor, &self.architecture].into_iter().filter(|text| !text.is_empty());
            let known: Vec<_> = known.map(String::as_str).collect();
            let kind = if self.software { ", software" } else { "" };
            match known.as_slice() {
                [] => write!(f, "unnamed adapter ({}{kind})", self.backend),
                known => write!(f, "{} ({}{kind})", known.join(" "), self.backend),
            }
        }
    }

    /// A GPU that Burn has set up.
    #[derive(Clone, Debug)]
    pub struct WgpuDevice {
        /// Burn's handle.
        pub device: Device,
        /// wgpu's handle of the same device, for compute passes without Burn.
        pub wgpu: wgpu::Device,
        /// The queue, shared with Burn: work runs in the order of submission.
        pub queue: wgpu::Queue,
        /// Its description.
        pub adapter: AdapterDescription,
    }

    /// Dispatches that Burn gathers into one submission. A training step makes about two hundred small ones, for which
    /// Burn's default of 32 is too few.
    const DISPATCHES_PER_SUBMISSION: usize = 64;

    /// Names of software adapters, some of which do not report their type.
    const SOFTWARE: [&str; 4] = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];

    /// Sets up the high-performance adapter of this machine. Every call after the first that succeeded gives the same
    /// device. Two calls must not overlap.
    ///
    /// Fails when there is no adapter, when it gives no device, and, in a browser, when the device lacks `timestamp-query`,
    /// without which Burn panics at its first tensor. Whether Burn can train a model is
    /// [`BurnTrainer::supports`](crate::BurnTrainer)'s question, whether a device can run Burn is answered here.
    pub async fn wgpu_device() -> Result<WgpuDevice, TrainerError> {
        // Burn registers a device for the life of the program and refuses to set it up again.
        static READY: OnceLock<WgpuDevice> = OnceLock::new();
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
        let adapter = describe(&setup).await;
        let WgpuSetup { device: wgpu, queue, .. } = setup;
        Ok(READY.get_or_init(|| WgpuDevice { device, wgpu, queue, adapter }).clone())
    }

    async fn describe(setup: &WgpuSetup) -> AdapterDescription {
        let AdapterInfo { name, vendor, device_type, driver, backend, .. } = setup.adapter.get_info();
        let mut description = AdapterDescription {
            name,
            vendor: if vendor == 0 { String::new() } else { format!("{vendor:#06x}") },
            architecture: driver,
            backend: if backend == Backend::BrowserWebGpu { "webgpu".into() } else { backend.to_string() },
            software: device_type == DeviceType::Cpu,
        };
        #[cfg(target_family = "wasm")]
        browser::complete(&mut description).await;
        let text = format!("{description}").to_lowercase();
        description.software |= SOFTWARE.iter().any(|name| text.contains(name));
        description
    }

    /// wgpu reports the description only, which browsers leave empty. Vendor and architecture are in
    /// `GPUAdapterInfo`.
    #[cfg(target_family = "wasm")]
    mod browser {
        use super::AdapterDescription;
        use js_sys::{Function, Object, Promise, Reflect};
        use wasm_bindgen::{JsCast, JsValue};
        use wasm_bindgen_futures::JsFuture;

        /// Fills in what the browser discloses.
        pub(super) async fn complete(description: &mut AdapterDescription) {
            let Ok(info) = adapter_info().await else { return };
            let text = |name: &str| Reflect::get(&info, &name.into()).ok()?.as_string();
            description.vendor = text("vendor").unwrap_or_default();
            description.architecture = text("architecture").unwrap_or_default();
        }

        /// `(await navigator.gpu.requestAdapter({powerPreference: "high-performance"})).info`. The options are those of
        /// Burn, so that the answer is the same adapter.
        async fn adapter_info() -> Result<JsValue, JsValue> {
            let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into());
            let gpu = get(&get(&js_sys::global(), "navigator")?, "gpu")?;
            let options = Object::new();
            Reflect::set(&options, &"powerPreference".into(), &"high-performance".into())?;
            let request: Function = get(&gpu, "requestAdapter")?.dyn_into()?;
            let adapter = JsFuture::from(request.call1(&gpu, &options)?.dyn_into::<Promise>()?).await?;
            get(&adapter, "info")
        }
    }
}
