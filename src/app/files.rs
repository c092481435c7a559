//! Files between the page and the person's disk. Nothing is sent anywhere.

use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use latent_browser::{byte_stream::ByteStream, patience::within};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Response, Url};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn ask(address: &str) -> Promise;
}

/// Milliseconds without an answer after which a file is given up.
const PATIENCE_MS: u32 = 30_000;
/// How long a download's address holds.
const KEPT: Duration = Duration::from_secs(60);

/// Offers bytes as a download.
pub(super) fn offer(name: &str, kind: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes));
    offer_blob(name, &Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)
}

/// Offers a blob as a download.
pub(super) fn offer_blob(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // Until the browser has taken the blob its address must hold, and nothing tells when that is.
    set_timeout(move || drop(Url::revoke_object_url(&url)), KEPT);
    Ok(())
}

/// The bytes of a file that the person chose.
pub(super) async fn read(file: &File) -> Result<Vec<u8>, JsValue> {
    let buffer: ArrayBuffer = JsFuture::from(file.array_buffer()).await?.dyn_into()?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The bytes of a file on the page's server: `most` of them at most. Else why not, in part of a sentence.
pub(super) async fn fetch(address: &str, most: usize) -> Result<Vec<u8>, String> {
    let broken = |_: JsValue| "the server can't be reached".to_string();
    let answer = within(PATIENCE_MS, ask(address)).await.map_err(broken)?;
    let response: Response = answer.dyn_into().map_err(|_| "the server does not answer")?;
    if !response.ok() {
        return Err(format!("the server answers {}", response.status()));
    }
    let Some(body) = response.body() else { return Ok(Vec::new()) };
    let mut pieces = ByteStream::new(&body);
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next(PATIENCE_MS).await {
        piece.map_err(|_| "it arrived in part".to_string())?.append_to(&mut bytes);
        if bytes.len() > most {
            pieces.cancel();
            return Err(format!("it has more than {} MB", most / 1_000_000));
        }
    }
    Ok(bytes)
}
