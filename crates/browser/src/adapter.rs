//! What the browser discloses of its GPU.

use js_sys::{Function, Object, Promise, Reflect};
use latent_core::adapter::AdapterDescription;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Fills in vendor and family from `GPUAdapterInfo`, which wgpu does not read.
pub async fn complete(description: &mut AdapterDescription) {
    let Ok(info) = adapter_info().await else { return };
    let text = |name: &str| Reflect::get(&info, &name.into()).ok()?.as_string();
    description.vendor = text("vendor").unwrap_or_default();
    description.architecture = text("architecture").unwrap_or_default();
}

/// `(await navigator.gpu.requestAdapter({powerPreference: "high-performance"})).info`. The engines ask for their devices with
/// the same options, so that the answer is the same adapter.
async fn adapter_info() -> Result<JsValue, JsValue> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into());
    let gpu = get(&get(&js_sys::global(), "navigator")?, "gpu")?;
    let options = Object::new();
    Reflect::set(&options, &"powerPreference".into(), &"high-performance".into())?;
    let request: Function = get(&gpu, "requestAdapter")?.dyn_into()?;
    let adapter = JsFuture::from(request.call1(&gpu, &options)?.dyn_into::<Promise>()?).await?;
    get(&adapter, "info")
}
