//! A denoising convolutional autoencoder for your own images in Burn, with the settings of a run in Latent Playground.
//!
//! Cargo.toml needs:
//!
//! [dependencies]
//! burn = { version = "0.22", default-features = false, features = ["std", "optim", "autodiff", "flex"] }
//! flate2 = "1"
//! safetensors = "0.8"
//! zip = { version = "9", default-features = false, features = ["deflate-flate2"] }
//!
//! [profile.dev]
//! opt-level = 3
//!
//! The images are images.zip beside Cargo.toml, the set as the page saves it: "Your own images",
//! "Save".
//!
//! To start from the page's weights, press "Save model" there and put the file beside Cargo.toml as
//! model.safetensors. Adam starts anew. Without the file, training starts from random weights.
//!
//! The page draws the noise on the images and the values that dropout removes with other random
//! numbers, so losses differ a little. The images of the validation have no noise here. In the page
//! they have, so its validation loss is higher.

use burn::{
    module::{Module, ModuleMapper, Param, ParamId},
    nn::{
        Dropout, DropoutConfig, Initializer, Linear, LinearConfig, PaddingConfig2d,
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
use zip::ZipArchive;

/// Images of the training set that are used.
const IMAGES: usize = 450;
/// Images in a step.
const BATCH: usize = 32;
const EPOCHS: usize = 5;
/// Each rate behind the steps that are done when it begins.
const LEARNING_RATES: [(i32, f64); 2] = [(0, 0.002), (30, 0.0005)];
const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    // The CPU. Burn has other devices, each behind a feature of its own.
    let device = Device::flex().autodiff();
    device.seed(SEED);
    let mut model = Autoencoder::new(&device);
    if let Ok(file) = fs::read("model.safetensors") {
        model.load(&SafeTensors::deserialize(&file)?)?;
    }
    let train = load_images("train-images", &device)?;
    let train = train.slice(0..IMAGES);
    let test = load_images("test-images", &device.clone().inner())?;
    let mut adam = KerasAdam::default();
    for epoch in 1..=EPOCHS {
        let order: Tensor<1, Int> = Tensor::arange(0..IMAGES as i64, &device);
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
    let codes = valid.encode(test.slice(0..few));
    println!("{codes}");
    let reconstructions = valid.decode(codes);
    println!("{:?}", reconstructions.dims());
    Ok(())
}

#[derive(Module, Debug)]
struct Autoencoder {
    encoder_conv2d_1: Conv2d,
    encoder_dropout_1: Dropout,
    encoder_dense_1: Linear,
    encoder_dense_2: Linear,
    decoder_dense_1: Linear,
    decoder_conv2d_transpose_1: ConvTranspose2d,
    decoder_conv2d_transpose_2: ConvTranspose2d,
}

impl Autoencoder {
    /// An autoencoder with random weights.
    fn new(device: &Device) -> Self {
        Self {
            encoder_conv2d_1: convolution([3, 6], 4, 2, [1, 1, 1, 1], device),
            encoder_dropout_1: DropoutConfig::new(0.25).init(),
            encoder_dense_1: dense(720, 12, device),
            encoder_dense_2: dense(12, 3, device),
            decoder_dense_1: dense(3, 720, device),
            decoder_conv2d_transpose_1: transpose([6, 6], 4, 2, [0, 0], device),
            decoder_conv2d_transpose_2: transpose([6, 3], 4, 1, [0, 0], device),
        }
    }

    /// Takes the page's weights.
    fn load(&mut self, file: &SafeTensors) -> Result<(), SafeTensorError> {
        load_convolution(&mut self.encoder_conv2d_1, file, "encoder_conv2d_1")?;
        load_dense(&mut self.encoder_dense_1, file, "encoder_dense_1")?;
        load_dense(&mut self.encoder_dense_2, file, "encoder_dense_2")?;
        load_dense(&mut self.decoder_dense_1, file, "decoder_dense_1")?;
        load_transpose(&mut self.decoder_conv2d_transpose_1, file, "decoder_conv2d_transpose_1")?;
        load_transpose(&mut self.decoder_conv2d_transpose_2, file, "decoder_conv2d_transpose_2")?;
        Ok(())
    }

    /// The codes, `[batch, code]`, of images, `[batch, channels, rows, columns]`.
    fn encode(&self, images: Tensor<4>) -> Tensor<2> {
        let x = self.encoder_conv2d_1.forward(images);
        let x = activation::tanh(x);
        let x = self.encoder_dropout_1.forward(x);
        let x = to_list(x);
        let x = self.encoder_dense_1.forward(x);
        let x = activation::tanh(x);
        let x = self.encoder_dense_2.forward(x);
        activation::tanh(x)
    }

    /// The images, `[batch, channels, rows, columns]`, of codes.
    fn decode(&self, codes: Tensor<2>) -> Tensor<4> {
        let x = self.decoder_dense_1.forward(codes);
        let x = activation::tanh(x);
        let x = to_maps(x, [12, 10, 6]);
        let x = self.decoder_conv2d_transpose_1.forward(x);
        let x = crop(x, [1, 1], [24, 20]);
        let x = activation::tanh(x);
        let x = self.decoder_conv2d_transpose_2.forward(x);
        let x = crop(x, [1, 1], [24, 20]);
        activation::sigmoid(x)
    }

    /// The mean over the images of their losses: squared error summed over the pixels.
    fn loss(&self, images: Tensor<4>, is_training: bool) -> Tensor<1> {
        let corrupted = if is_training {
            let random = images.random_like(Distribution::Uniform(0.0, 1.0));
            images.clone().mask_fill(random.lower_elem(0.3), 0)
        } else {
            images.clone()
        };
        let reconstructions = self.decode(self.encode(corrupted));
        let by_pixel = (reconstructions - images).square();
        let by_image = by_pixel.flatten::<2>(1, 3).sum_dim(1);
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
        let learning_rate = LEARNING_RATES.iter().rfind(|(begins, _)| *begins <= self.steps).map_or(0.0, |(_, rate)| *rate);
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

/// The images of one kind in a set that the page saved, `[images, 3, 24, 20]`, values from 0 to 1.
fn load_images(kind: &str, device: &Device) -> Result<Tensor<4>, Box<dyn Error>> {
    let mut file = ZipArchive::new(File::open("images.zip")?)?;
    let mut manifest = String::new();
    file.by_name("manifest.txt")?.read_to_string(&mut manifest)?;
    let mut bytes = Vec::new();
    for line in manifest.lines() {
        let mut words = line.split(' ');
        if let (Some(found), Some(name)) = (words.next(), words.next())
            && found == kind
        {
            GzDecoder::new(file.by_name(name)?).read_to_end(&mut bytes)?;
        }
    }
    let values: Vec<f32> = bytes.into_iter().map(|pixel| f32::from(pixel) / 255.0).collect();
    let count = values.len() / (24 * 20 * 3);
    let images = Tensor::<4>::from_data(TensorData::new(values, [count, 24, 20, 3]), device);
    Ok(images.permute([0, 3, 1, 2]))
}
