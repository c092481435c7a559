//! Stores sets in the browser: what web/own-images.js does.

use super::messages;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use latent_core::data::{OwnSet, Recipe};
use latent_import::SetFile;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type OwnImages;
    #[wasm_bindgen(thread_local_v2, js_name = ownImages)]
    static OWN_IMAGES: OwnImages;
    #[wasm_bindgen(method)]
    fn add(this: &OwnImages, set: &JsValue, files: &Array) -> Promise;
}

/// Adds a set under a title. The error is part of a sentence.
pub(super) async fn add(
    set: OwnSet,
    classes: &[String],
    recipe: Option<Recipe>,
    title: &str,
    SetFile { bytes, files }: &SetFile,
) -> Result<(), String> {
    let starts = [0].into_iter().chain(files.iter().map(|(_, range)| range.end));
    let ends = files.iter().map(|(_, range)| range.start).chain([bytes.len()]);
    let between: Array =
        starts.zip(ends).map(|(start, end)| JsValue::from(Uint8Array::from(&bytes[start..end]))).collect();
    let strings =
        |strings: &mut dyn Iterator<Item = &String>| -> Array { strings.map(JsValue::from).collect() };
    let description = Object::new();
    for (key, value) in [
        ("text", JsValue::from(set.text())),
        ("title", title.into()),
        ("classes", strings(&mut classes.iter()).into()),
        ("recipe", recipe.map_or_else(String::new, |recipe| recipe.text()).into()),
        ("bytes", (bytes.len() as f64).into()),
        ("files", strings(&mut files.iter().map(|(name, _)| name)).into()),
        ("between", between.into()),
    ] {
        // Setting a property of a new object cannot fail.
        let _ = Reflect::set(&description, &key.into(), &value);
    }
    let contents: Array = files
        .iter()
        .map(|(name, range)| Array::of2(&name.into(), &Uint8Array::from(&bytes[range.clone()])))
        .collect();
    let added = JsFuture::from(OWN_IMAGES.with(|images| images.add(&description, &contents))).await;
    added.map(drop).map_err(|error| messages::words(&error).trim_end_matches('.').to_owned())
}
