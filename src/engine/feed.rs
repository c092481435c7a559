//! Brings the data set to a worker: fetches shards, inflates them, and lets through only what equals the manifest.

use super::{
    explorer::{Input, Wish},
    release,
    session::{Arrived, Data},
};
use crate::data::{
    Split,
    shard::{Manifest, Shard, ShardError, sha256},
};
use futures_util::{StreamExt, stream};
use gloo_net::http::{RequestBuilder, Response};
use js_sys::Uint8Array;
use std::ops::Range;
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, ReadableStreamReadResult, ReadableWritablePair, RequestCache};

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
/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Why a file can't be had.
#[derive(Debug, Error)]
pub(super) enum FeedError {
    #[error("{file} could not be loaded: {why}")]
    Network { file: String, why: String },
    #[error("the data set has no pretrained decoder")]
    NoPretrained,
    #[error("{file} could not be inflated")]
    Gzip { file: String },
    #[error(transparent)]
    Shard(#[from] ShardError),
}

/// Brings the whole data set, training images first, in order, and tells each file as it arrives. `rest` lets the
/// first step be trained on the first file before the line and the processor are busy with others.
pub(super) async fn bring_all(tell: impl Fn(Data), rest: impl AsyncFn()) {
    if let Err(error) = try_bring_all(&tell, rest).await {
        tell(Data::Failed(error.to_string()));
    }
}

async fn try_bring_all(tell: &impl Fn(Data), rest: impl AsyncFn()) -> Result<(), FeedError> {
    let manifest = manifest().await?;
    let shards = || manifest.train_images.iter().chain(&manifest.test_images);
    tell(Data::Announced(shards().map(|shard| shard.bytes_gzip).sum()));
    let is_training = |at: usize| at < manifest.train_images.len();
    // Training begins with the first one, which therefore has the line to itself.
    let first = stream::iter(shards()).take(1).map(fetch).buffered(1);
    let others = stream::iter(shards()).skip(1).map(fetch).buffered(REQUESTS);
    let mut arriving = first.chain(others).enumerate();
    while let Some((at, pixels)) = arriving.next().await {
        let bytes_gzip = shards().nth(at).map_or(0, |shard| shard.bytes_gzip);
        let arrived = Arrived { pixels: pixels?, bytes_gzip };
        tell(if is_training(at) { Data::Training(arrived) } else { Data::Test(arrived) });
        if at == 0 {
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
    let bytes = download(&file, RequestCache::Default).await?;
    // Half of the hash is in the name.
    if !file.contains(&sha256(&bytes)[..32]) {
        return Err(ShardError::Hash(file).into());
    }
    Ok(Manifest::parse(&bytes)?)
}

/// The inflated bytes of a shard. What doesn't equal the manifest is asked for once more, past the cache.
async fn fetch(shard: &Shard) -> Result<Vec<u8>, FeedError> {
    match fetch_once(shard, RequestCache::Default).await {
        Ok(bytes) => Ok(bytes),
        Err(_) => fetch_once(shard, RequestCache::Reload).await,
    }
}

async fn fetch_once(shard: &Shard, cache: RequestCache) -> Result<Vec<u8>, FeedError> {
    let body = download(&shard.file, cache).await?;
    // A host may have inflated the file on its way already.
    let bytes = if body.starts_with(&GZIP) { inflate(shard, &body).await? } else { body };
    shard.verify(&bytes)?;
    Ok(bytes)
}

async fn download(file: &str, cache: RequestCache) -> Result<Vec<u8>, FeedError> {
    let failed = |why: String| FeedError::Network { file: file.into(), why };
    let request = RequestBuilder::new(file).cache(cache);
    let response: Response = request.send().await.map_err(|error| failed(error.to_string()))?;
    if !response.ok() {
        return Err(failed(format!("the server answers {}", response.status())));
    }
    response.binary().await.map_err(|error| failed(error.to_string()))
}

/// Inflates a gzip file, and stops as soon as it holds more than the manifest says.
async fn inflate(shard: &Shard, packed: &[u8]) -> Result<Vec<u8>, FeedError> {
    let broken = |_: JsValue| FeedError::Gzip { file: shard.file.clone() };
    let inflater = DecompressionStream::new("gzip").map_err(broken)?;
    let body =
        web_sys::Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(packed))).map_err(broken)?;
    let packed = body.body().ok_or_else(|| broken(JsValue::NULL))?;
    let inflated = packed.pipe_through(&inflater);
    let reader: ReadableStreamDefaultReader = inflated.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity(shard.bytes);
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(broken)?;
        let piece: ReadableStreamReadResult = piece.unchecked_into();
        if piece.get_done().unwrap_or(true) {
            return Ok(bytes);
        }
        bytes.extend(Uint8Array::new(&piece.get_value()).to_vec());
        if bytes.len() > shard.bytes {
            // Its outcome changes nothing: the file is refused.
            drop(reader.cancel());
            return Err(broken(JsValue::NULL));
        }
    }
}
