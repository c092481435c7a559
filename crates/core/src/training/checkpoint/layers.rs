//! Weights and the optimizer's moments as tensors of a file.

use super::{CheckpointError, reader::Reader, writer::Tensor};
use crate::{
    model::{MAX_HIDDEN_LAYERS, ModelError, ModelSpec},
    settings::Settings,
    weights::{LayerWeights, Weights},
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
    weights.layers.iter().flat_map(move |LayerWeights { name, kernel, bias }| {
        let shape = [kernel.len() / bias.len().max(1), bias.len()];
        [
            Tensor::new(format!("{prefix}{name}.kernel"), &shape, kernel),
            Tensor::new(format!("{prefix}{name}.bias"), &shape[1..], bias),
        ]
    })
}

/// Takes the tensors of all layers of this model, each name after `prefix`.
pub(super) fn read_layers(
    file: &mut Reader<'_>,
    prefix: &str,
    model: &ModelSpec,
) -> Result<Weights, CheckpointError> {
    let layers = model.layers().into_iter().map(|layer| {
        let name = layer.name;
        Ok(LayerWeights {
            kernel: file.take(&format!("{prefix}{name}.kernel"), &[layer.inputs, layer.outputs])?,
            bias: file.take(&format!("{prefix}{name}.bias"), &[layer.outputs])?,
            name,
        })
    });
    Ok(Weights { layers: layers.collect::<Result<_, CheckpointError>>()? })
}

/// Refuses kernels that lie as `[outputs, inputs]`. The biases, which have `outputs` values, tell them.
pub(super) fn refuse_transposed(file: &Reader<'_>) -> Result<(), CheckpointError> {
    let names = file.names();
    let kernels = names.iter().filter_map(|name| {
        let layer = name.strip_suffix(KERNEL)?;
        let (kernel, bias) = (file.shape(name)?, file.shape(&format!("{layer}.bias"))?);
        Some((<[usize; 2]>::try_from(kernel).ok()?, *bias.first()?))
    });
    let kernels: Vec<_> = kernels.collect();
    let fit = |axis: usize| kernels.iter().all(|(shape, outputs)| shape[axis] == *outputs);
    if fit(0) && !fit(1) { Err(CheckpointError::Transposed) } else { Ok(()) }
}

/// The network whose weights these are, by the shapes of the encoder's kernels.
pub(super) fn model_of(file: &Reader<'_>) -> Result<ModelSpec, CheckpointError> {
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
