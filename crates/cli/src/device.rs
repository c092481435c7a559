//! The engines of the command line.

use crate::{Failure, arguments::Cpu};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Progress, Trainer},
};
use latent_cpu::{CpuTrainer, Instructions};
use std::ops::Range;

/// An engine.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Device {
    /// The project's own training step.
    Cpu,
    /// The project's own training step on a GPU.
    Wgpu,
    /// Burn's on a GPU: the reference.
    Burn,
    /// Burn's on the CPU: it trains every model, and slowly.
    Flex,
}

/// Work that any engine can do.
pub(crate) trait Job {
    /// The result.
    type Output;

    /// Does it on this engine.
    async fn on<T: Trainer>(self, context: &T::Context) -> Result<Self::Output, Failure>;
}

impl Device {
    /// Does the work here.
    pub(crate) fn run<J: Job>(self, job: J) -> Result<J::Output, Failure> {
        match self {
            Self::Cpu => pollster::block_on(job.on::<CpuTrainer>(&())),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => pollster::block_on(async {
                job.on::<latent_gpu::Passes>(&latent_gpu::Gpu::request().await?).await
            }),
            #[cfg(feature = "wgpu")]
            Self::Burn => pollster::block_on(async {
                job.on::<latent_burn::BurnTrainer>(&latent_burn::burn_gpu().await?.device).await
            }),
            #[cfg(feature = "flex")]
            Self::Flex => pollster::block_on(job.on::<latent_burn::BurnTrainer>(&latent_burn::flex_device())),
            #[cfg(not(feature = "flex"))]
            Self::Flex => Err(Failure::NoFlex),
            #[cfg(not(feature = "wgpu"))]
            Self::Wgpu | Self::Burn => Err(Failure::NoWgpu),
        }
    }
}

impl Cpu {
    /// Whether an option is given.
    pub(crate) fn is_given(&self) -> bool {
        self.instructions.is_some() || self.threads.is_some()
    }

    /// The CPU engine with these options.
    pub(crate) fn trainer(&self, model: &ModelSpec, progress: &Progress) -> Result<CpuTrainer, Failure> {
        self.trainer_on(latent_cpu::default_threads(), model, progress)
    }

    /// The same, with a thread for each of so many cores unless an option says how many.
    pub(crate) fn trainer_on(
        &self,
        cores: usize,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<CpuTrainer, Failure> {
        let instructions = self.instructions.unwrap_or_else(Instructions::best);
        let threads = self.threads.map_or(cores, usize::from);
        Ok(CpuTrainer::with_threads(threads, instructions, model, progress)?)
    }
}

/// The images in ranges that fit every device's memory.
pub(crate) fn pieces(images: &Images) -> impl Iterator<Item = Range<usize>> {
    const PIECE: usize = 500;
    let all = images.len();
    (0..all).step_by(PIECE).map(move |start| start..(start + PIECE).min(all))
}
