//! The models as Burn modules with autodiff: the reference in tests, and an engine on WebGPU.
//!
//! [`autoencoder`] is made of [`layer`]s, [`loss`] compares its reconstructions, [`keras_adam`] updates its weights, and
//! [`BurnTrainer`] is the engine made of them. Every model that passes [`latent_core::model::ModelSpec::check`] is
//! supported.

pub mod autoencoder;
mod batch; // a batch on the device, with its noise
mod convolution;
mod device;
pub mod keras_adam;
pub mod layer;
pub mod loss;
pub mod read;
mod trainer;

#[cfg(all(feature = "flex", not(target_family = "wasm")))]
pub use device::flex_device;
#[cfg(feature = "wgpu")]
pub use device::{BurnGpu, burn_gpu};
pub use trainer::BurnTrainer;
