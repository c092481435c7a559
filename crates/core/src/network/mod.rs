//! The network: its layers, its weights in plain memory, and the same network as Burn modules.

pub mod floats;
mod initialisation;
mod layers;
pub mod pretrained;
pub mod summary;
mod weights;

pub use layers::{Half, Layer};
pub use weights::{Dense, Weights, WeightsError};
