//! Weights layer by layer in plain memory, and their initial values.

pub mod floats;
mod initialisation;
mod tensors;

/// The former name of [`LayerWeights`].
pub use tensors::LayerWeights as Dense;
pub use tensors::{LayerWeights, Weights, WeightsError};
