//! Weights as named tensors in plain memory: the form in which they pass between engines, files and messages.

use super::floats;
use crate::model::ModelSpec;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A named tensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tensor {
    /// The layer's name and the part: `encoder_dense_1.kernel`, `encoder_dense_1.bias` …
    pub name: String,
    /// The shape, in Keras' layout: of a dense kernel `[inputs, outputs]`, of a convolution's `[row, column, inputs, outputs]`,
    /// of a transposed convolution's `[row, column, outputs, inputs]`, of a bias `[outputs]`.
    pub shape: Vec<usize>,
    /// The values, the last axis innermost.
    #[serde(with = "floats")]
    pub values: Vec<f32>,
}

/// The weights of a network, or anything of the same shape (Adam's moments).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// Kernel and bias of each layer that has them, from the image to the reconstruction.
    pub tensors: Vec<Tensor>,
}

/// Kernel and bias of a layer.
#[derive(Clone, Copy, Debug)]
pub struct LayerTensors<'a> {
    /// The kernel.
    pub kernel: &'a Tensor,
    /// The bias.
    pub bias: &'a Tensor,
}

/// Kernel and bias of a layer, to be changed.
#[derive(Debug)]
pub struct LayerTensorsMut<'a> {
    /// The kernel.
    pub kernel: &'a mut Tensor,
    /// The bias.
    pub bias: &'a mut Tensor,
}

/// Why weights don't fit a network.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WeightsError {
    /// Another number of tensors, or other names.
    #[error("the tensors are {found}, where the network has {expected}")]
    Tensors {
        /// The names found, separated by commas.
        found: String,
        /// The names that the network has.
        expected: String,
    },
    /// A tensor of another shape, or whose values are not as many as its shape says.
    #[error("{tensor} has the shape {found:?} and {values} values, where the network has {expected:?}")]
    Shape {
        /// The tensor's name, such as `encoder_dense_1.kernel`.
        tensor: String,
        /// The shape found.
        found: Vec<usize>,
        /// Values found.
        values: usize,
        /// The shape that the network has.
        expected: Vec<usize>,
    },
    /// Infinity, or not a number.
    #[error("{0} holds a value that is not finite")]
    NotFinite(String),
}

/// Names and shapes of a model's tensors, in the order of [`Weights::tensors`].
pub fn tensor_shapes(model: &ModelSpec) -> impl Iterator<Item = (String, Vec<usize>)> {
    let mut shapes = Vec::new();
    for layer in model.layers() {
        if let Some([kernel, bias]) = layer.tensor_shapes() {
            shapes.push((format!("{}.kernel", layer.name), kernel));
            shapes.push((format!("{}.bias", layer.name), bias));
        }
    }
    shapes.into_iter()
}

impl Weights {
    /// All zeros: Adam's moments at the start.
    pub fn zeros(model: &ModelSpec) -> Self {
        let zeros = |(name, shape): (String, Vec<usize>)| Tensor {
            values: vec![0.0; shape.iter().product()],
            shape,
            name,
        };
        Self { tensors: tensor_shapes(model).map(zeros).collect() }
    }

    /// Kernel and bias of each layer that has them, from the image to the reconstruction.
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = LayerTensors<'_>> + ExactSizeIterator {
        self.tensors.as_chunks().0.iter().map(|[kernel, bias]| LayerTensors { kernel, bias })
    }

    /// The same, to be changed.
    pub fn layers_mut(&mut self) -> impl DoubleEndedIterator<Item = LayerTensorsMut<'_>> + ExactSizeIterator {
        self.tensors.as_chunks_mut().0.iter_mut().map(|[kernel, bias]| LayerTensorsMut { kernel, bias })
    }

    /// Whether these are finite weights of a network with this model.
    pub fn check(&self, model: &ModelSpec) -> Result<(), WeightsError> {
        let shapes: Vec<_> = tensor_shapes(model).collect();
        let names = |names: Vec<&str>| names.join(", ");
        let found = names(self.tensors.iter().map(|tensor| tensor.name.as_str()).collect());
        let expected = names(shapes.iter().map(|(name, _)| name.as_str()).collect());
        if found != expected {
            return Err(WeightsError::Tensors { found, expected });
        }
        for (Tensor { name, shape, values }, (_, expected)) in self.tensors.iter().zip(shapes) {
            if *shape != expected || values.len() != expected.iter().product::<usize>() {
                let (tensor, found, values) = (name.clone(), shape.clone(), values.len());
                return Err(WeightsError::Shape { tensor, found, values, expected });
            }
            if !values.iter().all(|value| value.is_finite()) {
                return Err(WeightsError::NotFinite(name.clone()));
            }
        }
        Ok(())
    }

    /// How many values there are.
    pub fn parameters(&self) -> usize {
        self.tensors.iter().map(|tensor| tensor.values.len()).sum()
    }

    /// Every value, in the order of the layers, each layer's kernel before its bias.
    pub fn values(&self) -> impl Iterator<Item = f32> + '_ {
        self.tensors.iter().flat_map(|tensor| tensor.values.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presets;

    #[test]
    fn the_tutorial_has_its_number_of_parameters() {
        let weights = Weights::zeros(&ModelSpec::default());
        assert_eq!(weights.parameters(), 472_986);
        let encoder = Weights { tensors: weights.tensors[..4].to_vec() };
        assert_eq!(encoder.parameters(), 236_102);
    }

    #[test]
    fn tensors_have_the_names_and_shapes_of_keras() {
        let model = presets::model("encoder=conv32k3s2,dropout0.5,dense16&variational=1");
        let shapes: Vec<_> = tensor_shapes(&model).collect();
        let of = |name: &str| shapes.iter().find(|(found, _)| found == name).unwrap().1.clone();
        assert_eq!(of("encoder_conv2d_1.kernel"), [3, 3, 1, 32]);
        assert_eq!(of("encoder_z_log_var.kernel"), [16, 2]);
        assert_eq!(of("decoder_conv2d_transpose_1.kernel"), [3, 3, 32, 32]);
        // [row, column, outputs, inputs]
        assert_eq!(of("decoder_conv2d_transpose_2.kernel"), [3, 3, 1, 32]);
        assert_eq!(of("decoder_conv2d_transpose_2.bias"), [1]);
        assert_eq!(shapes.len(), 2 * 7);
    }

    #[test]
    fn weights_that_do_not_fit_are_told_apart() {
        let model = ModelSpec::dense(&[3], 2, 0.3);
        let good = Weights::zeros(&model);
        assert_eq!(good.check(&model), Ok(()));

        let mut order = good.clone();
        order.tensors.swap(0, 2);
        assert!(matches!(order.check(&model), Err(WeightsError::Tensors { .. })));

        let mut size = good.clone();
        size.tensors[5].values.pop();
        assert!(matches!(size.check(&model), Err(WeightsError::Shape { values: 2, .. })));

        let mut shape = good.clone();
        shape.tensors[2].shape.reverse();
        assert!(matches!(shape.check(&model), Err(WeightsError::Shape { values: 6, .. })));

        let mut infinite = good;
        infinite.tensors[6].values[5] = f32::NAN;
        assert_eq!(infinite.check(&model), Err(WeightsError::NotFinite("decoder_dense_2.kernel".into())));
    }
}
