//! What a model is: plain data that every engine, summary, link and file reads.
//!
//! A [`ModelSpec`] says what the user chose. [`ModelSpec::layers`] lowers it to the list of concrete layers, with
//! names, shapes and activation functions. Engines read that list and nothing else.

mod activation;
mod convolution; // the geometry of a convolution and its transpose
mod cost; // parameters, multiply-adds, memory
mod half; // builds the layers of a half
mod layers;
mod limits; // limits, and whether the parts fit each other
mod loss;
pub mod presets; // models to choose from
mod shape;
mod spec; // layers, code and corruption as they are described
pub mod summary;

pub use crate::data::ImageShape;
pub use activation::{Activation, ActivationFunction};
pub use convolution::Convolution;
pub use cost::{MOST_PARAMETERS, MOST_STEP_BYTES};
pub use layers::{Half, Layer, LayerKind, Role};
pub use limits::{
    BETA, DEVIATION, DROPOUT, FILTERS, KERNEL, LATENT_UNITS, MASKED, MAX_CONVOLUTIONS, MAX_HIDDEN_LAYERS,
    ModelError, SLOPE, STRIDE, UNITS,
};
pub use loss::{Loss, LossKind, Reduction};
pub use shape::Shape;
pub use spec::{Corruption, Latent, LayerSpec};

use crate::data::mnist;
use serde::{Deserialize, Serialize};

/// An autoencoder. The decoder is derived from the encoder ([`ModelSpec::layers`]).
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
    /// What is done to the images that the encoder reads in training.
    pub corruption: Corruption,
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
            latent: Latent::Deterministic { units: latent, activation: None },
            output: Activation::LeakyRelu,
            slope,
            loss: Loss::default(),
            corruption: Corruption::None,
        }
    }

    /// Units of the encoder's hidden dense layers, from the image towards the code.
    pub fn hidden(&self) -> Vec<usize> {
        let units = |layer: &LayerSpec| match *layer {
            LayerSpec::Dense { units } => Some(units),
            LayerSpec::Conv2d { .. } | LayerSpec::Dropout { .. } => None,
        };
        self.encoder.iter().filter_map(units).collect()
    }

    /// Units of the code.
    pub fn latent_units(&self) -> usize {
        self.latent.units()
    }

    /// The activation of the code.
    pub fn latent_activation(&self) -> Activation {
        match self.latent {
            Latent::Deterministic { activation, .. } => activation.unwrap_or(self.activation),
            Latent::Variational { .. } => Activation::Linear,
        }
    }

    /// Whether the code is drawn from a distribution.
    pub fn is_variational(&self) -> bool {
        matches!(self.latent, Latent::Variational { .. })
    }

    /// The weight of the divergence in the loss. 0 for a deterministic model, which has none.
    pub fn beta(&self) -> f32 {
        match self.latent {
            Latent::Deterministic { .. } => 0.0,
            Latent::Variational { beta, .. } => beta,
        }
    }

    /// Whether all hidden layers are dense, so that their units describe them.
    pub fn has_only_dense_layers(&self) -> bool {
        self.encoder.iter().all(|layer| matches!(layer, LayerSpec::Dense { .. }))
    }

    /// Whether both are the same to an engine: the same layers with the same loss, on images that are treated the same.
    pub fn trains_as(&self, other: &Self) -> bool {
        let what = |model: &Self| (model.loss, model.beta(), model.corruption);
        what(self) == what(other) && self.layers() == other.layers()
    }

    /// The first thing about the model that goes beyond a deterministic dense network, as part of a sentence: for engines
    /// that train nothing else.
    pub fn beyond_dense(&self) -> Option<&'static str> {
        let has = |of: fn(&LayerSpec) -> bool| self.encoder.iter().any(of);
        if has(|layer| matches!(layer, LayerSpec::Conv2d { .. })) {
            return Some("convolutions");
        }
        if has(|layer| matches!(layer, LayerSpec::Dropout { .. })) {
            return Some("dropout");
        }
        if self.is_variational() {
            return Some("a variational code");
        }
        (self.corruption != Corruption::None).then_some("corrupted images")
    }

    /// Whether it is a deterministic dense network with one hidden layer on each side of its code, whose step can be divided by
    /// columns of its two large layers.
    pub fn is_column_parallel(&self) -> bool {
        self.beyond_dense().is_none() && self.layers().len() == 4
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
        model.latent = Latent::Deterministic { units: 2, activation: Some(Activation::Linear) };
        assert_eq!(model.latent_activation(), Activation::Linear);
        // A mean may be any number.
        model.latent = Latent::Variational { units: 2, beta: 1.0 };
        assert_eq!(model.latent_activation(), Activation::Linear);
    }

    #[test]
    fn layers_in_an_order_that_cannot_be_are_refused() {
        let dense = LayerSpec::Dense { units: 8 };
        let convolution = LayerSpec::Conv2d { filters: 8, kernel: 3, stride: 2 };
        let dropout = LayerSpec::Dropout { rate: 0.5 };
        let check = |encoder: &[LayerSpec]| {
            ModelSpec { encoder: encoder.to_vec(), ..ModelSpec::default() }
                .check()
                .map_err(|it| it.to_string())
        };
        for sound in [&[convolution][..], &[convolution, dropout, dense, dropout], &[dense, dropout, dense]] {
            assert_eq!(check(sound), Ok(()), "{sound:?}");
        }
        for (unsound, part) in [
            (&[][..], "0 hidden layers"),
            (&[dropout, dense], "follows a layer"),
            (&[dense, dropout, dropout], "cannot follow dropout"),
            (&[dense, convolution], "convolutions come first"),
            (&[convolution; 5], "more than 4 convolutions"),
            (&[dense; 5], "5 hidden layers"),
            (
                &[LayerSpec::Conv2d { filters: 8, kernel: 8, stride: 2 }],
                "a kernel of 8 is not between 1 and 7",
            ),
            (&[LayerSpec::Conv2d { filters: 8, kernel: 3, stride: 3 }], "a stride of 3"),
            (&[dense, LayerSpec::Dropout { rate: 1.0 }], "a dropout rate of 1"),
        ] {
            let sentence = check(unsound).unwrap_err();
            assert!(sentence.contains(part), "{sentence}");
        }
    }

    #[test]
    fn a_model_that_no_memory_holds_is_refused_before_anything_is_allocated() {
        let mut model = ModelSpec::dense(&[4096], 2, 0.3);
        (model.input.height, model.input.width) = (1024, 1024);
        assert!(matches!(model.check(), Err(ModelError::Parameters(parameters)) if parameters > 1 << 33));
        model.encoder = vec![LayerSpec::Conv2d { filters: 512, kernel: 3, stride: 1 }];
        assert!(model.check().is_err());
        let largest = ImageShape { height: 32, width: 32, channels: 3 };
        let model = ModelSpec { input: largest, ..ModelSpec::dense(&[4096; 4], 32, 0.3) };
        assert_eq!(model.check(), Ok(()));
    }
}
