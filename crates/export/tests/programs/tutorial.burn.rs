//! An autoencoder for MNIST in Burn, with the settings of a run in Latent Playground.
//!
//! Cargo.toml needs:
//!
//! [dependencies]
//! burn = { version = "0.22", default-features = false, features = ["std", "optim", "autodiff", "flex"] }
//! flate2 = "1"
//! safetensors = "0.8"
//!
//! [profile.dev]
//! opt-level = 3
//!
//! The images are the two files of images of MNIST, gzipped, in the folder data:
//! http://yann.lecun.com/exdb/mnist/
//!
//! To start from the page's weights, press "Save model" there and put the file beside Cargo.toml as
//! model.safetensors. Adam starts anew. Without the file, training starts from random weights.
//!
//! The page draws the order of the images with other random numbers, so losses differ a little.

use burn::{
    module::{Module, ModuleMapper, Param, ParamId},
    nn::{Initializer, Linear, LinearConfig},
    optim::GradientsParams,
    tensor::{Device, Distribution, Int, Tensor, TensorData, container::TensorContainer},
};
use flate2::read::GzDecoder;
use safetensors::{SafeTensorError, SafeTensors};
use std::{
    error::Error,
    fs::{self, File},
    io::Read,
};

/// Images of the training set that are used.
const IMAGES: usize = 60000;
/// Images in a step.
const BATCH: usize = 256;
const EPOCHS: usize = 20;
const LEARNING_RATE: f64 = 0.0005;
const SLOPE: f32 = 0.3;
const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    // The CPU. Burn has other devices, each behind a feature of its own.
    let device = Device::flex().autodiff();
    device.seed(SEED);
    let mut model = Autoencoder::new(&device);
    if let Ok(file) = fs::read("model.safetensors") {
        model.load(&SafeTensors::deserialize(&file)?)?;
    }
    let train = load_images("data/train-images-idx3-ubyte.gz", &device)?;
    let train = train.slice(0..IMAGES);
    let test = load_images("data/t10k-images-idx3-ubyte.gz", &device.clone().inner())?;
    let mut adam = KerasAdam::default();
    for epoch in 1..=EPOCHS {
        let order: Tensor<1, Int> = Tensor::<1>::random([IMAGES], Distribution::Uniform(0.0, 1.0), &device).argsort(0);
        let mut total = 0.0;
        for batch in order.split(BATCH, 0) {
            let images = train.clone().select(0, batch);
            let count = images.dims()[0] as f32;
            let loss = model.loss(images);
            total += loss.clone().into_scalar::<f32>() * count;
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(model, gradients);
        }
        // Without gradients.
        let valid = model.valid();
        let mut validation = 0.0;
        for images in test.clone().split(1_000, 0) {
            let count = images.dims()[0] as f32;
            validation += valid.loss(images).into_scalar::<f32>() * count;
        }
        let (loss, validation) = (total / train.dims()[0] as f32, validation / test.dims()[0] as f32);
        println!("epoch {epoch}: loss {loss:.8}, validation loss {validation:.8}");
    }

    // The codes of ten images, and the images that the decoder makes of them.
    let valid = model.valid();
    let few = test.dims()[0].min(10);
    let codes = valid.encode(test.slice(0..few));
    println!("{codes}");
    let reconstructions = valid.decode(codes);
    println!("{:?}", reconstructions.dims());
    Ok(())
}

#[derive(Module, Debug)]
struct Autoencoder {
    encoder_dense_1: Linear,
    encoder_dense_2: Linear,
    decoder_dense_1: Linear,
    decoder_dense_2: Linear,
}

impl Autoencoder {
    /// An autoencoder with random weights.
    fn new(device: &Device) -> Self {
        Self {
            encoder_dense_1: dense(784, 300, device),
            encoder_dense_2: dense(300, 2, device),
            decoder_dense_1: dense(2, 300, device),
            decoder_dense_2: dense(300, 784, device),
        }
    }

    /// Takes the page's weights.
    fn load(&mut self, file: &SafeTensors) -> Result<(), SafeTensorError> {
        load_dense(&mut self.encoder_dense_1, file, "encoder_dense_1")?;
        load_dense(&mut self.encoder_dense_2, file, "encoder_dense_2")?;
        load_dense(&mut self.decoder_dense_1, file, "decoder_dense_1")?;
        load_dense(&mut self.decoder_dense_2, file, "decoder_dense_2")?;
        Ok(())
    }

    /// The codes, `[batch, code]`, of images, `[batch, channels, rows, columns]`.
    fn encode(&self, images: Tensor<4>) -> Tensor<2> {
        let x = to_list(images);
        let x = self.encoder_dense_1.forward(x);
        let x = leaky_relu(x);
        let x = self.encoder_dense_2.forward(x);
        leaky_relu(x)
    }

    /// The images, `[batch, channels, rows, columns]`, of codes.
    fn decode(&self, codes: Tensor<2>) -> Tensor<4> {
        let x = self.decoder_dense_1.forward(codes);
        let x = leaky_relu(x);
        let x = self.decoder_dense_2.forward(x);
        let x = to_maps(x, [28, 28, 1]);
        leaky_relu(x)
    }

