//! The network as Burn modules: an encoder and a decoder, each usable by itself, and the autoencoder made of both.
//!
//! The modules are built from [`Weights`] and read back into [`Weights`]. Burn's initialisers and records are not used:
//! its initialisers draw other numbers on each device, and its records read from the device synchronously, which
//! browsers do not allow.

use crate::{
    dense::{DenseLayer, DenseTensors},
    read::{ReadError, read_weights},
};
use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use latent_core::{
    model::{Half, Layer, ModelSpec},
    weights::{Dense, Weights, WeightsError},
};

/// From the image to the code.
#[derive(Module, Debug)]
pub struct Encoder {
    layers: Vec<DenseLayer>,
}

/// From the code to the image.
#[derive(Module, Debug)]
pub struct Decoder {
    layers: Vec<DenseLayer>,
}

/// The encoder with the decoder behind it.
#[derive(Module, Debug)]
pub struct Autoencoder {
    /// From the image to the code.
    pub encoder: Encoder,
    /// From the code to the image.
    pub decoder: Decoder,
}

impl Encoder {
    /// Images `[batch, pixels]` to codes `[batch, code]`.
    pub fn forward(&self, images: Tensor<2>) -> Tensor<2> {
        forward(&self.layers, images)
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
        output.linear.forward(forward(hidden, codes))
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
        let layers = spec.layers();
        let layers = layers.iter().zip(&weights.layers);
        let (encoder, decoder): (Vec<_>, Vec<_>) = layers.partition(|(layer, _)| layer.half == Half::Encoder);
        let modules = |half: Vec<(&Layer, &Dense)>| -> Vec<_> {
            half.into_iter().map(|(layer, weights)| DenseLayer::new(layer, weights, device)).collect()
        };
        Ok(Self {
            encoder: Encoder { layers: modules(encoder) },
            decoder: Decoder { layers: modules(decoder) },
        })
    }

    /// Images `[batch, pixels]` to the pre-activations of the output layer `[batch, pixels]`.
    pub fn logits(&self, images: Tensor<2>) -> Tensor<2> {
        self.decoder.logits(self.encoder.forward(images))
    }

    /// The layers from the image to the reconstruction, in the order of [`ModelSpec::layers`].
    pub fn layers(&self) -> impl Iterator<Item = &DenseLayer> {
        self.encoder.layers.iter().chain(&self.decoder.layers)
    }

    /// The layers' weights, still on the device.
    pub fn tensors(&self) -> Vec<DenseTensors> {
        self.layers().filter_map(DenseLayer::tensors).collect()
    }

    /// A copy of the weights. `spec` is the model that the network was made for; it names the layers.
    pub async fn weights(&self, spec: &ModelSpec) -> Result<Weights, ReadError> {
        let [weights] = read_weights(spec, [self.tensors()]).await?;
        Ok(weights)
    }
}

fn forward(layers: &[DenseLayer], inputs: Tensor<2>) -> Tensor<2> {
    layers.iter().fold(inputs, |inputs, layer| layer.forward(inputs))
}
