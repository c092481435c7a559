//! The parts that a model is described by.

use super::Activation;
use serde::{Deserialize, Serialize};

/// A hidden layer of the encoder.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum LayerSpec {
    /// Every unit reads every value of the layer before (`keras.layers.Dense`).
    Dense {
        /// Units of the layer.
        units: usize,
    },
    /// Every filter is moved over the feature map, padded so that the result has 1 / stride of its rows and columns, rounded
    /// up (`keras.layers.Conv2D(padding="same")`).
    Conv2d {
        /// Channels of the result.
        filters: usize,
        /// Rows and columns of a filter.
        kernel: usize,
        /// Rows and columns from one position to the next.
        stride: usize,
    },
    /// In training, each value becomes 0 with this probability, and is divided by 1 − `rate` otherwise
    /// (`keras.layers.Dropout`).
    Dropout {
        /// The probability that a value becomes 0.
        rate: f32,
    },
}

/// The code: what the encoder gives and the decoder reads.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Latent {
    /// A point for each image.
    Deterministic {
        /// Units of the code: the dimensions of the latent space.
        units: usize,
        /// The activation of the code; the hidden layers' if none is named.
        activation: Option<Activation>,
    },
    /// A normal distribution for each image, from which training draws the code (Kingma and Welling, 2014). Outside of
    /// training the code is the mean.
    Variational {
        /// Units of the code: the dimensions of the latent space.
        units: usize,
        /// The weight of the divergence in the loss (Higgins et al., 2017).
        beta: f32,
    },
}

impl Latent {
    /// Units of the code.
    pub fn units(self) -> usize {
        match self {
            Self::Deterministic { units, .. } | Self::Variational { units, .. } => units,
        }
    }

    /// The same with so many units.
    pub fn with_units(self, units: usize) -> Self {
        match self {
            Self::Deterministic { activation, .. } => Self::Deterministic { units, activation },
            Self::Variational { beta, .. } => Self::Variational { units, beta },
        }
    }
}

/// What is done to the images that the encoder reads in training. The loss compares with the clean images: a denoising
/// autoencoder (Vincent et al., 2008).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Corruption {
    /// Nothing.
    #[default]
    None,
    /// Each value gets a normal deviate with this standard deviation, and is clipped to 0 … 1.
    Gaussian {
        /// The standard deviation.
        deviation: f32,
    },
    /// Each value becomes 0 with this probability.
    Masking {
        /// The probability.
        fraction: f32,
    },
}
