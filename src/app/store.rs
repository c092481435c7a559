//! Checkpoints that outlive the page: what web/store.js does for it.

use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type Store;
    #[wasm_bindgen(thread_local_v2, js_name = store)]
    static STORE: Store;
    #[wasm_bindgen(method)]
    fn keep(this: &Store, file: &Uint8Array, record: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn newest(this: &Store) -> Promise;
}

/// What stands beside a kept file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    /// The epoch under way when it was made, 1 is the first.
    pub epoch: u64,
    /// The name of the choice of engine.
    pub engine: String,
}

/// Why a checkpoint was not kept.
pub(super) enum NotKept {
    /// Another tab keeps its own.
    Elsewhere,
    /// The browser keeps nothing here; why, in part of a sentence.
    Refused(String),
}

/// Keeps a checkpoint's file in the browser.
pub(super) async fn keep(file: &[u8], record: &Record) -> Result<(), NotKept> {
    let (file, note) = (Uint8Array::from(file), Object::new());
    // Setting a property of a new object cannot fail.
    let _ = Reflect::set(&note, &"epoch".into(), &(record.epoch as f64).into());
    let _ = Reflect::set(&note, &"engine".into(), &record.engine.as_str().into());
    match JsFuture::from(STORE.with(|store| store.keep(&file, &note))).await {
        Ok(answer) if answer.is_string() => Err(NotKept::Elsewhere),
        Ok(_) => Ok(()),
        Err(error) => Err(NotKept::Refused(words(&error))),
    }
}

/// The newest file that is kept and sound, if no other tab is at work on it.
pub(super) async fn newest() -> Option<(Record, Vec<u8>)> {
    // A browser that keeps nothing has nothing to give.
    let found = JsFuture::from(STORE.with(Store::newest)).await.ok().filter(JsValue::is_object)?;
    let property = |name: &str| Reflect::get(&found, &name.into()).ok();
    let record =
        Record { epoch: property("epoch")?.as_f64()? as u64, engine: property("engine")?.as_string()? };
    Some((record, property("file")?.dyn_into::<Uint8Array>().ok()?.to_vec()))
}

/// An error of the browser: its own words, or its name where it has none.
fn words(error: &JsValue) -> String {
    let text =
        |name: &str| Reflect::get(error, &name.into()).ok()?.as_string().filter(|text| !text.is_empty());
    let words = text("message").or_else(|| text("name")).unwrap_or_else(|| "it doesn't say why".into());
    words.trim_end_matches('.').into()
}
