//! Makes a worker of a script, in sandboxed frames too.
//!
//! A page in a sandboxed frame has an opaque origin, to which every address is foreign, and browsers make no worker of a foreign
//! script. There the worker is a script of a line that imports the other one. The page's policy allows it by `worker-src blob:`,
//! and the server has to allow that other sites read its files (`Access-Control-Allow-Origin`).

use js_sys::{Array, Object, Reflect};
use latent_protocol::Role;
use wasm_bindgen::prelude::*;
use web_sys::{Worker, WorkerOptions, WorkerType};

#[wasm_bindgen]
extern "C" {
    // web-sys has them behind features that few need: each has every dependency of the programs compiled anew.
    type Blob;
    #[wasm_bindgen(constructor)]
    fn new(parts: &Array, options: &JsValue) -> Blob;

    #[wasm_bindgen(js_name = URL)]
    type Url;
    #[wasm_bindgen(constructor, js_class = "URL", catch)]
    fn of(address: &str, base: &str) -> Result<Url, JsValue>;
    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn href(this: &Url) -> String;
    #[wasm_bindgen(static_method_of = Url, js_class = "URL", js_name = createObjectURL, catch)]
    fn create_object_url(blob: &Blob) -> Result<String, JsValue>;
}

/// A module worker of the script at an address; of an opaque origin a classic one, because not all browsers let a module at a
/// `blob:` address import others.
pub(crate) fn new_worker(script: &str, role: Role) -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_name(&role.name());
    if !has_opaque_origin() {
        options.set_type(WorkerType::Module);
        return Worker::new_with_options(script, &options);
    }
    let address = Url::of(script, &base())?.href();
    // Quotes in an address are escaped. A string tells who has spawned the worker that it cannot start.
    let text = format!("import(\"{address}\").catch(() => postMessage('it could not be loaded'))");
    let kind = Object::new();
    Reflect::set(&kind, &"type".into(), &"text/javascript".into())?;
    let blob = Blob::new(&Array::of1(&text.into()), &kind);
    // The address holds as long as the page: a worker may read it late.
    Worker::new_with_options(&Url::create_object_url(&blob)?, &options)
}

/// Whether this page, or the page that this worker belongs to, is in a sandboxed frame.
pub fn has_opaque_origin() -> bool {
    Reflect::get(&js_sys::global(), &"origin".into()).is_ok_and(|origin| origin == "null")
}

/// The address of this page. Workers name their scripts by whole addresses.
fn base() -> String {
    let href = Reflect::get(&js_sys::global(), &"location".into())
        .and_then(|location| Reflect::get(&location, &"href".into()));
    href.ok().and_then(|href| href.as_string()).unwrap_or_default()
}
