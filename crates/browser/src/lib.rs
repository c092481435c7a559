//! What the page and its workers both need from a browser.
//!
//! The crate is empty on other targets.
#![cfg(target_family = "wasm")]

pub mod adapter; // what the browser discloses of its GPU
pub mod byte_stream; // reads streams of bytes, chunk by chunk
pub mod patience; // waits for a promise, but not for ever
pub mod snapshot_channel; // connects a trainer to the explorer
pub mod worker_handle; // spawns a worker, and exchanges messages with it

mod new_worker; // makes workers, in sandboxed frames too
mod words; // errors of the browser as parts of sentences

pub use new_worker::has_opaque_origin;
pub use words::words;
