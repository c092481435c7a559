//! Brings the data set to a worker: fetches shards, inflates them, and lets through only what equals the manifest.

use super::{
    explorer::{Input, Wish},
    patience::{pause, within},
    release,
    session::{Arrived, Data},
};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::{StreamExt, stream};
use gloo_net::http::{RequestBuilder, Response};
use js_sys::Uint8Array;
use latent_browser::byte_stream::Pieces;
use latent_core::data::{
    Split,
    manifest::Manifest,
    shard::{Shard, ShardError, sha256},
};
use std::{ops::Range, time::Duration};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, ReadableWritablePair, RequestCache};

#[wasm_bindgen]
extern "C" {
    // web-sys has it as an unstable API; browsers have had it since 2023.
    #[wasm_bindgen(extends = ReadableWritablePair)]
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// Requests under way at a time.
const REQUESTS: usize = 4;
/// How long each try waits after the one before. All but the first go past the cache.
const PAUSES: [Duration; 3] = [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(4)];
/// A file of which nothing has come for so long is given up, and asked for once more.
const STALLED: Duration = Duration::from_secs(30);
/// Bytes of a manifest at most; it has some 15 kB.
const MOST_MANIFEST_BYTES: usize = 1_000_000;
/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Why a file can't be had.
#[derive(Debug, Error)]
pub(super) enum FeedError {
    #[error("{file} could not be loaded: {why}")]
    Network { file: String, why: String },
    #[error("{file} could not be loaded: nothing has come for {} seconds", STALLED.as_secs())]
    Stalled { file: String },
    #[error("{file} is longer than it should be")]
    TooLong { file: String },
    #[error("the data set has no pretrained decoder")]
    NoPretrained,
    #[error("{file} could not be inflated")]
    Gzip { file: String },
    #[error(transparent)]
    Shard(#[from] ShardError),
}

/// Brings the whole data set, training images first, in order, and tells each file as it arrives. After a failure it
/// waits for a word in `again`, and goes on where it stood. `rest` lets the first step be trained on the first file before
/// the line and the processor are busy with others.
pub(super) async fn bring_all(tell: impl Fn(Data), rest: impl AsyncFn(), mut again: UnboundedReceiver<()>) {
    let mut brought = 0;
    while let Err(error) = bring_after(&mut brought, &tell, &rest).await {
        tell(Data::Failed(error.to_string()));
        if again.next().await.is_none() {
            return;
        }
    }
}

/// Brings all shards but the first `brought` ones, and counts on.
async fn bring_after(
    brought: &mut usize,
    tell: &impl Fn(Data),
    rest: &impl AsyncFn(),
) -> Result<(), FeedError> {
    let manifest = manifest().await?;
    let shards = || manifest.train_images.iter().chain(&manifest.test_images);
    tell(Data::Announced(shards().map(|shard| shard.bytes_gzip).sum()));
    let is_training = |at: usize| at < manifest.train_images.len();
    // Training begins with the first one, which therefore has the line to itself.
    let first = stream::iter(shards()).take(1).skip(*brought).map(fetch).buffered(1);
    let others = stream::iter(shards()).skip(1.max(*brought)).map(fetch).buffered(REQUESTS);
    let mut arriving = first.chain(others);
    while let Some(pixels) = arriving.next().await {
        let bytes_gzip = shards().nth(*brought).map_or(0, |shard| shard.bytes_gzip);
        let arrived = Arrived { pixels: pixels?, bytes_gzip };
        tell(if is_training(*brought) { Data::Training(arrived) } else { Data::Test(arrived) });
        *brought += 1;
        if *brought == 1 {
            rest().await;
        }
    }
    Ok(())
}

/// Brings what an explorer asks for, and tells each file as it arrives.
pub(super) async fn bring(wish: Wish, tell: impl Fn(Input)) {
    match wish {
        Wish::Images(set, images) => {
            if let Err(error) = bring_images(set, images, &tell).await {
                tell(Input::Failed(set, error.to_string()));
            }
        }
        Wish::Pretrained => {
            tell(Input::Pretrained(pretrained().await.map_err(|error| error.to_string())));
        }
    }
}

async fn pretrained() -> Result<Vec<u8>, FeedError> {
    fetch(&manifest().await?.pretrained.ok_or(FeedError::NoPretrained)?).await
}

/// Brings those shards of a set that hold these images, in order, and before its first shard the set's labels. Both
/// ends of the range are ends of shards.
async fn bring_images(set: Split, images: Range<usize>, tell: &impl Fn(Input)) -> Result<(), FeedError> {
    let manifest = manifest().await?;
    let (shards, labels) = match set {
        Split::Training => (&manifest.train_images, &manifest.train_labels),
        Split::Test => (&manifest.test_images, &manifest.test_labels),
    };
    if images.start == 0 {
        tell(Input::Labels(set, fetch(labels).await?));
    }
    let mut first = 0;
    let wanted = shards.iter().filter(|shard| {
        first += shard.count;
        images.contains(&(first - shard.count))
    });
    let mut arriving = stream::iter(wanted).map(fetch).buffered(REQUESTS);
    while let Some(pixels) = arriving.next().await {
        tell(Input::Images(set, pixels?));
    }
    Ok(())
}

async fn manifest() -> Result<Manifest, FeedError> {
    let file = release::data();
    let bytes = persistently(async |cache| {
        let bytes = download(&file, cache, MOST_MANIFEST_BYTES).await?;
        // Half of the hash is in the name.
        match file.contains(&sha256(&bytes)[..32]) {
            true => Ok(bytes),
            false => Err(ShardError::Hash(file.clone()).into()),
        }
    });
    Ok(Manifest::parse(&bytes.await?)?)
}

/// The inflated bytes of a shard.
async fn fetch(shard: &Shard) -> Result<Vec<u8>, FeedError> {
    persistently(async |cache| {
        // A host may have inflated the file on its way already.
        let body = download(&shard.file, cache, shard.bytes.max(shard.bytes_gzip)).await?;
        let bytes = if body.starts_with(&GZIP) { inflate(shard, &body).await? } else { body };
        shard.verify(&bytes)?;
        Ok(bytes)
    })
    .await
}

/// Tries until it goes well, a few times and with pauses: networks recover, and what a cache holds may be spoiled.
async fn persistently<T>(
    attempt: impl AsyncFn(RequestCache) -> Result<T, FeedError>,
) -> Result<T, FeedError> {
    let mut outcome = attempt(RequestCache::Default).await;
    for time in &PAUSES[1..] {
        if outcome.is_ok() {
            break;
        }
        pause(*time).await;
        outcome = attempt(RequestCache::Reload).await;
    }
    outcome
}

/// The bytes of a file, of which there must be no more than `most`.
async fn download(file: &str, cache: RequestCache, most: usize) -> Result<Vec<u8>, FeedError> {
    let failed = |why: String| FeedError::Network { file: file.into(), why };
    let abort = AbortController::new().map_err(|_| failed("the browser can't abort requests".into()))?;
    let body = download_unless_aborted(file, cache, most, &abort.signal()).await;
    if body.is_err() {
        // What still comes of it is of no use.
        abort.abort();
    }
    body
}

async fn download_unless_aborted(
    file: &str,
    cache: RequestCache,
    most: usize,
    signal: &AbortSignal,
) -> Result<Vec<u8>, FeedError> {
    let failed = |why: String| FeedError::Network { file: file.into(), why };
    let stalled = || FeedError::Stalled { file: file.into() };
    let request = RequestBuilder::new(file).cache(cache).abort_signal(Some(signal));
    let response: Response = within(STALLED, request.send())
        .await
        .ok_or_else(stalled)?
        .map_err(|error| failed(error.to_string()))?;
    if !response.ok() {
        return Err(failed(format!("the server answers {}", response.status())));
    }
    let Some(body) = response.body() else { return Ok(Vec::new()) };
    let mut pieces = Pieces::of(&body);
    let mut bytes = Vec::new();
    while let Some(piece) = within(STALLED, pieces.next()).await.ok_or_else(stalled)? {
        piece.map_err(|error| failed(words(&error)))?.append_to(&mut bytes);
        if bytes.len() > most {
            return Err(FeedError::TooLong { file: file.into() });
        }
    }
    Ok(bytes)
}

/// Inflates a gzip file, and stops as soon as it holds more than the manifest says.
async fn inflate(shard: &Shard, packed: &[u8]) -> Result<Vec<u8>, FeedError> {
    let broken = |_: JsValue| FeedError::Gzip { file: shard.file.clone() };
    let inflater = DecompressionStream::new("gzip").map_err(broken)?;
    let body =
        web_sys::Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(packed))).map_err(broken)?;
    let packed = body.body().ok_or_else(|| broken(JsValue::NULL))?;
    let mut pieces = Pieces::of(&packed.pipe_through(&inflater));
    let mut bytes = Vec::with_capacity(shard.bytes);
    while let Some(piece) = pieces.next().await {
        piece.map_err(broken)?.append_to(&mut bytes);
        if bytes.len() > shard.bytes {
            pieces.give_up();
            return Err(broken(JsValue::NULL));
        }
    }
    Ok(bytes)
}

/// An error of the browser in its words.
fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| error.message().into())
}
