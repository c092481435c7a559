//! Loads the data set: fetches its shards, in order, and passes on only what equals the manifest.

use super::{
    explorer::{Input, Request},
    messages::words,
    release,
    session::{Arrived, Data},
};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::{StreamExt, stream};
use js_sys::Uint8Array;
use latent_core::data::{
    Split,
    manifest::Manifest,
    shard::{Shard, ShardError, sha256},
};
use std::{cell::RefCell, ops::Range, rc::Rc};
use thiserror::Error;
use wasm_bindgen::prelude::*;

/// Takes a file's bytes. An error ends the attempt.
type Check = Closure<dyn Fn(Uint8Array) -> Result<(), JsValue>>;

#[wasm_bindgen]
extern "C" {
    /// `fetchFile` of web/load.js: makes three attempts, gives up requests that stall, and inflates gzip. Each attempt ends
    /// with `check`. The file may have `most` bytes at most. The error is a sentence.
    #[wasm_bindgen(js_name = fetchFile, catch)]
    async fn fetch_file(url: &str, check: &Check, most: f64) -> Result<JsValue, JsValue>;
}

/// Requests under way at a time.
const REQUESTS: usize = 4;
/// Bytes of a manifest at most. It has about 15 kB.
const MOST_MANIFEST_BYTES: usize = 1_000_000;

/// Why a file could not be loaded.
#[derive(Debug, Error)]
enum LoadError {
    #[error("{0}")]
    Fetch(String),
    #[error("the data set has no pretrained decoder")]
    NoPretrained,
}

/// Loads the whole data set, training images first, in order, and reports each file as it arrives. After a failure it waits
/// for a message in `again`, and goes on where it stopped. `rest` lets the first step be trained on the first file before
/// network and processor are busy with the others.
pub(super) async fn load_all(report: impl Fn(Data), rest: impl AsyncFn(), mut again: UnboundedReceiver<()>) {
    let mut loaded = 0;
    while let Err(error) = load_after(&mut loaded, &report, &rest).await {
        report(Data::Failed(error.to_string()));
        if again.next().await.is_none() {
            return;
        }
    }
}

/// Loads all shards but the first `loaded` ones, and counts on.
async fn load_after(
    loaded: &mut usize,
    report: &impl Fn(Data),
    rest: &impl AsyncFn(),
) -> Result<(), LoadError> {
    let manifest = manifest().await?;
    let shards = || manifest.train_images.iter().chain(&manifest.test_images);
    report(Data::Announced(shards().map(|shard| shard.bytes_gzip).sum()));
    // Training begins with the first one, so it has the network to itself.
    let first = stream::iter(shards()).take(1).skip(*loaded).map(fetch_shard).buffered(1);
    let others = stream::iter(shards()).skip(1.max(*loaded)).map(fetch_shard).buffered(REQUESTS);
    let mut arriving = first.chain(others);
    while let Some(pixels) = arriving.next().await {
        let bytes_gzip = shards().nth(*loaded).map_or(0, |shard| shard.bytes_gzip);
        let arrived = Arrived { pixels: pixels?, bytes_gzip };
        let is_training = *loaded < manifest.train_images.len();
        report(if is_training { Data::Training(arrived) } else { Data::Test(arrived) });
        *loaded += 1;
        if *loaded == 1 {
            rest().await;
        }
    }
    Ok(())
}

/// Loads what an explorer requests, and reports each file as it arrives.
pub(super) async fn load(request: Request, report: impl Fn(Input)) {
    match request {
        Request::Images(set, images) => {
            if let Err(error) = load_images(set, images, &report).await {
                report(Input::Failed(set, error.to_string()));
            }
        }
        Request::Pretrained => {
            report(Input::Pretrained(pretrained().await.map_err(|error| error.to_string())));
        }
    }
}

async fn pretrained() -> Result<Vec<u8>, LoadError> {
    fetch_shard(&manifest().await?.pretrained.ok_or(LoadError::NoPretrained)?).await
}

/// Loads the shards of a set that hold these images, in order, and the set's labels before its first shard. Both ends of
/// the range are ends of shards.
async fn load_images(set: Split, images: Range<usize>, report: &impl Fn(Input)) -> Result<(), LoadError> {
    let manifest = manifest().await?;
    let (shards, labels) = match set {
        Split::Training => (&manifest.train_images, &manifest.train_labels),
        Split::Test => (&manifest.test_images, &manifest.test_labels),
    };
    if images.start == 0 {
        report(Input::Labels(set, fetch_shard(labels).await?));
    }
    let mut first = 0;
    let requested = shards.iter().filter(|shard| {
        first += shard.count;
        images.contains(&(first - shard.count))
    });
    let mut arriving = stream::iter(requested).map(fetch_shard).buffered(REQUESTS);
    while let Some(pixels) = arriving.next().await {
        report(Input::Images(set, pixels?));
    }
    Ok(())
}

async fn manifest() -> Result<Manifest, LoadError> {
    let file = release::data();
    let name = file.clone();
    let parse = move |bytes: Vec<u8>| {
        // Half of the hash is in the name.
        match name.contains(&sha256(&bytes)[..32]) {
            true => Manifest::parse(&bytes),
            false => Err(ShardError::Hash(name.clone())),
        }
    };
    fetch(&file, MOST_MANIFEST_BYTES, parse).await
}

/// The inflated bytes of a shard.
async fn fetch_shard(shard: &Shard) -> Result<Vec<u8>, LoadError> {
    let expected = shard.clone();
    let verify = move |bytes: Vec<u8>| expected.verify(&bytes).map(|()| bytes);
    fetch(&shard.file, shard.bytes.max(shard.bytes_gzip), verify).await
}

/// Fetches a file of at most `most` bytes, and returns what `read` makes of it.
async fn fetch<T: 'static>(
    file: &str,
    most: usize,
    read: impl Fn(Vec<u8>) -> Result<T, ShardError> + 'static,
) -> Result<T, LoadError> {
    let found = Rc::new(RefCell::new(None));
    let check = {
        let found = found.clone();
        Check::new(move |bytes: Uint8Array| {
            let read = read(bytes.to_vec()).map_err(|error| js_sys::Error::new(&error.to_string()))?;
            *found.borrow_mut() = Some(read);
            Ok(())
        })
    };
    fetch_file(file, &check, most as f64).await.map_err(|error| LoadError::Fetch(words(&error)))?;
    // A file that was fetched has been checked.
    found.take().ok_or_else(|| LoadError::Fetch(format!("{file} could not be read")))
}
