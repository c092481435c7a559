//! The GPU engine's trainer: our own compute passes, or Burn where they can't train a model.

use latent_burn::{BurnTrainer, WgpuDevice};
use latent_core::{
    data::Images,
    model::ModelSpec,
    noise::Noise,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use latent_gpu::{Gpu, Passes};
use std::{ops::Range, sync::OnceLock};

/// A network in training on the GPU.
pub struct GpuTrainer(Implementation);

/// What trains the network.
enum Implementation {
    Passes(Box<Passes>),
    /// Burn, and why the passes can't.
    Burn(Box<BurnTrainer>, TrainerError),
}

/// The passes, compiled for a device once for all trainers.
async fn compiled(device: &WgpuDevice) -> Result<Gpu, TrainerError> {
    // `wgpu_device` never gives another device.
    static COMPILED: OnceLock<Gpu> = OnceLock::new();
    if let Some(gpu) = COMPILED.get() {
        return Ok(gpu.clone());
    }
    let gpu = Gpu::new(&device.wgpu, &device.queue).await?;
    Ok(COMPILED.get_or_init(|| gpu).clone())
}

/// Calls a method of the implementation. The two have no common type that could be borrowed.
macro_rules! dispatch {
    ($self:ident.$method:ident($($argument:expr),*)) => {
        match &mut $self.0 {
            Implementation::Passes(passes) => passes.$method($($argument),*).await,
            Implementation::Burn(burn, _) => burn.$method($($argument),*).await,
        }
    };
}

impl Trainer for GpuTrainer {
    type Context = WgpuDevice;

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        Passes::supports(model).or_else(|_| BurnTrainer::supports(model))
    }

    /// Networks that the passes can't train, or devices that don't run them, are left to Burn.
    async fn new(device: &WgpuDevice, model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let passes = async { Passes::new(&compiled(device).await?, model, progress).await };
        match passes.await {
            Ok(passes) => Ok(Self(Implementation::Passes(Box::new(passes)))),
            Err(reason @ (TrainerError::Device(_) | TrainerError::Unsupported(_))) => {
                let burn = BurnTrainer::on(&device.device, model, progress)?;
                Ok(Self(Implementation::Burn(Box::new(burn), reason)))
            }
            Err(error) => Err(error),
        }
    }

    fn set_noise(&mut self, noise: Noise) {
        match &mut self.0 {
            Implementation::Passes(passes) => passes.set_noise(noise),
            Implementation::Burn(burn, _) => burn.set_noise(noise),
        }
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        dispatch!(self.train(images, batches, learning_rate))
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        dispatch!(self.evaluate(images, which))
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        dispatch!(self.encode(images, which))
    }

    async fn log_variances(
        &mut self,
        images: &Images,
        which: Range<usize>,
    ) -> Result<Option<Vec<f32>>, TrainerError> {
        dispatch!(self.log_variances(images, which))
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        dispatch!(self.decode(codes))
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        dispatch!(self.weights())
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        dispatch!(self.progress())
    }

    fn description(&self) -> String {
        match &self.0 {
            Implementation::Passes(_) => "own compute passes".into(),
            Implementation::Burn(_, reason) => format!("Burn instead of own compute passes: {reason}"),
        }
    }
}
