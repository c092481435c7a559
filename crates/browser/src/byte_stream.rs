//! Streams of bytes in the browser, in the page and in workers, read piece by piece: so that what is too long is
//! noticed before it is all there.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult};

/// What comes through a stream of bytes, piece by piece.
pub struct Pieces(ReadableStreamDefaultReader);

/// Some bytes.
pub struct Piece(Uint8Array);

impl Pieces {
    /// Of this stream, which nobody else reads.
    pub fn of(stream: &ReadableStream) -> Self {
        Self(stream.get_reader().unchecked_into())
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Option<Result<Piece, JsValue>> {
        match JsFuture::from(self.0.read()).await {
            Ok(read) => {
                let read: ReadableStreamReadResult = read.unchecked_into();
                let is_done = read.get_done().unwrap_or(true);
                (!is_done).then(|| Ok(Piece(Uint8Array::new(&read.get_value()))))
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// Nothing more is wanted.
    pub fn give_up(&self) {
        // Its outcome changes nothing: the file is refused.
        drop(self.0.cancel());
    }
}

impl Piece {
    /// Puts them behind others.
    pub fn append_to(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        bytes.resize(start + self.0.length() as usize, 0);
        self.0.copy_to(&mut bytes[start..]);
    }
}
