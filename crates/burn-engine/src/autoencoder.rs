//! The network as Burn modules: an encoder and a decoder, each usable by itself, and the autoencoder made of both.
//!
//! They are built from [`Weights`] and read back into [`Weights`]; Burn's own initialisers and records are not used.
//! (The initialisers would start every device elsewhere, and the records read from the device synchronously, which
//! a browser can't.)

use burn::{
    module::{Module, Param},
    nn::Linear,
    tensor::{Device, Tensor, TensorData, Transaction},
};
use latent_core::model::ModelSpec;
use latent_core::{
    model::{Half, Layer},
    weights::{Dense, Weights, WeightsError},
};
use thiserror::Error;

/// From the image to the code.
#[derive(Module, Debug)]
pub struct Encoder {
    layers: Vec<Linear>,
    slope: f32,
}

/// From the code to the image.
#[derive(Module, Debug)]
pub struct Decoder {
    layers: Vec<Linear>,
    slope: f32,
}

/// The encoder with the decoder behind it.
#[derive(Module, Debug)]
pub struct Autoencoder {
    /// From the image to the code.
    pub encoder: Encoder,
    /// From the code to the image.
    pub decoder: Decoder,
}

/// What a dense layer's [`Dense`] is on a device: kernel `[inputs, outputs]` and bias `[outputs]`.
pub type DenseTensors = (Tensor<2>, Tensor<1>);

/// Why tensors could not be read back from their device.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("reading back: {0}")]
pub struct ReadError(String);

impl Encoder {
    /// The encoder with the encoder's share of `weights`. Fails when these are not weights of `spec`.
    pub fn from_weights(spec: &ModelSpec, weights: &Weights, device: &Device) -> Result<Self, WeightsError> {
        let layers = half(Half::Encoder, spec, weights, device)?;
        Ok(Self { layers, slope: spec.slope })
    }

    /// Pixels `[batch, 784]` to codes `[batch, code]`.
    pub fn forward(&self, images: Tensor<2>) -> Tensor<2> {
        forward(&self.layers, self.slope, images)
    }
}

impl Decoder {
    /// The decoder with the decoder's share of `weights`. Fails when these are not weights of `spec`.
    pub fn from_weights(spec: &ModelSpec, weights: &Weights, device: &Device) -> Result<Self, WeightsError> {
        let layers = half(Half::Decoder, spec, weights, device)?;
        Ok(Self { layers, slope: spec.slope })
    }

    /// Codes `[batch, code]` to pixels `[batch, 784]`, about 0..=1.
    pub fn forward(&self, codes: Tensor<2>) -> Tensor<2> {
        forward(&self.layers, self.slope, codes)
    }
}

impl Autoencoder {
    /// The network with these weights. Fails when they are not weights of `spec`.
    pub fn from_weights(spec: &ModelSpec, weights: &Weights, device: &Device) -> Result<Self, WeightsError> {
        let encoder = Encoder::from_weights(spec, weights, device)?;
        let decoder = Decoder::from_weights(spec, weights, device)?;
        Ok(Self { encoder, decoder })
    }

    /// Pixels `[batch, 784]` to reconstructed pixels `[batch, 784]`.
    pub fn forward(&self, images: Tensor<2>) -> Tensor<2> {
        self.decoder.forward(self.encoder.forward(images))
    }

    /// The dense layers, from the image to the reconstruction: in the order of [`ModelSpec::layers`].
    pub fn layers(&self) -> impl Iterator<Item = &Linear> {
        self.encoder.layers.iter().chain(&self.decoder.layers)
    }

    /// The layers' weights, still on the device.
    pub fn tensors(&self) -> Vec<DenseTensors> {
        self.layers().filter_map(|layer| Some((layer.weight.val(), layer.bias.as_ref()?.val()))).collect()
    }

    /// A copy of the weights. `spec` is the one that the module was made for: it has the layers' names.
    pub async fn weights(&self, spec: &ModelSpec) -> Result<Weights, ReadError> {
        let [weights] = read_weights(spec, [self.tensors()]).await?;
        Ok(weights)
    }
}

/// Puts a layer's values on a device. They must be of `layer`'s size ([`Weights::check`]).
pub fn dense_tensors(dense: &Dense, layer: &Layer, device: &Device) -> DenseTensors {
    let kernel = TensorData::new(dense.kernel.clone(), [layer.inputs, layer.outputs]);
    let bias = TensorData::new(dense.bias.clone(), [layer.outputs]);
    (Tensor::from_data(kernel, device), Tensor::from_data(bias, device))
}

/// Reads sets of tensors shaped like `spec`'s weights back from their device, all in one go.
pub async fn read_weights<const SETS: usize>(
    spec: &ModelSpec,
    sets: [Vec<DenseTensors>; SETS],
) -> Result<[Weights; SETS], ReadError> {
    let flat = |(kernel, bias): DenseTensors| [kernel.flatten::<1>(0, 1), bias];
    let mut values = read(sets.into_iter().flatten().flat_map(flat)).await?.into_iter();
    let mut next = || values.next().ok_or_else(|| ReadError("fewer tensors than asked for".into()));
    let mut weights = [(); SETS].map(|()| Weights::default());
    for weights in &mut weights {
        for layer in spec.layers() {
            weights.layers.push(Dense { name: layer.name, kernel: next()?, bias: next()? });
        }
    }
    Ok(weights)
}

/// The tensors' values: one wait for their device, however many there are.
pub async fn read<const D: usize>(
    tensors: impl IntoIterator<Item = Tensor<D>>,
) -> Result<Vec<Vec<f32>>, ReadError> {
    let mut tensors = tensors.into_iter().peekable();
    if tensors.peek().is_none() {
        // Burn's transactions panic when there is nothing to read.
        return Ok(Vec::new());
    }
    // Nor do they take tensors of a model in training together with plain ones, so all become plain.
    let transaction = tensors.map(Tensor::inner).fold(Transaction::default(), Transaction::register);
    let data = transaction.execute_async().await.map_err(|error| ReadError(error.to_string()))?;
    let values = |data: TensorData| data.try_into_vec().map_err(|error| ReadError(error.to_string()));
    data.into_iter().map(values).collect()
}

fn half(
    half: Half,
    spec: &ModelSpec,
    weights: &Weights,
    device: &Device,
) -> Result<Vec<Linear>, WeightsError> {
    weights.check(spec)?;
    let layers = spec.layers();
    let of_half = weights.layers.iter().zip(&layers).filter(|(_, layer)| layer.half == half);
    Ok(of_half.map(|(dense, layer)| linear(dense_tensors(dense, layer, device))).collect())
}

fn linear((kernel, bias): DenseTensors) -> Linear {
    Linear { weight: Param::from_tensor(kernel), bias: Some(Param::from_tensor(bias)) }
}

/// Every dense layer has an activation behind it, the last one too, as in the tutorial.
fn forward(layers: &[Linear], slope: f32, input: Tensor<2>) -> Tensor<2> {
    layers.iter().fold(input, |input, layer| leaky(layer.forward(input), slope))
}

/// LeakyReLU, whose derivative at zero is the slope of the negative side, as in TensorFlow and PyTorch. Burn's own
/// takes the positive side's there. With a slope of zero that matters: behind a code of zeros a layer is at zero as
/// long as its bias is.
fn leaky(x: Tensor<2>, slope: f32) -> Tensor<2> {
    let negative = x.clone().lower_equal_elem(0);
    x.clone().mask_where(negative, x * slope)
}
