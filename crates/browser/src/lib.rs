//! What the page and its workers both need from a browser.
//!
//! The crate is empty on other targets.
#![cfg(target_family = "wasm")]

pub mod byte_stream; // reads streams of bytes, chunk by chunk
pub mod snapshot_channel; // connects a trainer to the explorer
pub mod worker_handle; // spawns a worker, and exchanges messages with it
