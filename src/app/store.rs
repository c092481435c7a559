//! Checkpoints that outlive the page: what web/store.js does for it.

use js_sys::{Object, Promise, Reflect, Uint8Array};
use latent_browser::words;
use latent_controller::{NotSaved, SavedRecord, SavedRun};
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

/// Saves a checkpoint's file in the browser.
pub(super) async fn save(file: &[u8], record: &SavedRecord) -> Result<(), NotSaved> {
    let (file, note) = (Uint8Array::from(file), Object::new());
    // Setting a property of a new object cannot fail.
    let _ = Reflect::set(&note, &"epoch".into(), &(record.epoch as f64).into());
    let _ = Reflect::set(&note, &"engine".into(), &record.engine.as_str().into());
    match JsFuture::from(STORE.with(|store| store.keep(&file, &note))).await {
        Ok(answer) if answer.is_string() => Err(NotSaved::OtherTab),
        Ok(_) => Ok(()),
        Err(error) => Err(NotSaved::Refused(words(&error))),
    }
}

/// The newest checkpoint that is saved and sound, if no other tab is at work on it.
pub(super) async fn newest() -> Option<SavedRun> {
    // A browser that saves nothing has nothing to give.
    let found = JsFuture::from(STORE.with(Store::newest)).await.ok().filter(JsValue::is_object)?;
    let property = |name: &str| Reflect::get(&found, &name.into()).ok();
    let (epoch, engine) = (property("epoch")?.as_f64()? as u64, property("engine")?.as_string()?);
    let file = property("file")?.dyn_into::<Uint8Array>().ok()?.to_vec();
    Some(SavedRun { record: SavedRecord { epoch, engine }, file: file.into() })
}