    /// The mean over the images of their losses: mean squared error.
    fn loss(&self, images: Tensor<4>) -> Tensor<1> {
        let reconstructions = self.decode(self.encode(images.clone()));
        let by_pixel = (reconstructions - images).square();
        let by_image = by_pixel.flatten::<2>(1, 3).mean_dim(1);
        by_image.mean()
    }
}

/// Adam as Keras and the page compute it: `w -= lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)`. Burn's own adds ε after v is
/// corrected for its start from 0, so the first steps differ.
#[derive(Default)]
struct KerasAdam {
    steps: i32,
    /// m and v of each parameter.
    moments: TensorContainer<ParamId>,
}

#[derive(Clone, Debug)]
struct Moments<const D: usize>(Tensor<D>, Tensor<D>);

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f32 = 1e-7;

impl KerasAdam {
    /// The model after one step.
    fn step(&mut self, model: Autoencoder, gradients: GradientsParams) -> Autoencoder {
        let learning_rate = LEARNING_RATE;
        self.steps += 1;
        let correction = (1.0 - BETA_2.powi(self.steps)).sqrt() / (1.0 - BETA_1.powi(self.steps));
        model.map(&mut Update { rate: (learning_rate * correction) as f32, gradients, moments: &mut self.moments })
    }
}

/// Gives each parameter its value after one step.
struct Update<'a> {
    rate: f32,
    gradients: GradientsParams,
    moments: &'a mut TensorContainer<ParamId>,
}

impl ModuleMapper for Update<'_> {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, weights, mapper) = parameter.consume();
        let Some(gradient) = self.gradients.remove(id) else {
            return Param::from_mapped_value(id, weights, mapper);
        };
        let weights = weights.inner();
        let moments: Option<Moments<D>> = self.moments.remove(&id);
        let Moments(m, v) = moments.unwrap_or_else(|| Moments(weights.zeros_like(), weights.zeros_like()));
        let m = m.clone() + (gradient.clone() - m) * (1.0 - BETA_1);
        let v = v.clone() + (gradient.square() - v) * (1.0 - BETA_2);
        let weights = weights - m.clone() / (v.clone().sqrt() + EPSILON) * self.rate;
        self.moments.register(id, Moments(m, v));
        Param::from_mapped_value(id, Tensor::from_inner(weights).require_grad(), mapper)
    }
}

/// A dense layer with a random kernel and biases of 0.
fn dense(inputs: usize, outputs: usize, device: &Device) -> Linear {
    let layer = LinearConfig::new(inputs, outputs).with_initializer(glorot(inputs + outputs)).init(device);
    Linear { bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))), ..layer }
}

fn load_dense(layer: &mut Linear, file: &SafeTensors, name: &str) -> Result<(), SafeTensorError> {
    let device = layer.weight.val().device();
    layer.weight = Param::from_tensor(tensor(file, &format!("{name}.kernel"), &device)?);
    layer.bias = Some(Param::from_tensor(tensor(file, &format!("{name}.bias"), &device)?));
    Ok(())
}

/// Flattens maps row by row, channels innermost, as Keras does.
fn to_list(maps: Tensor<4>) -> Tensor<2> {
    maps.permute([0, 2, 3, 1]).flatten(1, 3)
}

/// Makes maps of lists, row by row, channels innermost.
fn to_maps(lists: Tensor<2>, [rows, columns, channels]: [usize; 3]) -> Tensor<4> {
    let [batch, _] = lists.dims();
    lists.reshape([batch, rows, columns, channels]).permute([0, 3, 1, 2])
}

/// LeakyReLU. Where x is exactly 0 its derivative is the slope, as in Keras; Burn's own has 1 there.
fn leaky_relu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let is_negative = x.clone().lower_equal_elem(0);
    x.clone().mask_where(is_negative, x * SLOPE)
}

/// Values uniform in ±√(6 / fans), as Keras draws kernels: Glorot and Bengio, 2010.
fn glorot(fans: usize) -> Initializer {
    let limit = (6.0 / fans as f64).sqrt();
    Initializer::Uniform { min: -limit, max: limit }
}

/// A tensor of the page's file.
fn tensor<const D: usize>(file: &SafeTensors, name: &str, device: &Device) -> Result<Tensor<D>, SafeTensorError> {
    let found = file.tensor(name)?;
    let bytes = found.data().as_chunks().0.iter();
    let values: Vec<f32> = bytes.map(|bytes| f32::from_le_bytes(*bytes)).collect();
    Ok(Tensor::from_data(TensorData::new(values, found.shape().to_vec()), device))
}

/// The images of an IDX file, `[images, 1, 28, 28]`, values from 0 to 1.
fn load_images(path: &str, device: &Device) -> Result<Tensor<4>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(path)?).read_to_end(&mut bytes)?;
    // Behind the header.
    let values: Vec<f32> = bytes[16..].iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    let count = values.len() / (28 * 28);
    Ok(Tensor::from_data(TensorData::new(values, [count, 1, 28, 28]), device))
}
