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

    /// What there is to say about a GPU. What is not known is empty: browsers tell as little as they like.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct AdapterDescription {
        /// Its name, such as "NVIDIA GeForce RTX 4070"; browsers mostly keep it to themselves.
        pub name: String,
        /// Who made it: "nvidia", "google" …, natively a number.
        pub vendor: String,
        /// Its family: "ampere", "swiftshader" …; natively its driver.
        pub architecture: String,
        /// The interface that it is reached through: "webgpu", "vulkan" …
        pub backend: String,
        /// Whether it is a program on the CPU that plays GPU.
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

    /// A GPU that Burn has set up, and what it is.
    #[derive(Clone, Debug)]
    pub struct WgpuDevice {
        /// As Burn knows it.
        pub device: Device,
        /// The same as wgpu knows it, for passes of our own.
        pub wgpu: wgpu::Device,
        /// Its queue, which Burn uses too: work runs in the order of submission, whoever submits it.
        pub queue: wgpu::Queue,
        /// What there is to say about it.
        pub adapter: AdapterDescription,
    }

    /// Dispatches that Burn gathers into one submission. A training step makes some two hundred small ones; Burn's
    /// default of 32 suits larger kernels.
    const DISPATCHES_PER_SUBMISSION: usize = 64;

    /// Software adapters give themselves away by these names where they don't say what they are.
    const SOFTWARE: [&str; 4] = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];

    /// Sets up the GPU and says what it is. Every call after the first that succeeded gives the same device; don't
    /// call it while another call is under way.
    ///
    /// Fails when there is no adapter, when it gives no device, or when it can't be timed: without `timestamp-query`
    /// Burn would panic at its first tensor in a browser.
    pub async fn wgpu_device() -> Result<WgpuDevice, TrainerError> {
        // Burn registers a device for good and refuses to set it up again.
        static READY: OnceLock<WgpuDevice> = OnceLock::new();
        if let Some(ready) = READY.get() {
            return Ok(ready.clone());
        }
        let options = Device::wgpu_options()
            .tasks_max(DISPATCHES_PER_SUBMISSION)
            // A buffer for each tensor, as browsers have it anyway: native runs then resemble those in browsers, and
            // passes of our own could copy from tensor to tensor.
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
        let told = format!("{description}").to_lowercase();
        description.software |= SOFTWARE.iter().any(|name| told.contains(name));
        description
    }

    /// wgpu passes on only the description, which browsers leave empty; vendor and architecture are in
    /// `GPUAdapterInfo`.
    #[cfg(target_family = "wasm")]
    mod browser {
        use super::AdapterDescription;
        use js_sys::{Function, Object, Promise, Reflect};
        use wasm_bindgen::{JsCast, JsValue};
        use wasm_bindgen_futures::JsFuture;

        /// Fills in what the browser tells; what it doesn't tell stays as it is.
        pub(super) async fn complete(description: &mut AdapterDescription) {
            let Ok(info) = adapter_info().await else { return };
            let text = |name: &str| Reflect::get(&info, &name.into()).ok()?.as_string();
            description.vendor = text("vendor").unwrap_or_default();
            description.architecture = text("architecture").unwrap_or_default();
        }

        /// `(await navigator.gpu.requestAdapter({powerPreference: "high-performance"})).info`: asked as Burn asks,
        /// the answer is the same adapter.
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
