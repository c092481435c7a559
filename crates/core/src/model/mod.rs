//! What a model is: plain data that every engine, summary, link and file reads.
//!
//! A [`ModelSpec`] says what the user chose. [`ModelSpec::layers`] lowers it to the list of concrete layers, with
//! names, shapes and activation functions. Engines read that list and nothing else.

mod activation;
mod layers;
mod loss;
pub mod summary;

pub use crate::data::ImageShape;
pub use activation::{Activation, ActivationFunction};
pub use layers::{Half, Layer};
pub use loss::{Loss, LossKind, Reduction};

use crate::data::mnist;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use thiserror::Error;

/// An autoencoder. The decoder mirrors the encoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// The shape of an image.
    pub input: ImageShape,
    /// The encoder's hidden layers, from the image towards the code.
    pub encoder: Vec<LayerSpec>,
    /// The activation of every hidden layer, in both halves.
    pub activation: Activation,
    /// The code.
    pub latent: Latent,
    /// The activation of the reconstruction.
    pub output: Activation,
    /// The slope of every LeakyReLU for negative arguments.
    pub slope: f32,
    /// What training makes small.
    pub loss: Loss,
}

/// A hidden layer of the encoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LayerSpec {
    /// Every unit reads every unit of the layer before.
    Dense {
        /// Units of the layer.
        units: usize,
    },
}

/// The code: what the encoder gives and the decoder reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latent {
    /// Units of the code: the dimensions of the latent space.
    pub units: usize,
    /// The activation of the code; the hidden layers' if none is named.
    pub activation: Option<Activation>,
}

/// Hidden layers on either side of the code, at most.
pub const MAX_HIDDEN_LAYERS: usize = 4;
/// Units of a hidden layer.
pub const UNITS: RangeInclusive<usize> = 1..=4096;
/// Units of the code.
pub const LATENT_UNITS: RangeInclusive<usize> = 1..=32;
/// LeakyReLU's slope.
pub const SLOPE: RangeInclusive<f32> = 0.0..=1.0;

/// Why a model is refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ModelError {
    /// More hidden layers than supported, or none.
    #[error("hidden: {0} hidden layers, where 1 to {MAX_HIDDEN_LAYERS} are supported")]
    Depth(usize),
    /// A shape of images that no model can have.
    #[error("input: images of {0} pixels are not supported")]
    Input(ImageShape),
    /// A loss that this output cannot have.
    #[error("loss: {loss} needs the output activation sigmoid, and the model's is {output}")]
    LossNeedsSigmoid {
        /// The loss's name.
        loss: &'static str,
        /// The output activation's name.
        output: &'static str,
    },
}

impl Default for ModelSpec {
    /// The tutorial's network; 0.3 is Keras' default slope (`keras.layers.LeakyReLU`).
    fn default() -> Self {
        Self::dense(&[300], 2, 0.3)
    }
}

impl ModelSpec {
    /// A network as the tutorial's, with these hidden layers, units of the code and LeakyReLU slope.
    pub fn dense(hidden: &[usize], latent: usize, slope: f32) -> Self {
        Self {
            input: mnist::SHAPE,
            encoder: hidden.iter().map(|&units| LayerSpec::Dense { units }).collect(),
            activation: Activation::LeakyRelu,
            latent: Latent { units: latent, activation: None },
            output: Activation::LeakyRelu,
            slope,
            loss: Loss::default(),
        }
    }

    /// Units of the hidden dense layers, from the image towards the code.
    pub fn hidden(&self) -> Vec<usize> {
        self.encoder.iter().map(|LayerSpec::Dense { units }| *units).collect()
    }

    /// Units of the code.
    pub fn latent_units(&self) -> usize {
        self.latent.units
    }

    /// The activation of the code.
    pub fn latent_activation(&self) -> Activation {
        self.latent.activation.unwrap_or(self.activation)
    }

    /// The model, if it has as many hidden layers as are supported.
    pub fn with_sound_depth(self) -> Result<Self, ModelError> {
        match self.encoder.len() {
            1..=MAX_HIDDEN_LAYERS => Ok(self),
            depth => Err(ModelError::Depth(depth)),
        }
    }

    /// Whether the parts fit each other. Single values are checked against their limits by [`crate::settings`].
    pub fn check(&self) -> Result<(), ModelError> {
        self.clone().with_sound_depth()?;
        if !self.input.is_supported() {
            return Err(ModelError::Input(self.input));
        }
        if self.loss.kind == LossKind::BinaryCrossEntropy && self.output != Activation::Sigmoid {
            return Err(ModelError::LossNeedsSigmoid { loss: self.loss.name(), output: self.output.name() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_cross_entropy_needs_a_sigmoid() {
        let loss = Loss { kind: LossKind::BinaryCrossEntropy, ..Loss::default() };
        let model = ModelSpec { loss, ..ModelSpec::default() };
        assert_eq!(model.check(), Err(ModelError::LossNeedsSigmoid { loss: "bce", output: "leaky_relu" }));
        assert_eq!(ModelSpec { output: Activation::Sigmoid, ..model }.check(), Ok(()));
    }

    #[test]
    fn the_code_has_the_hidden_layers_activation_unless_one_is_named() {
        let mut model = ModelSpec { activation: Activation::Tanh, ..ModelSpec::default() };
        assert_eq!(model.latent_activation(), Activation::Tanh);
        model.latent.activation = Some(Activation::Linear);
        assert_eq!(model.latent_activation(), Activation::Linear);
    }
}
