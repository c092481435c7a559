//! A variational convolutional autoencoder for MNIST in Burn, with the settings of a run in Latent Playground.
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
//! The page draws the order of the images and the codes with other random numbers, so losses differ
//! a little.

use burn::{
    module::{Module, ModuleMapper, Param, ParamId},
    nn::{
        Initializer, Linear, LinearConfig, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig},
    },
    optim::GradientsParams,
    tensor::{Device, Distribution, Int, Tensor, TensorData, activation, container::TensorContainer},
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
const BATCH: usize = 128;
const EPOCHS: usize = 20;
const LEARNING_RATE: f64 = 0.001;
/// The weight of the divergence.
const BETA: f32 = 1.0;
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
            let loss = model.loss(images, true);
            total += loss.clone().into_scalar::<f32>() * count;
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(model, gradients);
        }
        // Without gradients.
        let valid = model.valid();
        let mut validation = 0.0;
        for images in test.clone().split(1_000, 0) {
            let count = images.dims()[0] as f32;
            validation += valid.loss(images, false).into_scalar::<f32>() * count;
        }
        let (loss, validation) = (total / train.dims()[0] as f32, validation / test.dims()[0] as f32);
        println!("epoch {epoch}: loss {loss:.8}, validation loss {validation:.8}");
    }

    // The codes of ten images, and the images that the decoder makes of them.
    let valid = model.valid();
    let few = test.dims()[0].min(10);
    let (codes, _) = valid.encode(test.slice(0..few));
    println!("{codes}");
    let reconstructions = activation::sigmoid(valid.decode(codes));
    println!("{:?}", reconstructions.dims());
    Ok(())
}

#[derive(Module, Debug)]
struct Autoencoder {
    encoder_conv2d_1: Conv2d,
    encoder_conv2d_2: Conv2d,
    encoder_dense_1: Linear,
    encoder_z_mean: Linear,
    encoder_z_log_var: Linear,
    decoder_dense_1: Linear,
    decoder_conv2d_transpose_1: ConvTranspose2d,
    decoder_conv2d_transpose_2: ConvTranspose2d,
    decoder_conv2d_transpose_3: ConvTranspose2d,
}

impl Autoencoder {
    /// An autoencoder with random weights.
    fn new(device: &Device) -> Self {
        Self {
            encoder_conv2d_1: convolution([1, 32], 3, 2, [0, 0, 1, 1], device),
            encoder_conv2d_2: convolution([32, 64], 3, 2, [0, 0, 1, 1], device),
            encoder_dense_1: dense(3136, 16, device),
            encoder_z_mean: dense(16, 2, device),
            encoder_z_log_var: dense(16, 2, device),
            decoder_dense_1: dense(2, 3136, device),
            decoder_conv2d_transpose_1: transpose([64, 64], 3, 2, [0, 0], device),
            decoder_conv2d_transpose_2: transpose([64, 32], 3, 2, [0, 0], device),
            decoder_conv2d_transpose_3: transpose([32, 1], 3, 1, [0, 0], device),
        }
    }

    /// Takes the page's weights.
    fn load(&mut self, file: &SafeTensors) -> Result<(), SafeTensorError> {
        load_convolution(&mut self.encoder_conv2d_1, file, "encoder_conv2d_1")?;
        load_convolution(&mut self.encoder_conv2d_2, file, "encoder_conv2d_2")?;
        load_dense(&mut self.encoder_dense_1, file, "encoder_dense_1")?;
        load_dense(&mut self.encoder_z_mean, file, "encoder_z_mean")?;
        load_dense(&mut self.encoder_z_log_var, file, "encoder_z_log_var")?;
        load_dense(&mut self.decoder_dense_1, file, "decoder_dense_1")?;
        load_transpose(&mut self.decoder_conv2d_transpose_1, file, "decoder_conv2d_transpose_1")?;
        load_transpose(&mut self.decoder_conv2d_transpose_2, file, "decoder_conv2d_transpose_2")?;
        load_transpose(&mut self.decoder_conv2d_transpose_3, file, "decoder_conv2d_transpose_3")?;
        Ok(())
    }

    /// Mean and logarithm of the variance of each image's distribution, both `[batch, code]`.
    fn encode(&self, images: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        let x = self.encoder_conv2d_1.forward(images);
        let x = activation::relu(x);
        let x = self.encoder_conv2d_2.forward(x);
        let x = activation::relu(x);
        let x = to_list(x);
        let x = self.encoder_dense_1.forward(x);
        let x = activation::relu(x);
        (self.encoder_z_mean.forward(x.clone()), self.encoder_z_log_var.forward(x))
    }

