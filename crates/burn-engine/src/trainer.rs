//! The trainer made of Burn: on the GPU through WebGPU or Vulkan, natively also on the CPU.

use crate::{
    autoencoder::{Autoencoder, DenseTensors, ReadError, dense_tensors, read, read_weights},
    keras_adam::{ModuleAdam, Moments},
};
use burn::{
    module::Module,
    nn::loss::{MseLoss, Reduction},
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData},
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    settings::PIXELS,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use std::ops::Range;

/// Images or codes that are sent through the network at once outside training: a shard's worth. Equal slices share
/// the device's kernels and buffers.
const SLICE: usize = 1_000;

/// A network in training on a Burn device.
pub struct BurnTrainer {
    spec: ModelSpec,
    /// Records operations for the backward pass.
    device: Device,
    model: Autoencoder,
    adam: ModuleAdam,
    steps: u64,
}

impl From<ReadError> for TrainerError {
    fn from(error: ReadError) -> Self {
        Self::Device(error.to_string())
    }
}

impl BurnTrainer {
    /// A trainer on this device that goes on from `progress`. Fails when its tensors don't fit `spec`.
    pub fn on(device: &Device, spec: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let inner = device.clone().inner();
        let model = Autoencoder::from_weights(spec, &progress.weights, &inner)?.train();
        let first = tensors(spec, &progress.first_moment, &inner)?;
        let second = tensors(spec, &progress.second_moment, &inner)?;
        let (mut adam, steps) = (ModuleAdam::default(), progress.steps);
        for (layer, (first, second)) in model.layers().zip(first.into_iter().zip(second)) {
            adam.set(&layer.weight, Moments { steps, first: first.0, second: second.0 });
            if let Some(bias) = &layer.bias {
                adam.set(bias, Moments { steps, first: first.1, second: second.1 });
            }
        }
        Ok(Self { spec: spec.clone(), device: inner.autodiff(), model, adam, steps })
    }

    /// One step; its loss stays on the device: `[1]`.
    fn step(&mut self, batch: Tensor<2>, learning_rate: f32) -> Tensor<1> {
        let reconstruction = self.model.forward(batch.clone());
        let loss = MseLoss::new().forward(reconstruction, batch, Reduction::Mean);
        let gradients = GradientsParams::from_grads(loss.backward(), &self.model);
        self.model = self.adam.step(learning_rate, self.model.clone(), gradients);
        self.steps += 1;
        loss.inner()
    }

    /// Adam's means of the gradients and of their squares, still on the device.
    fn moments(&self) -> (Vec<DenseTensors>, Vec<DenseTensors>) {
        let of_layer = |layer: &burn::nn::Linear| {
            let kernel = self.adam.moments(&layer.weight)?;
            let bias = self.adam.moments(layer.bias.as_ref()?)?;
            Some(((kernel.first, bias.first), (kernel.second, bias.second)))
        };
        self.model.layers().filter_map(of_layer).unzip()
    }
}

impl Trainer for BurnTrainer {
    type Context = Device;

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        model
            .uniform_slope()
            .map(|_| ())
            .ok_or_else(|| Unsupported("other activations than LeakyReLU".into()))
    }

    async fn new(device: &Device, spec: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Self::on(device, spec, progress)
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let mut losses = Vec::with_capacity(batches.len());
        for batch in batches {
            let batch = pixels(images, batch.iter().map(|&index| index as usize), &self.device);
            losses.push(self.step(batch, learning_rate));
        }
        let losses = read(losses).await?.concat();
        Ok(losses.into_iter().map(|loss| Losses::deterministic(f64::from(loss))).collect())
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        let (model, device) = (self.model.valid(), self.device.clone().inner());
        let losses = slices(which.clone()).map(|slice| {
            let slice = pixels(images, slice, &device);
            // By image, and summed here in double precision: over a whole slice a float's error would show.
            MseLoss::new().forward_no_reduction(model.forward(slice.clone()), slice).mean_dim(1)
        });
        let losses = read(losses).await?.concat();
        let sum: f64 = losses.iter().copied().map(f64::from).sum();
        Ok(Losses::deterministic(sum / which.len() as f64))
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        let (encoder, device) = (self.model.encoder.valid(), self.device.clone().inner());
        let codes = slices(which).map(|slice| encoder.forward(pixels(images, slice, &device)));
        Ok(read(codes).await?.concat())
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        let (decoder, device) = (self.model.decoder.valid(), self.device.clone().inner());
        let units = self.spec.latent_units();
        let images = codes.chunks(SLICE * units).map(|codes| {
            let codes = TensorData::new(codes.to_vec(), [codes.len() / units, units]);
            decoder.forward(Tensor::from_data(codes, &device))
        });
        Ok(read(images).await?.concat())
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        Ok(self.model.weights(&self.spec).await?)
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        let (first, second) = self.moments();
        let sets = [self.model.tensors(), first, second];
        let [weights, first_moment, second_moment] = read_weights(&self.spec, sets).await?;
        Ok(Progress { weights, first_moment, second_moment, steps: self.steps })
    }
}

/// The pixels of these images on the device: `[indices, 784]`.
fn pixels(images: &Images, indices: impl ExactSizeIterator<Item = usize>, device: &Device) -> Tensor<2> {
    let count = indices.len();
    Tensor::from_data(TensorData::new(images.gather(indices), [count, PIXELS]), device)
}

/// A range in slices of [`SLICE`].
fn slices(which: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = which.end;
    which.step_by(SLICE).map(move |start| start..end.min(start + SLICE))
}

fn tensors(spec: &ModelSpec, weights: &Weights, device: &Device) -> Result<Vec<DenseTensors>, TrainerError> {
    weights.check(spec)?;
    let layers = spec.layers();
    Ok(weights.layers.iter().zip(&layers).map(|(dense, layer)| dense_tensors(dense, layer, device)).collect())
}
