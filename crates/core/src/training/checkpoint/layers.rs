//! Weights and the optimizer's moments as tensors of a file.

use super::{CheckpointError, reader::Reader, writer::Tensor};
use crate::{
    model::{MAX_HIDDEN_LAYERS, ModelError, ModelSpec},
    settings::Settings,
    weights::{self, Weights, tensor_shapes},
};

/// What the names of the optimizer's tensors begin with.
pub(super) const OPTIMIZER: &str = "optimizer.";
/// Adam's mean of the gradients, in Keras' word.
pub(super) const MOMENTUM: &str = "momentum";
/// Adam's mean of the squared gradients, in Keras' word.
pub(super) const VELOCITY: &str = "velocity";
const KERNEL: &str = ".kernel";

/// Whether all values are zero, as Adam's moments before the first step.
pub(super) fn is_zero(weights: &Weights) -> bool {
    weights.values().all(|value| value == 0.0)
}

/// The tensors of all layers, each name after `prefix`.
pub(super) fn layer_tensors<'a>(prefix: &str, weights: &'a Weights) -> impl Iterator<Item = Tensor<'a>> {
    weights
        .tensors
        .iter()
        .map(move |tensor| Tensor::new(format!("{prefix}{}", tensor.name), &tensor.shape, &tensor.values))
}

/// Takes the tensors of all layers of this model, each name after `prefix`.
pub(super) fn read_layers(
    file: &mut Reader<'_>,
    prefix: &str,
    model: &ModelSpec,
) -> Result<Weights, CheckpointError> {
    let tensors = tensor_shapes(model).map(|(name, shape)| {
        let values = file.take(&format!("{prefix}{name}"), &shape)?;
        Ok(weights::Tensor { name, shape, values })
    });
    Ok(Weights { tensors: tensors.collect::<Result<_, CheckpointError>>()? })
}

/// Refuses kernels that lie as `[outputs, inputs]`. The biases, which have `outputs` values, tell them.
pub(super) fn refuse_transposed(file: &Reader<'_>) -> Result<(), CheckpointError> {
    let kernels = file.names().filter_map(|name| {
        let layer = name.strip_suffix(KERNEL)?;
        let (kernel, bias) = (file.shape(name)?, file.shape(&format!("{layer}.bias"))?);
        Some((<[usize; 2]>::try_from(kernel).ok()?, *bias.first()?))
    });
    let kernels: Vec<_> = kernels.collect();
    let fit = |axis: usize| kernels.iter().all(|(shape, outputs)| shape[axis] == *outputs);
    if fit(0) && !fit(1) { Err(CheckpointError::Transposed) } else { Ok(()) }
}

/// The network whose weights these are, by the shapes of the encoder's kernels. They describe dense networks alone: strides
/// of convolutions, for one, are in no shape.
pub(super) fn model_of(file: &Reader<'_>) -> Result<ModelSpec, CheckpointError> {
    if ["encoder_conv2d_1.kernel", "encoder_z_mean.kernel"].iter().any(|name| file.shape(name).is_some()) {
        return Err(CheckpointError::Undescribed);
    }
    let kernel = |number| format!("encoder_dense_{number}.kernel");
    // One more than there may be, to notice that there are too many.
    let shapes = (1..=MAX_HIDDEN_LAYERS + 2).map_while(|number| file.shape(&kernel(number)));
    let mut units: Vec<_> = shapes.map(|shape| shape.last().copied().unwrap_or(0)).collect();
    let code = units.pop().ok_or_else(|| CheckpointError::Missing(kernel(1)))?;
    if units.is_empty() {
        return Err(CheckpointError::Model(ModelError::Depth(0).into()));
    }
    let model = ModelSpec::dense(&units, code, ModelSpec::default().slope);
    let settings = Settings { model, ..Settings::default() };
    settings.check().map_err(CheckpointError::Model)?;
    Ok(settings.model)
}