    /// The logits, `[batch, channels, rows, columns]`, of codes.
    fn decode(&self, codes: Tensor<2>) -> Tensor<4> {
        let x = self.decoder_dense_1.forward(codes);
        let x = activation::relu(x);
        let x = to_maps(x, [7, 7, 64]);
        let x = self.decoder_conv2d_transpose_1.forward(x);
        let x = crop(x, [0, 0], [14, 14]);
        let x = activation::relu(x);
        let x = self.decoder_conv2d_transpose_2.forward(x);
        let x = crop(x, [0, 0], [28, 28]);
        let x = activation::relu(x);
        let x = self.decoder_conv2d_transpose_3.forward(x);
        crop(x, [1, 1], [28, 28])
    }

    /// The mean over the images of their losses: binary cross-entropy summed over the pixels, and the weighted divergence.
    fn loss(&self, images: Tensor<4>, is_training: bool) -> Tensor<1> {
        let (mean, log_variance) = self.encode(images.clone());
        // How far each distribution is from the standard normal one.
        let divergence = mean.clone().square() + log_variance.clone().exp() - log_variance.clone() - 1;
        let divergence = divergence.sum_dim(1) * 0.5;
        // A code is drawn in training, and is the mean otherwise.
        let codes = if is_training {
            let noise = mean.random_like(Distribution::Normal(0.0, 1.0));
            mean + (log_variance * 0.5).exp() * noise
        } else {
            mean
        };
        let logits = self.decode(codes);
        let background = -images.clone() + 1;
        let ink = images * activation::log_sigmoid(logits.clone());
        let by_pixel = -(ink + background * activation::log_sigmoid(-logits));
        let by_image = by_pixel.flatten::<2>(1, 3).sum_dim(1);
        by_image.mean() + divergence.mean() * BETA
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

/// A convolution with a random kernel and biases of 0. The padding is that above, left, below and right.
fn convolution(channels: [usize; 2], kernel: usize, stride: usize, padding: [usize; 4], device: &Device) -> Conv2d {
    let [inputs, outputs] = channels;
    let [top, left, bottom, right] = padding;
    let layer = Conv2dConfig::new(channels, [kernel; 2])
        .with_stride([stride; 2])
        .with_padding(PaddingConfig2d::Explicit(top, left, bottom, right))
        .with_initializer(glorot(kernel * kernel * (inputs + outputs)))
        .init(device);
    Conv2d { bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))), ..layer }
}

fn load_convolution(layer: &mut Conv2d, file: &SafeTensors, name: &str) -> Result<(), SafeTensorError> {
    let device = layer.weight.val().device();
    // Keras' axes are [row, column, inputs, outputs].
    let kernel: Tensor<4> = tensor(file, &format!("{name}.kernel"), &device)?;
    layer.weight = Param::from_tensor(kernel.permute([3, 2, 0, 1]));
    layer.bias = Some(Param::from_tensor(tensor(file, &format!("{name}.bias"), &device)?));
    Ok(())
}

/// A transposed convolution with a random kernel and biases of 0. `unreached` are rows and columns behind the last position of
/// the kernel.
fn transpose(channels: [usize; 2], kernel: usize, stride: usize, unreached: [usize; 2], device: &Device) -> ConvTranspose2d {
    let [inputs, outputs] = channels;
    let layer = ConvTranspose2dConfig::new(channels, [kernel; 2])
        .with_stride([stride; 2])
        .with_padding_out(unreached)
        .with_initializer(glorot(kernel * kernel * (inputs + outputs)))
        .init(device);
    ConvTranspose2d { bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))), ..layer }
}

fn load_transpose(layer: &mut ConvTranspose2d, file: &SafeTensors, name: &str) -> Result<(), SafeTensorError> {
    let device = layer.weight.val().device();
    // Keras' axes are [row, column, outputs, inputs].
    let kernel: Tensor<4> = tensor(file, &format!("{name}.kernel"), &device)?;
    layer.weight = Param::from_tensor(kernel.permute([3, 2, 0, 1]));
    layer.bias = Some(Param::from_tensor(tensor(file, &format!("{name}.bias"), &device)?));
    Ok(())
}

/// So many rows and columns of maps, from this row and this column on.
fn crop(maps: Tensor<4>, [top, left]: [usize; 2], [rows, columns]: [usize; 2]) -> Tensor<4> {
    maps.narrow(2, top, rows).narrow(3, left, columns)
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
