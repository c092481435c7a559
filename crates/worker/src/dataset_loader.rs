//! Loads the data set: fetches its shards, in order, and passes on only what equals the manifest.

use super::{
    explorer::{Input, Request},
    messages::words,
    release,
    session::{Arrived, Data},
};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use js_sys::{Promise, Uint8Array};
use latent_core::data::{
    DatasetId, Split,
    manifest::Manifest,
    shard::{Shard, ShardError, sha256},
};
use std::{cell::RefCell, collections::VecDeque, ops::Range, rc::Rc};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Takes a file's bytes. An error ends the attempt.
type Check = Closure<dyn Fn(Uint8Array) -> Result<(), JsValue>>;

#[wasm_bindgen]
extern "C" {
    /// `fetchFile` of web/load.js: makes three attempts, gives up requests that stall, and inflates gzip. Each attempt ends
    /// with `check`. The file may have `most` bytes at most. The error is a sentence. A person's own images come from
    /// web/own-images.js in the same way.
    #[wasm_bindgen(js_name = fetchFile)]
    fn fetch_file(url: &str, check: &Check, most: f64) -> Promise;
}

/// Requests under way at a time.
const REQUESTS: usize = 4;

/// Why a file could not be loaded.
#[derive(Debug, Error)]
enum LoadError {
    #[error("{0}")]
    Fetch(String),
    #[error("the data set has no pretrained network")]
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
    let mut arriving = Arriving::new(shards().skip(*loaded));
    // Training begins with the first one, so it has the network to itself.
    while let Some(pixels) = arriving.next(if *loaded == 0 { 1 } else { REQUESTS }).await {
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
            report(Input::Pretrained(pretrained(|manifest| manifest.pretrained).await));
        }
        Request::PretrainedEncoder => {
            report(Input::PretrainedEncoder(pretrained(|manifest| manifest.pretrained_encoder).await));
        }
    }
}

/// A half of the pretrained network, or why it could not be loaded, in a sentence.
async fn pretrained(half: fn(Manifest) -> Option<Shard>) -> Result<Vec<u8>, String> {
    let load = async || Fetch::shard(&half(manifest().await?).ok_or(LoadError::NoPretrained)?).result().await;
    load().await.map_err(|error| error.to_string())
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
        report(Input::Labels(set, Fetch::shard(labels).result().await?));
    }
    let mut first = 0;
    let requested = shards.iter().filter(|shard| {
        first += shard.count;
        images.contains(&(first - shard.count))
    });
    let mut arriving = Arriving::new(requested);
    while let Some(pixels) = arriving.next(REQUESTS).await {
        report(Input::Images(set, pixels?));
    }
    Ok(())
}

async fn manifest() -> Result<Manifest, LoadError> {
    let file = release::data();
    let name = file.clone();
    let dataset = release::dataset();
    let parse = move |bytes: Vec<u8>| {
        if dataset.is_own() {
            // The set's own hash was checked when it was stored.
            let manifest = Manifest::parse(&bytes)?;
            return match DatasetId::of(&manifest.dataset) == Some(dataset) {
                true => Ok(manifest),
                false => Err(ShardError::Manifest("it is another set's".into())),
            };
        }
        // Half of the hash is in the name.
        let hash = sha256(&bytes);
        match name.as_bytes().windows(32).any(|half| hash.as_bytes().starts_with(half)) {
            true => Manifest::parse(&bytes),
            false => Err(ShardError::Hash(name.clone())),
        }
    };
    Fetch::begin(file, Manifest::MOST_BYTES, parse).result().await
}

/// Shards on their way, in order. (`StreamExt::buffered` does the same for futures of any kind, in ten times the code.)
struct Arriving<Shards> {
    /// Those that are not yet asked for.
    shards: Shards,
    under_way: VecDeque<Fetch<Vec<u8>>>,
}

impl<'a, Shards: Iterator<Item = &'a Shard>> Arriving<Shards> {
    fn new(shards: Shards) -> Self {
        Self { shards, under_way: VecDeque::new() }
    }

    /// The inflated bytes of the next shard, while others are fetched: so many `requests` in all.
    async fn next(&mut self, requests: usize) -> Option<Result<Vec<u8>, LoadError>> {
        while self.under_way.len() < requests
            && let Some(shard) = self.shards.next()
        {
            self.under_way.push_back(Fetch::shard(shard));
        }
        Some(self.under_way.pop_front()?.result().await)
    }
}

/// A file on its way.
struct Fetch<T> {
    file: String,
    fetching: JsFuture,
    /// What the check has made of its bytes.
    found: Rc<RefCell<Option<T>>>,
    _check: Check,
}

impl Fetch<Vec<u8>> {
    /// Begins to fetch the inflated bytes of a shard.
    fn shard(shard: &Shard) -> Self {
        let expected = shard.clone();
        let verify = move |bytes: Vec<u8>| expected.verify(&bytes).map(|()| bytes);
        Self::begin(shard.file.clone(), shard.bytes.max(shard.bytes_gzip), verify)
    }
}

impl<T: 'static> Fetch<T> {
    /// Begins to fetch a file of at most `most` bytes, of which the result is what `read` makes.
    fn begin(file: String, most: usize, read: impl Fn(Vec<u8>) -> Result<T, ShardError> + 'static) -> Self {
        let found = Rc::new(RefCell::new(None));
        let check = {
            let found = found.clone();
            Check::new(move |bytes: Uint8Array| {
                let read = read(bytes.to_vec()).map_err(|error| js_sys::Error::new(&error.to_string()))?;
                *found.borrow_mut() = Some(read);
                Ok(())
            })
        };
        let fetching = JsFuture::from(fetch_file(&file, &check, most as f64));
        Self { file, fetching, found, _check: check }
    }

    async fn result(self) -> Result<T, LoadError> {
        self.fetching.await.map_err(|error| LoadError::Fetch(words(&error)))?;
        // A file that was fetched has been checked.
        self.found.take().ok_or_else(|| LoadError::Fetch(format!("{} could not be read", self.file)))
    }
}
