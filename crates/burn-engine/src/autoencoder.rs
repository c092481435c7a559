//! The network as Burn modules: an encoder and a decoder, each usable by itself, and the autoencoder made of both.
//!
//! The modules are built from [`Weights`] and read back into [`Weights`]. Burn's initialisers and records are not used:
//! its initialisers draw other numbers on each device, and its records read from the device synchronously, which
//! browsers do not allow.

use crate::{
    layer::{DeviceTensors, WeightedLayer},
    read::{ReadError, read_weights},
};
use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use latent_core::{
    model::{Half, ModelSpec, Role},
    weights::{Weights, WeightsError},
};

/// From the image to the code.
#[derive(Module, Debug)]
pub struct Encoder {
    hidden: Vec<WeightedLayer>,
    /// Whether dropout follows each of them.
    #[module(skip)]
    has_dropout: Vec<bool>,
    /// The code, or mean and logarithm of the variance.
    heads: Vec<WeightedLayer>,
}

/// From the code to the image.
#[derive(Module, Debug)]
pub struct Decoder {
    layers: Vec<WeightedLayer>,
}

/// The encoder with the decoder behind it.
#[derive(Module, Debug)]
pub struct Autoencoder {
    /// From the image to the code.
    pub encoder: Encoder,
    /// From the code to the image.
    pub decoder: Decoder,
}

/// What an encoder makes of images.
#[derive(Clone, Debug)]
pub struct Codes {
    /// The codes, of a variational model their means: `[batch, code]`.
    pub mean: Tensor<2>,
    /// The logarithms of the variances, `[batch, code]`, if the model is variational.
    pub log_variance: Option<Tensor<2>>,
}

impl Codes {
    /// Draws a code from each distribution, `mean + exp(log_variance / 2) · deviates`, with standard normal deviates
    /// `[batch, code]` (Kingma and Welling, 2014, section 2.4). Codes that are points stay as they are.
    pub fn sample(&self, deviates: Option<Tensor<2>>) -> Tensor<2> {
        match (&self.log_variance, deviates) {
            (Some(log_variance), Some(deviates)) => {
                self.mean.clone() + (log_variance.clone() * 0.5).exp() * deviates
            }
            _ => self.mean.clone(),
        }
    }
}

impl Encoder {
    /// Images `[batch, pixels]` to their codes.
    pub fn forward(&self, images: Tensor<2>) -> Codes {
        self.forward_with(images, Vec::new())
    }

    /// The same in training, where each dropout layer multiplies by its factors, `[batch, values]`.
    pub fn forward_with(&self, images: Tensor<2>, dropout: Vec<Tensor<2>>) -> Codes {
        let mut dropout = dropout.into_iter();
        let mut values = images;
        for (layer, has_dropout) in self.hidden.iter().zip(&self.has_dropout) {
            values = layer.forward(values);
            if let Some(factors) = has_dropout.then(|| dropout.next()).flatten() {
                values = values * factors;
            }
        }
        let mut heads = self.heads.iter().map(|head| head.forward(values.clone()));
        Codes { mean: heads.next().unwrap_or(values.clone()), log_variance: heads.next() }
    }
}

impl Decoder {
    /// Codes `[batch, code]` to images `[batch, pixels]`.
    pub fn forward(&self, codes: Tensor<2>) -> Tensor<2> {
        self.activate(self.logits(codes))
    }

    /// Codes `[batch, code]` to the pre-activations of the output layer `[batch, pixels]`.
    pub fn logits(&self, codes: Tensor<2>) -> Tensor<2> {
        let Some((output, hidden)) = self.layers.split_last() else { return codes };
        output.pre_activations(hidden.iter().fold(codes, |values, layer| layer.forward(values)))
    }

    /// Pre-activations of the output layer to images, both `[batch, pixels]`.
    pub fn activate(&self, logits: Tensor<2>) -> Tensor<2> {
        self.layers.last().map_or(logits.clone(), |output| output.activate(logits))
    }
}

impl Autoencoder {
    /// The network with these weights. Fails when they are not weights of `spec`.
    pub fn from_weights(spec: &ModelSpec, weights: &Weights, device: &Device) -> Result<Self, WeightsError> {
        weights.check(spec)?;
        let mut weights = weights.layers();
        let (mut hidden, mut has_dropout) = (Vec::new(), Vec::new());
        let (mut heads, mut decoder) = (Vec::new(), Vec::new());
        for layer in spec.layers() {
            let module = layer.has_weights().then(|| weights.next()).flatten();
            let Some(module) = module.map(|weights| WeightedLayer::new(&layer, weights, device)) else {
                // Dropout: it follows a hidden layer.
                has_dropout.pop();
                has_dropout.push(true);
                continue;
            };
            match layer.role {
                Role::Code | Role::Mean | Role::LogVariance => heads.push(module),
                Role::Hidden if layer.half == Half::Encoder => {
                    hidden.push(module);
                    has_dropout.push(false);
                }
                Role::Hidden | Role::Reconstruction => decoder.push(module),
            }
        }
        Ok(Self { encoder: Encoder { hidden, has_dropout, heads }, decoder: Decoder { layers: decoder } })
    }

    /// The layers with weights from the image to the reconstruction, in the order of [`Weights::layers`].
    pub fn layers(&self) -> impl Iterator<Item = &WeightedLayer> {
        self.encoder.hidden.iter().chain(&self.encoder.heads).chain(&self.decoder.layers)
    }

    /// The layers' weights, still on the device.
    pub fn tensors(&self) -> Vec<DeviceTensors> {
        self.layers().map(WeightedLayer::tensors).collect()
    }

    /// A copy of the weights. `spec` is the model that the network was made for; it names the layers.
    pub async fn weights(&self, spec: &ModelSpec) -> Result<Weights, ReadError> {
        let [weights] = read_weights(spec, [self.tensors()]).await?;
        Ok(weights)
    }
}
