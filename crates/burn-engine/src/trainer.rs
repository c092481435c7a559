//! The trainer made of Burn: on the GPU through WebGPU or Vulkan, natively also on the CPU.

use crate::{
    autoencoder::{Autoencoder, Codes},
    batch::{TrainingBatch, pixels, validation_batch},
    keras_adam::{ModuleAdam, Moments},
    layer::{DeviceTensors, device_tensors},
    loss,
    read::{read, read_weights},
};
use burn::{
    module::Module,
    optim::{GradientsAccumulator, GradientsParams},
    tensor::{Device, Tensor, TensorData},
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    noise::Noise,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use std::ops::Range;

/// Images or codes in a batch outside training. Batches of one size share the device's kernels and buffers.
const SLICE: usize = 1_000;

/// A network in training on a Burn device.
pub struct BurnTrainer {
    spec: ModelSpec,
    /// Records operations for the backward pass.
    device: Device,
    model: Autoencoder,
    adam: ModuleAdam,
    noise: Noise,
    /// Images of a batch that are trained at once, if fewer than [`ModelSpec::images_at_once`].
    most_at_once: usize,
    steps: u64,
}

/// Losses of single images on the device.
struct ImageLosses {
    /// `[batch, 1]`
    reconstruction: Tensor<2>,
    /// `[batch, 1]`, of a variational model.
    divergence: Option<Tensor<2>>,
}

impl ImageLosses {
    /// The losses of images `[batch, pixels]`, whose codes are drawn with these deviates.
    fn new(
        spec: &ModelSpec,
        model: &Autoencoder,
        codes: &Codes,
        deviates: Option<Tensor<2>>,
        images: Tensor<2>,
    ) -> Self {
        let logits = model.decoder.logits(codes.sample(deviates));
        let outputs = model.decoder.activate(logits.clone());
        let divergence = codes.log_variance.clone().map(|it| loss::divergence(codes.mean.clone(), it));
        Self { reconstruction: loss::by_image(spec.loss, logits, outputs, images), divergence }
    }

    /// Reconstruction and divergence in one tensor: `[2 · batch]`, or `[batch]` without a divergence.
    fn flat(self) -> Tensor<1> {
        let columns: Vec<_> = [Some(self.reconstruction), self.divergence].into_iter().flatten().collect();
        Tensor::cat(columns, 0).flatten(0, 1)
    }
}

impl BurnTrainer {
    /// A trainer on this device that goes on from `progress`. Fails when its tensors do not fit `spec`.
    pub fn on(device: &Device, spec: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let inner = device.clone().inner();
        let model = Autoencoder::from_weights(spec, &progress.weights, &inner)?.train();
        let first = tensors(spec, &progress.first_moment, &inner)?;
        let second = tensors(spec, &progress.second_moment, &inner)?;
        let (mut adam, steps) = (ModuleAdam::default(), progress.steps);
        for (layer, (first, second)) in model.layers().zip(first.into_iter().zip(second)) {
            adam.set(&layer.kernel, Moments { steps, first: first.0, second: second.0 });
            adam.set(&layer.bias, Moments { steps, first: first.1, second: second.1 });
        }
        let (spec, device, noise) = (spec.clone(), inner.autodiff(), Noise::default());
        Ok(Self { spec, device, model, adam, noise, most_at_once: usize::MAX, steps })
    }

    /// Trains no more than so many images of a batch at once, on devices with less memory than
    /// [`latent_core::model::MOST_STEP_BYTES`]. The step stays the same but for rounding.
    pub fn train_at_once(&mut self, images: usize) {
        self.most_at_once = images.max(1);
    }

    /// One step. The losses of its images stay on the device, a tensor for each shard of the batch.
    fn step(
        &mut self,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<Vec<Tensor<1>>, TrainerError> {
        let mut losses = Vec::new();
        let mut gradients = GradientsAccumulator::new();
        let at_once = self.spec.images_at_once(batch.len()).min(self.most_at_once);
        for positions in shards(0..batch.len(), at_once) {
            let (spec, noise) = (&self.spec, &self.noise);
            let part = (batch, positions);
            let part = TrainingBatch::new(spec, noise, self.steps, images, part, &self.device)?;
            let codes = self.model.encoder.forward_with(part.corrupted, part.dropout);
            let of_images = ImageLosses::new(spec, &self.model, &codes, part.deviates, part.clean);
            let mut total = of_images.reconstruction.clone();
            if let Some(divergence) = &of_images.divergence {
                total = total + divergence.clone() * spec.beta();
            }
            let loss = total.sum() / batch.len() as f32;
            let own = GradientsParams::from_grads(loss.backward(), &self.model);
            gradients.accumulate(&self.model, own);
            losses.push(of_images.flat().inner());
        }
        self.model = self.adam.step(learning_rate, self.model.clone(), gradients.grads());
        self.steps += 1;
        Ok(losses)
    }

    /// The means of losses of images, each tensor of which is of [`ImageLosses::flat`].
    fn mean(&self, losses: &[Vec<f32>]) -> Losses {
        // In double precision: a sum of floats over many images would lose digits.
        let sum = |values: &[f32]| values.iter().copied().map(f64::from).sum::<f64>();
        let (mut images, mut reconstruction, mut divergence) = (0, 0.0, 0.0);
        for losses in losses {
            let count = if self.spec.is_variational() { losses.len() / 2 } else { losses.len() };
            images += count;
            reconstruction += sum(&losses[..count]);
            divergence += sum(&losses[count..]);
        }
        let images = images as f64;
        match self.spec.is_variational() {
            true => Losses::variational(reconstruction / images, divergence / images, self.spec.beta()),
            false => Losses::deterministic(reconstruction / images),
        }
    }

    /// Adam's means of the gradients and of their squares, still on the device.
    fn moments(&self) -> (Vec<DeviceTensors>, Vec<DeviceTensors>) {
        let moments = self.model.layers().filter_map(|layer| {
            let (kernel, bias) = (self.adam.moments(&layer.kernel)?, self.adam.moments(&layer.bias)?);
            Some(((kernel.first, bias.first), (kernel.second, bias.second)))
        });
        moments.unzip()
    }

    /// What the encoder makes of these images, slice by slice.
    fn codes(&self, images: &Images, which: Range<usize>) -> impl Iterator<Item = Codes> {
        let (encoder, device) = (self.model.encoder.valid(), self.device.clone().inner());
        self.slices(which).map(move |slice| encoder.forward(pixels(images, slice, &device)))
    }

    /// A range in slices that fit the memory of a step.
    fn slices(&self, which: Range<usize>) -> impl Iterator<Item = Range<usize>> + use<> {
        shards(which, self.spec.images_at_once(SLICE))
    }
}

impl Trainer for BurnTrainer {
    type Context = Device;

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        // Whether a device can run Burn is not asked here: `burn_gpu` fails where it cannot.
        model.check().map_err(|error| Unsupported(format!("this model ({error})")))
    }

    async fn new(device: &Device, spec: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Self::on(device, spec, progress)
    }

    fn set_noise(&mut self, noise: Noise) {
        self.noise = noise;
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let mut losses = Vec::with_capacity(batches.len());
        let mut shards = Vec::with_capacity(batches.len());
        for batch in batches {
            let of_step = self.step(images, batch, learning_rate)?;
            shards.push(of_step.len());
            losses.extend(of_step);
        }
        let mut losses = read(losses).await?.into_iter();
        let of_step = |shards| self.mean(&losses.by_ref().take(shards).collect::<Vec<_>>());
        Ok(shards.into_iter().map(of_step).collect())
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        let (model, device) = (self.model.valid(), self.device.clone().inner());
        let losses = self.slices(which).map(|slice| {
            let [clean, corrupted] = validation_batch(&self.spec, images, slice, &device);
            let codes = model.encoder.forward(corrupted);
            ImageLosses::new(&self.spec, &model, &codes, None, clean).flat()
        });
        let losses = read(losses).await?;
        Ok(self.mean(&losses))
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        Ok(read(self.codes(images, which).map(|codes| codes.mean)).await?.concat())
    }

    async fn log_variances(
        &mut self,
        images: &Images,
        which: Range<usize>,
    ) -> Result<Option<Vec<f32>>, TrainerError> {
        if !self.spec.is_variational() {
            return Ok(None);
        }
        let log_variances = self.codes(images, which).filter_map(|codes| codes.log_variance);
        Ok(Some(read(log_variances).await?.concat()))
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        let (decoder, device) = (self.model.decoder.valid(), self.device.clone().inner());
        let units = self.spec.latent_units();
        let images = self.slices(0..codes.len() / units).map(|slice| {
            let codes = &codes[slice.start * units..slice.end * units];
            let codes = TensorData::new(codes.to_vec(), [slice.len(), units]);
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

/// A range in parts of so many.
fn shards(which: Range<usize>, images: usize) -> impl Iterator<Item = Range<usize>> {
    let end = which.end;
    which.step_by(images).map(move |start| start..end.min(start + images))
}

fn tensors(spec: &ModelSpec, weights: &Weights, device: &Device) -> Result<Vec<DeviceTensors>, TrainerError> {
    weights.check(spec)?;
    Ok(weights.layers().map(|weights| device_tensors(weights, device)).collect())
}
