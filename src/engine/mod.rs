//! A worker's life: commands in, events out. The sessions know no browser; what does is beside them.

pub mod canary;
pub mod explorer;
#[cfg(feature = "wgpu")]
pub mod gpu;
pub mod session;

#[cfg(all(feature = "worker", target_arch = "wasm32"))]
mod feed;
#[cfg(all(feature = "worker", target_arch = "wasm32"))]
mod mailbox;
#[cfg(all(feature = "worker", target_arch = "wasm32"))]
mod patience;
#[cfg(all(feature = "worker", target_arch = "wasm32"))]
mod release;
#[cfg(all(feature = "worker", target_arch = "wasm32"))]
pub mod team;
#[cfg(all(feature = "worker", target_arch = "wasm32"))]
pub mod worker;
