//! The release that this worker belongs to and its data set, as its first script (web/engine.js) tells.

use latent_core::data::DatasetId;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Release;
    #[wasm_bindgen(thread_local_v2, js_name = release)]
    static RELEASE: Release;
    #[wasm_bindgen(method, getter)]
    fn id(this: &Release) -> String;
    #[wasm_bindgen(method, getter)]
    fn data(this: &Release) -> String;
    #[wasm_bindgen(method, getter)]
    fn dataset(this: &Release) -> String;
    #[wasm_bindgen(method, getter)]
    fn script(this: &Release) -> String;
}

/// The release's name.
pub(super) fn id() -> String {
    RELEASE.with(Release::id)
}

/// The data set that this worker works on.
pub(super) fn dataset() -> DatasetId {
    DatasetId::from_text(&RELEASE.with(Release::dataset)).unwrap_or_default()
}

/// Where the data set's manifest lies, beside the worker's script.
pub(super) fn data() -> String {
    RELEASE.with(Release::data)
}

/// The address of that script, by which a worker spawns its like.
pub(super) fn script() -> String {
    RELEASE.with(Release::script)
}
