//! What the page and its workers both need from a browser: worker handles and byte streams.
//!
//! The crate is empty on other targets.
#![cfg(target_family = "wasm")]

pub mod byte_stream; // streams of bytes, piece by piece
pub mod worker_handle; // the line to a worker, from where it was spawned
