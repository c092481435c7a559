//! The release that this page belongs to, and the way to a newer one: what web/release.js does for it.

use js_sys::Promise;
use latent_core::{data::DatasetId, engine::Program};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type Release;
    #[wasm_bindgen(thread_local_v2, js_name = release)]
    static RELEASE: Release;
    #[wasm_bindgen(method, getter)]
    fn id(this: &Release) -> String;
    #[wasm_bindgen(method)]
    fn worker(this: &Release, program: &str, data: &str) -> String;
    #[wasm_bindgen(method, js_name = serverHasAnother)]
    fn server_has_another(this: &Release) -> Promise;
    #[wasm_bindgen(method, js_name = reloadOnce)]
    fn reload_once(this: &Release) -> bool;
    #[wasm_bindgen(method, js_name = whenOneWaits)]
    fn when_one_waits(this: &Release, tell: &JsValue);
    #[wasm_bindgen(method)]
    fn take(this: &Release);
    #[wasm_bindgen(method)]
    fn stay(this: &Release, data: &str);
    #[wasm_bindgen(method)]
    fn keep(this: &Release, program: &str, data: &str);
}

/// The release's name.
pub(super) fn id() -> String {
    RELEASE.with(Release::id)
}

/// The first script of a program's worker that works on this data set.
pub(super) fn worker_script(program: Program, dataset: DatasetId) -> String {
    RELEASE.with(|release| release.worker(program.name(), &dataset.text()))
}

/// The first script of the program that imports a person's own images.
pub(super) fn import_script() -> String {
    RELEASE.with(|release| release.worker("import", "own"))
}

/// The first script of the program that makes programs, pictures and QR codes. It reads no data set.
pub(super) fn export_script() -> String {
    RELEASE.with(|release| release.worker("export", DatasetId::Mnist.name()))
}

/// The first script of the program that looks at codes and draws strokes. It reads no data set.
pub(super) fn analysis_script() -> String {
    RELEASE.with(|release| release.worker("analysis", DatasetId::Mnist.name()))
}

/// The address of the file of lessons.
pub(super) fn lessons() -> String {
    RELEASE.with(|release| release.worker("lessons", DatasetId::Mnist.name()))
}

/// Whether the server has another release than this page by now. What can't be found out is no.
pub(super) async fn server_has_another() -> bool {
    let asked = RELEASE.with(Release::server_has_another);
    JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy())
}

/// Reloads the page in the hope of another release: once for this one, in this tab. Tells whether it does.
pub(super) fn reload_once() -> bool {
    RELEASE.with(Release::reload_once)
}

/// Calls `tell` when a newer release has been fetched: the next visit gets it, and so does a reload.
pub(super) fn when_one_waits(tell: impl Fn() + 'static) {
    let tell = Closure::<dyn Fn()>::new(tell).into_js_value();
    RELEASE.with(|release| release.when_one_waits(&tell));
}

/// Takes the newest release that is here, by a reload.
pub(super) fn take() {
    RELEASE.with(Release::take);
}

/// Stores the page for use without a network, with what is seen first of this data set, and looks out for newer releases: from
/// the first call on.
pub(super) fn store_page(dataset: DatasetId) {
    RELEASE.with(|release| release.stay(dataset.name()));
}

/// Stores everything that training with this program on this data set takes, for use without a network.
pub(super) fn store_program(program: Program, dataset: DatasetId) {
    RELEASE.with(|release| release.keep(program.name(), dataset.name()));
}
