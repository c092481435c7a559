//! Weights as named tensors in plain memory, and their initial values.

pub mod floats;
mod initialisation;
mod tensors;

pub use tensors::{LayerTensors, LayerTensorsMut, Tensor, Weights, WeightsError, tensor_shapes};
