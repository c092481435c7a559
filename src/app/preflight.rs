//! Looks at the browser's GPU before anything large is loaded for it.

use js_sys::{Object, Promise, Reflect};
use latent_browser::patience::within;
use latent_controller::engine_selection::Adapter;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // What is needed of WebGPU here; web-sys has it as an unstable API.
    type Gpu;
    #[wasm_bindgen(method, catch, js_name = requestAdapter)]
    fn request_adapter(this: &Gpu, options: &JsValue) -> Result<Promise, JsValue>;

    type GpuAdapter;
    #[wasm_bindgen(method, getter)]
    fn features(this: &GpuAdapter) -> js_sys::Set;
}

/// Milliseconds that the browser has to find its GPU. Nothing trains before.
const PATIENCE_MS: u32 = 5_000;

/// What the browser tells of its GPU. Never fails: what goes wrong means that there is none.
pub(super) async fn adapter() -> Adapter {
    let window = leptos::prelude::window();
    let Some(gpu) = property(&window.navigator(), "gpu") else {
        return if window.is_secure_context() { Adapter::NoWebGpu } else { Adapter::Insecure };
    };
    // As the engine asks: of two GPUs the one that is to train has to be judged.
    let options = Object::new();
    // Setting a property of a new object cannot fail.
    let _ = Reflect::set(&options, &"powerPreference".into(), &"high-performance".into());
    let Ok(request) = gpu.unchecked_ref::<Gpu>().request_adapter(&options) else { return Adapter::None };
    match within(PATIENCE_MS, request).await {
        Ok(found) if found.is_truthy() => describe(found.unchecked_ref()),
        _ => Adapter::None,
    }
}

fn describe(adapter: &GpuAdapter) -> Adapter {
    // The flag moved from the adapter to its info; browsers of both kinds are in use.
    let info = property(adapter, "info").unwrap_or(JsValue::NULL);
    let flag = |of: &JsValue| property(of, "isFallbackAdapter").is_some_and(|flag| flag.is_truthy());
    let software = flag(&info) || flag(adapter);
    Adapter::Found { software, timestamps: adapter.features().has(&"timestamp-query".into()) }
}

fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}
