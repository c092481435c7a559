//! Weights layer by layer in plain memory: the form in which they pass between engines, files and messages.

use super::floats;
use crate::model::ModelSpec;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The weights of one layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerWeights {
    /// The layer's name: `encoder_dense_1` …
    pub name: String,
    /// `[inputs, outputs]`, row by row: `y = x · kernel + bias`, as in Keras.
    #[serde(with = "floats")]
    pub kernel: Vec<f32>,
    /// `[outputs]`
    #[serde(with = "floats")]
    pub bias: Vec<f32>,
}

/// The weights of a network, or anything of the same shape (Adam's moments).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// The layers from the image to the reconstruction.
    pub layers: Vec<LayerWeights>,
}

/// Why weights don't fit a network.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WeightsError {
    /// Another number of layers, or other names.
    #[error("the layers are {found}, where the network has {expected}")]
    Layers {
        /// The names found, separated by commas.
        found: String,
        /// The names that the network has.
        expected: String,
    },
    /// A tensor of another size.
    #[error("{tensor} has {found} values, where the network has {expected}")]
    Size {
        /// The tensor's name, such as `encoder_dense_1.kernel`.
        tensor: String,
        /// Values found.
        found: usize,
        /// Values that the network has.
        expected: usize,
    },
    /// Infinity, or not a number.
    #[error("{0} holds a value that is not finite")]
    NotFinite(String),
}

impl Weights {
    /// All zeros: Adam's moments at the start.
    pub fn zeros(model: &ModelSpec) -> Self {
        let layers = model
            .layers()
            .into_iter()
            .map(|layer| LayerWeights {
                kernel: vec![0.0; layer.inputs * layer.outputs],
                bias: vec![0.0; layer.outputs],
                name: layer.name,
            })
            .collect();
        Self { layers }
    }

    /// Whether these are finite weights of a network with this model.
    pub fn check(&self, model: &ModelSpec) -> Result<(), WeightsError> {
        let layers = model.layers();
        let names = |names: Vec<&str>| names.join(", ");
        let found = names(self.layers.iter().map(|layer| layer.name.as_str()).collect());
        let expected = names(layers.iter().map(|layer| layer.name.as_str()).collect());
        if found != expected {
            return Err(WeightsError::Layers { found, expected });
        }
        for (dense, layer) in self.layers.iter().zip(layers) {
            for (part, values, expected) in [
                ("kernel", &dense.kernel, layer.inputs * layer.outputs),
                ("bias", &dense.bias, layer.outputs),
            ] {
                let tensor = format!("{}.{part}", dense.name);
                if values.len() != expected {
                    return Err(WeightsError::Size { tensor, found: values.len(), expected });
                }
                if !values.iter().all(|value| value.is_finite()) {
                    return Err(WeightsError::NotFinite(tensor));
                }
            }
        }
        Ok(())
    }

    /// How many values there are.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|layer| layer.kernel.len() + layer.bias.len()).sum()
    }

    /// Every value, in the order of the layers, each layer's kernel before its bias.
    pub fn values(&self) -> impl Iterator<Item = f32> + '_ {
        self.layers.iter().flat_map(|layer| layer.kernel.iter().chain(&layer.bias).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorial_has_its_number_of_parameters() {
        let weights = Weights::zeros(&ModelSpec::default());
        assert_eq!(weights.parameters(), 472_986);
        let encoder = Weights { layers: weights.layers[..2].to_vec() };
        assert_eq!(encoder.parameters(), 236_102);
    }

    #[test]
    fn weights_that_do_not_fit_are_told_apart() {
        let model = ModelSpec::dense(&[3], 2, 0.3);
        let good = Weights::zeros(&model);
        assert_eq!(good.check(&model), Ok(()));

        let mut layers = good.clone();
        layers.layers.swap(0, 1);
        assert!(matches!(layers.check(&model), Err(WeightsError::Layers { .. })));

        let mut size = good.clone();
        size.layers[2].bias.pop();
        assert!(matches!(size.check(&model), Err(WeightsError::Size { found: 2, expected: 3, .. })));

        let mut infinite = good;
        infinite.layers[3].kernel[5] = f32::NAN;
        assert_eq!(infinite.check(&model), Err(WeightsError::NotFinite("decoder_dense_2.kernel".into())));
    }
}
