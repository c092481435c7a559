//! «kind» for «images» in Burn, with the settings of a run in Latent Playground.
//!
//! Cargo.toml needs:
//!
//! [dependencies]
//! burn = { version = "0.22", default-features = false, features = ["std", "optim", "autodiff", "flex"] }
//! flate2 = "1"
//! safetensors = "0.8"
«zip dependency»//!
//! [profile.dev]
//! opt-level = 3
//!
«where images are»
//!
//! To start from the page's weights, press "Save model" there and put the file beside Cargo.toml as
//! model.safetensors. Adam starts anew. Without the file, training starts from random weights.«chance»

use burn::{
    module::{Module, ModuleMapper, Param, ParamId},
    «layer imports»,
    optim::GradientsParams,
    tensor::{Device, «distribution»Int, Tensor, TensorData, «activation»container::TensorContainer},
};
use flate2::read::GzDecoder;
use safetensors::{SafeTensorError, SafeTensors};
use std::{
    error::Error,
    fs::{self, File},
    io::Read,
};
«zip import»
/// Images of the training set that are used.
const IMAGES: usize = «training images»;
/// Images in a step.
const BATCH: usize = «batch»;
const EPOCHS: usize = «epochs»;
«rate constant»
«other constants»const SEED: u64 = «seed»;

fn main() -> Result<(), Box<dyn Error>> {
    // The CPU. Burn has other devices, each behind a feature of its own.
    let device = Device::flex().autodiff();
    device.seed(SEED);
    let mut model = Autoencoder::new(&device);
    if let Ok(file) = fs::read("model.safetensors") {
        model.load(&SafeTensors::deserialize(&file)?)?;
    }
    let train = load_images("«train file»", &device)?;
    let train = train.slice(0..IMAGES);
    let test = load_images("«test file»", &device.clone().inner())?;
    let mut adam = KerasAdam::default();
    for epoch in 1..=EPOCHS {
        let order: Tensor<1, Int> = «order»;
        let mut total = 0.0;
        for batch in order.split(BATCH, 0) {
            let images = train.clone().select(0, batch);
            let count = images.dims()[0] as f32;
            let loss = model.loss(images«is training»);
            total += loss.clone().into_scalar::<f32>() * count;
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = adam.step(model, gradients);
        }
        // Without gradients.
        let valid = model.valid();
        let mut validation = 0.0;
        for images in test.clone().split(1_000, 0) {
            let count = images.dims()[0] as f32;
            validation += valid.loss(images«is not training»).into_scalar::<f32>() * count;
        }
        let (loss, validation) = (total / train.dims()[0] as f32, validation / test.dims()[0] as f32);
        println!("epoch {epoch}: loss {loss:.8}, validation loss {validation:.8}");
    }

    // The codes of ten images, and the images that the decoder makes of them.
    let valid = model.valid();
    let few = test.dims()[0].min(10);
    let «codes» = valid.encode(test.slice(0..few));
    println!("{codes}");
    let reconstructions = «reconstructions»;
    println!("{:?}", reconstructions.dims());
    Ok(())
}

#[derive(Module, Debug)]
struct Autoencoder {
«fields»
}

impl Autoencoder {
    /// An autoencoder with random weights.
    fn new(device: &Device) -> Self {
        Self {
«initial»
        }
    }

    /// Takes the page's weights.
    fn load(&mut self, file: &SafeTensors) -> Result<(), SafeTensorError> {
«load»
        Ok(())
    }

    /// «encode title»
    fn encode(&self, images: Tensor<4>) -> «codes type» {
«encode»
    }

    /// «decode title», `[batch, channels, rows, columns]`, of codes.
    fn decode(&self, codes: Tensor<2>) -> Tensor<4> {
«decode»
    }

    /// The mean over the images of their losses: «loss title»«plus divergence».
    fn loss(&self, images: Tensor<4>«training argument») -> Tensor<1> {
«loss»
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
        let learning_rate = «rate»;
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

«functions»

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

«load images»
