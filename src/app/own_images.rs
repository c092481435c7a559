//! The sets of the person's own images that the browser keeps: what web/own-images.js does for the page.

use js_sys::{Array, Promise, Reflect};
use latent_browser::words;
use latent_core::data::{OwnSet, Recipe};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DataTransfer, File};

#[wasm_bindgen]
extern "C" {
    type Sets;
    #[wasm_bindgen(thread_local_v2, js_name = ownImages)]
    static SETS: Sets;
    #[wasm_bindgen(method)]
    fn list(this: &Sets) -> Promise;
    #[wasm_bindgen(method)]
    fn rename(this: &Sets, text: &str, title: &str) -> Promise;
    #[wasm_bindgen(method)]
    fn remove(this: &Sets, text: &str) -> Promise;
    #[wasm_bindgen(method)]
    fn file(this: &Sets, text: &str) -> Promise;

    #[wasm_bindgen(js_name = droppedFiles)]
    fn dropped_files(transfer: &DataTransfer) -> Promise;
}

/// A set of the person's own images.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnImages {
    /// Which set it is.
    pub set: OwnSet,
    /// The person's own name for it.
    pub title: String,
    /// The names of the classes, in the order of the labels.
    pub classes: Vec<String>,
    /// How pictures became its images, if that is known.
    pub recipe: Option<Recipe>,
    /// Bytes of its file.
    pub bytes: usize,
}

/// A file that the person gave, and its path within what was given.
pub(super) type GivenFile = (String, File);

/// All sets that the browser keeps. None where it keeps nothing.
pub(super) async fn list() -> Vec<OwnImages> {
    let Ok(found) = JsFuture::from(SETS.with(Sets::list)).await else { return Vec::new() };
    Array::from(&found).iter().filter_map(|record| images(&record)).collect()
}

/// A record of the database, which may be anything.
fn images(record: &JsValue) -> Option<OwnImages> {
    let property = |name: &str| Reflect::get(record, &name.into()).ok();
    let text = |name: &str| property(name)?.as_string();
    let set = OwnSet::parse(&text("text")?)?;
    let classes = property("classes").filter(Array::is_array).map(|names| Array::from(&names))?;
    Some(OwnImages {
        set,
        title: text("title")?,
        classes: classes.iter().filter_map(|name| name.as_string()).collect(),
        recipe: Recipe::parse(&text("recipe")?, set.shape),
        bytes: property("bytes")?.as_f64()? as usize,
    })
}

/// Gives a set another title. The error is part of a sentence.
pub(super) async fn rename(set: OwnSet, title: &str) -> Result<(), String> {
    done(SETS.with(|sets| sets.rename(&set.text(), title))).await.map(drop)
}

/// Deletes a set. The error is part of a sentence.
pub(super) async fn remove(set: OwnSet) -> Result<(), String> {
    done(SETS.with(|sets| sets.remove(&set.text()))).await.map(drop)
}

/// The file of a set. The error is part of a sentence.
pub(super) async fn file(set: OwnSet) -> Result<Blob, String> {
    done(SETS.with(|sets| sets.file(&set.text()))).await.map(JsCast::unchecked_into)
}

/// The files that were dropped, those in folders too.
pub(super) async fn dropped(transfer: Promise) -> Result<Vec<GivenFile>, String> {
    let file = |pair: JsValue| {
        let pair = Array::from(&pair);
        Some((pair.get(0).as_string()?, pair.get(1).dyn_into().ok()?))
    };
    done(transfer).await.map(|files| Array::from(&files).iter().filter_map(file).collect())
}

/// Begins to read what was dropped, which the browser allows only at once.
pub(super) fn begin_drop(transfer: &DataTransfer) -> Promise {
    dropped_files(transfer)
}

async fn done(promise: Promise) -> Result<JsValue, String> {
    JsFuture::from(promise).await.map_err(|error| words(&error).trim_end_matches('.').to_owned())
}
