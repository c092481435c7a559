//! The models as Burn modules with autodiff: the reference in tests, and an engine on WebGPU.
//!
//! [`autoencoder`] is made of [`dense`] layers, [`loss`] compares its reconstructions, [`keras_adam`] updates its weights,
//! and [`BurnTrainer`] is the engine made of them. Every model that passes [`latent_core::model::ModelSpec::check`] is
//! supported.

pub mod autoencoder;
pub mod dense;
mod device;
pub mod keras_adam;
pub mod loss;
pub mod read;
mod trainer;

#[cfg(all(feature = "flex", not(target_family = "wasm")))]
pub use device::flex_device;
#[cfg(feature = "wgpu")]
pub use device::{AdapterDescription, WgpuDevice, wgpu_device};
pub use trainer::BurnTrainer;
