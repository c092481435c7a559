//! The GPU engine's trainer: our own passes, or Burn where they can't.

use latent_burn::{BurnTrainer, WgpuDevice, wgpu_device};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use latent_gpu::{Gpu, Passes};
use std::{fmt, ops::Range, sync::OnceLock};

/// A network in training on the GPU.
pub struct GpuTrainer(AtWork);

/// Who does the work.
enum AtWork {
    Passes(Box<Passes>),
    /// Burn, and why it has to.
    Burn(Box<BurnTrainer>, TrainerError),
}

impl GpuTrainer {
    /// A trainer on this device that goes on from `progress`.
    ///
    /// Networks that the passes can't train, or a device that doesn't take them, are Burn's; what Burn couldn't do
    /// either is an error.
    pub async fn on(
        device: &WgpuDevice,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        let passes = async { Passes::new(&compiled(device).await?, model, progress).await };
        match passes.await {
            Ok(passes) => Ok(Self(AtWork::Passes(Box::new(passes)))),
            Err(reason @ (TrainerError::Device(_) | TrainerError::Unsupported(_))) => {
                let burn = BurnTrainer::on(&device.device, model, progress)?;
                Ok(Self(AtWork::Burn(Box::new(burn), reason)))
            }
            Err(error) => Err(error),
        }
    }
}

/// Says who is at work, and why.
impl fmt::Display for GpuTrainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            AtWork::Passes(_) => write!(f, "own compute passes"),
            AtWork::Burn(_, reason) => write!(f, "Burn instead of own compute passes: {reason}"),
        }
    }
}

/// The passes, compiled for a device: once, though trainers come and go.
async fn compiled(device: &WgpuDevice) -> Result<Gpu, TrainerError> {
    // `wgpu_device` never gives another device.
    static COMPILED: OnceLock<Gpu> = OnceLock::new();
    if let Some(gpu) = COMPILED.get() {
        return Ok(gpu.clone());
    }
    let gpu = Gpu::new(&device.wgpu, &device.queue).await?;
    Ok(COMPILED.get_or_init(|| gpu).clone())
}

/// Calls a method of whoever is at work.
macro_rules! at_work {
    ($self:ident.$method:ident($($argument:expr),*)) => {
        match &mut $self.0 {
            AtWork::Passes(passes) => passes.$method($($argument),*).await,
            AtWork::Burn(burn, _) => burn.$method($($argument),*).await,
        }
    };
}

impl Trainer for GpuTrainer {
    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        Passes::supports(model).or_else(|_| BurnTrainer::supports(model))
    }

    async fn new(model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let device = wgpu_device().await?;
        let trainer = Self::on(&device, model, progress).await?;
        // Whoever watches is told who is at work: it may be another for each network.
        #[cfg(target_family = "wasm")]
        super::mailbox::post(&latent_protocol::TrainerEvent::Ready(format!(
            "{} · {trainer}",
            device.adapter
        )));
        Ok(trainer)
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        at_work!(self.train(images, batches, learning_rate))
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        at_work!(self.evaluate(images, which))
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        at_work!(self.encode(images, which))
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        at_work!(self.decode(codes))
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        at_work!(self.weights())
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        at_work!(self.progress())
    }
}
