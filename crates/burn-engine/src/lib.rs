//! The models as Burn modules with autodiff: the reference in tests, and an engine on WebGPU.

pub mod autoencoder;
mod device;
pub mod keras_adam;
mod trainer;

#[cfg(all(feature = "flex", not(target_family = "wasm")))]
pub use device::flex_device;
#[cfg(feature = "wgpu")]
pub use device::{AdapterDescription, WgpuDevice, wgpu_device};
pub use trainer::BurnTrainer;
