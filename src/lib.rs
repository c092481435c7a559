//! An MNIST autoencoder that trains in the browser, and the latent plane to drag through while it learns.
//!
//! The modules stand in the order of the data's way: shards → dataset → trainer → messages → state → views.
//! What stands above never depends on what stands below; ARCHITECTURE.md is the map.

#[cfg(all(feature = "app", target_arch = "wasm32"))]
pub mod app;
pub mod choice; // which engine trains
pub mod contest; // which engine is faster
pub mod data; // MNIST: IDX files, gzip shards, images at rest, the order of an epoch
pub mod display; // what the views show, as plain functions
pub mod engine; // a worker's life
pub mod kernels; // the training step in SIMD, without Burn
#[cfg(all(feature = "browser", target_arch = "wasm32"))]
mod line; // the line to a worker, from where it was spawned
pub mod link; // settings <-> URL fragment
pub mod network; // named weights, their initial values, the Burn modules
#[cfg(all(feature = "browser", target_arch = "wasm32"))]
mod pieces; // streams of bytes, piece by piece
pub mod plane; // the visible range of the latent plane
pub mod protocol; // the messages between page and workers
pub mod random; // the one seeded generator
pub mod recovery; // what becomes of a run whose engine dies
pub mod settings; // what a run is, its defaults and limits
pub mod training; // the trainer's interface, the step loop, Keras' Adam, losses over time // the page
