//! Reads tensors back from their device, without blocking.

use crate::layer::DeviceTensors;
use burn::tensor::{Tensor, TensorData, Transaction};
use latent_core::{
    model::ModelSpec,
    training::TrainerError,
    weights::{Tensor as NamedTensor, Weights, tensor_shapes},
};
use thiserror::Error;

/// Why tensors could not be read back from their device.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("reading back: {0}")]
pub struct ReadError(String);

impl From<ReadError> for TrainerError {
    fn from(error: ReadError) -> Self {
        Self::Device(error.to_string())
    }
}

/// Reads sets of tensors with the shapes of `spec`'s weights, all at once.
pub async fn read_weights<const SETS: usize>(
    spec: &ModelSpec,
    sets: [Vec<DeviceTensors>; SETS],
) -> Result<[Weights; SETS], ReadError> {
    let flat = |(kernel, bias): DeviceTensors| [kernel.flatten::<1>(0, 1), bias];
    let mut values = read(sets.into_iter().flatten().flat_map(flat)).await?.into_iter();
    let mut next = || values.next().ok_or_else(|| ReadError("fewer tensors than the model has".into()));
    let mut weights = [(); SETS].map(|()| Weights::default());
    for weights in &mut weights {
        for (name, shape) in tensor_shapes(spec) {
            weights.tensors.push(NamedTensor { name, shape, values: next()? });
        }
    }
    Ok(weights)
}

/// The tensors' values. Waits for the device once, however many tensors there are.
pub async fn read<const D: usize>(
    tensors: impl IntoIterator<Item = Tensor<D>>,
) -> Result<Vec<Vec<f32>>, ReadError> {
    let mut tensors = tensors.into_iter().peekable();
    if tensors.peek().is_none() {
        // An empty transaction panics.
        return Ok(Vec::new());
    }
    // A transaction does not mix tensors with and without autodiff, so all lose it.
    let transaction = tensors.map(Tensor::inner).fold(Transaction::default(), Transaction::register);
    let data = transaction.execute_async().await.map_err(|error| ReadError(error.to_string()))?;
    let values = |data: TensorData| data.try_into_vec().map_err(|error| ReadError(error.to_string()));
    data.into_iter().map(values).collect()
}
