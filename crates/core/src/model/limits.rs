//! The limits of a model, and whether its parts fit each other. They are checked before anything is allocated.

use super::{
    Activation, Corruption, ImageShape, Latent, LayerSpec, LossKind, MOST_PARAMETERS, MOST_STEP_BYTES,
    ModelSpec,
};
use crate::math::Number;
use std::ops::RangeInclusive;
use thiserror::Error;

/// Hidden dense layers of the encoder, at most.
pub const MAX_HIDDEN_LAYERS: usize = 4;
/// Convolutions of the encoder, at most.
pub const MAX_CONVOLUTIONS: usize = 4;
/// Units of a hidden layer.
pub const UNITS: RangeInclusive<usize> = 1..=4096;
/// Filters of a convolution.
pub const FILTERS: RangeInclusive<usize> = 1..=512;
/// Rows and columns of a convolution's filter.
pub const KERNEL: RangeInclusive<usize> = 1..=7;
/// Stride of a convolution.
pub const STRIDE: RangeInclusive<usize> = 1..=2;
/// Rate of dropout.
pub const DROPOUT: RangeInclusive<f32> = 0.0..=0.99;
/// Units of the code.
pub const LATENT_UNITS: RangeInclusive<usize> = 1..=32;
/// Weight of the divergence in a variational model's loss.
pub const BETA: RangeInclusive<f32> = 0.0..=16.0;
/// LeakyReLU's slope.
pub const SLOPE: RangeInclusive<f32> = 0.0..=1.0;
/// Standard deviation of Gaussian corruption.
pub const DEVIATION: RangeInclusive<f32> = 0.0..=2.0;
/// Share of the values that masking corruption makes 0.
pub const MASKED: RangeInclusive<f32> = 0.0..=0.99;

/// Why a model is refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ModelError {
    /// More hidden layers than supported, or none.
    #[error("hidden: {0} hidden layers, where 1 to {MAX_HIDDEN_LAYERS} are supported")]
    Depth(usize),
    /// Layers in an order or a number that is not supported.
    #[error("encoder: {0}")]
    Layers(&'static str),
    /// A size or a rate beyond its limits.
    #[error("{key}: a {what} of {value} is not between {least} and {most}")]
    OutOfRange {
        /// The setting's name.
        key: &'static str,
        /// What has the value.
        what: &'static str,
        /// What was given.
        value: String,
        /// The least value that is taken.
        least: String,
        /// The greatest value that is taken.
        most: String,
    },
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
    /// More weights than [`MOST_PARAMETERS`].
    #[error("the model has {0} parameters, and more than {MOST_PARAMETERS} are not supported")]
    Parameters(u64),
    /// A step on a single image beyond [`MOST_STEP_BYTES`].
    #[error("a step on one image takes {0} bytes, and more than {MOST_STEP_BYTES} are not supported")]
    StepMemory(u64),
}

/// Whether a value lies in its range; NaN does not.
fn within<T: Number>(
    key: &'static str,
    what: &'static str,
    value: T,
    range: &RangeInclusive<T>,
) -> Result<(), ModelError> {
    if range.contains(&value) {
        return Ok(());
    }
    let [value, least, most] = [&value, range.start(), range.end()].map(T::text);
    Err(ModelError::OutOfRange { key, what, value, least, most })
}

impl LayerSpec {
    /// Whether the sizes are within their limits.
    pub fn check(&self) -> Result<(), ModelError> {
        const KEY: &str = "encoder";
        match *self {
            Self::Dense { units } => within(KEY, "number of units", units, &UNITS),
            Self::Conv2d { filters, kernel, stride } => {
                within(KEY, "number of filters", filters, &FILTERS)?;
                within(KEY, "kernel", kernel, &KERNEL)?;
                within(KEY, "stride", stride, &STRIDE)
            }
            Self::Dropout { rate } => within(KEY, "dropout rate", rate, &DROPOUT),
        }
    }
}

impl Corruption {
    /// Whether the noise is within its limits.
    pub fn check(&self) -> Result<(), ModelError> {
        const KEY: &str = "corruption";
        match *self {
            Self::None => Ok(()),
            Self::Gaussian { deviation } => within(KEY, "standard deviation", deviation, &DEVIATION),
            Self::Masking { fraction } => within(KEY, "masked share", fraction, &MASKED),
        }
    }
}

impl ModelSpec {
    /// Whether number, order and sizes of the encoder's layers are supported.
    pub fn check_encoder(&self) -> Result<(), ModelError> {
        self.encoder.iter().try_for_each(LayerSpec::check)?;
        let is_dense = |layer: &LayerSpec| matches!(layer, LayerSpec::Dense { .. });
        let is_convolution = |layer: &LayerSpec| matches!(layer, LayerSpec::Conv2d { .. });
        let dense = self.encoder.iter().filter(|layer| is_dense(layer)).count();
        let convolutions = self.encoder.iter().filter(|layer| is_convolution(layer)).count();
        if dense > MAX_HIDDEN_LAYERS || dense + convolutions == 0 {
            return Err(ModelError::Depth(dense));
        }
        if convolutions > MAX_CONVOLUTIONS {
            return Err(ModelError::Layers("more than 4 convolutions are not supported"));
        }
        let first_dense = self.encoder.iter().position(is_dense);
        if first_dense.is_some_and(|first| self.encoder[first..].iter().any(is_convolution)) {
            return Err(ModelError::Layers(
                "a convolution cannot read a dense layer: convolutions come first",
            ));
        }
        let is_dropout = |layer: &LayerSpec| matches!(layer, LayerSpec::Dropout { .. });
        if self.encoder.first().is_some_and(is_dropout) {
            return Err(ModelError::Layers(
                "dropout follows a layer; to hide a part of the image, use corruption=masking",
            ));
        }
        if self.encoder.windows(2).any(|pair| pair.iter().all(is_dropout)) {
            return Err(ModelError::Layers("dropout cannot follow dropout"));
        }
        Ok(())
    }

    /// Whether the model is within all limits and its parts fit each other. Nothing of the model's size is allocated.
    pub fn check(&self) -> Result<(), ModelError> {
        self.check_encoder()?;
        if !self.input.is_supported() {
            return Err(ModelError::Input(self.input));
        }
        within("code", "number of units", self.latent_units(), &LATENT_UNITS)?;
        if let Latent::Variational { beta, .. } = self.latent {
            within("beta", "weight", beta, &BETA)?;
        }
        within("slope", "slope", self.slope, &SLOPE)?;
        self.corruption.check()?;
        if self.loss.kind == LossKind::BinaryCrossEntropy && self.output != Activation::Sigmoid {
            return Err(ModelError::LossNeedsSigmoid { loss: self.loss.name(), output: self.output.name() });
        }
        match (self.parameters(), self.step_bytes(1)) {
            (parameters, _) if parameters > MOST_PARAMETERS => Err(ModelError::Parameters(parameters)),
            (_, bytes) if bytes > MOST_STEP_BYTES => Err(ModelError::StepMemory(bytes)),
            _ => Ok(()),
        }
    }
}
