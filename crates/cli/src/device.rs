//! The engines of the command line.

use crate::Failure;
use latent_core::{data::Images, training::Trainer};
use latent_cpu::CpuTrainer;
use std::ops::Range;

/// An engine.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Device {
    /// The project's own training step.
    Cpu,
    /// The project's own training step on a GPU.
    Wgpu,
    /// Burn's on the same GPU: the reference.
    Burn,
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
                job.on::<latent_worker::gpu::GpuTrainer>(&latent_burn::wgpu_device().await?).await
            }),
            #[cfg(feature = "wgpu")]
            Self::Burn => pollster::block_on(async {
                job.on::<latent_burn::BurnTrainer>(&latent_burn::wgpu_device().await?.device).await
            }),
            #[cfg(not(feature = "wgpu"))]
            Self::Wgpu | Self::Burn => Err(Failure::NoWgpu),
        }
    }
}

/// The images in ranges that fit every device's memory.
pub(crate) fn pieces(images: &Images) -> impl Iterator<Item = Range<usize>> {
    const PIECE: usize = 500;
    let all = images.len();
    (0..all).step_by(PIECE).map(move |start| start..(start + PIECE).min(all))
}
