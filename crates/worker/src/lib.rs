//! A worker's life: commands in, events out. The sessions know no browser; what does is beside them.

pub mod canary;
pub mod explorer;
#[cfg(feature = "wgpu")]
pub mod gpu;
pub mod session;

#[cfg(target_family = "wasm")]
mod feed;
#[cfg(target_family = "wasm")]
mod mailbox;
#[cfg(target_family = "wasm")]
mod patience;
#[cfg(target_family = "wasm")]
mod release;
#[cfg(target_family = "wasm")]
pub mod team;
#[cfg(target_family = "wasm")]
pub mod worker;
