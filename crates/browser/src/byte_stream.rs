//! Streams of bytes, read chunk by chunk, so that one that is too long can be given up before its end.

use crate::patience::within;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult};

/// A stream of bytes.
pub struct ByteStream(ReadableStreamDefaultReader);

/// Some bytes of a stream.
pub struct Chunk(Uint8Array);

impl ByteStream {
    /// The bytes of this stream, which has no other reader.
    pub fn new(stream: &ReadableStream) -> Self {
        Self(stream.get_reader().unchecked_into())
    }

    /// The next chunk, or an error if none comes within so many milliseconds. `None` at the end.
    pub async fn next(&mut self, ms: u32) -> Option<Result<Chunk, JsValue>> {
        match within(ms, self.0.read()).await {
            Ok(read) if read.is_null() => Some(Err("nothing came".into())),
            Ok(read) => {
                let read: ReadableStreamReadResult = read.unchecked_into();
                let is_done = read.get_done().unwrap_or(true);
                (!is_done).then(|| Ok(Chunk(Uint8Array::new(&read.get_value()))))
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// Cancels the rest of the stream.
    pub fn cancel(&self) {
        // The outcome changes nothing: the bytes are refused.
        drop(self.0.cancel());
    }
}

impl Chunk {
    /// Appends the chunk to other bytes.
    pub fn append_to(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        bytes.resize(start + self.0.length() as usize, 0);
        self.0.copy_to(&mut bytes[start..]);
    }
}
