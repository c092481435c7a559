//! `headless train`: a run from its start to its end.

use crate::{Failure, Network, dataset};
use latent_playground::{
    kernels::cpu::CpuTrainer,
    settings::{Field, Settings},
    training::{
        Progress, Trainer,
        run::{Run, Slice},
    },
};
use serde_json::json;
use std::{path::PathBuf, time::Instant};

/// What to train, and with what.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    network: Network,
    /// The seed, from which initial weights and the order of the images follow.
    #[arg(long, default_value = "1")]
    seed: String,
    /// Times that the training set is gone through.
    #[arg(long, default_value = "20")]
    epochs: String,
    /// Images in a step.
    #[arg(long, default_value = "256")]
    batch: String,
    /// Adam's learning rate.
    #[arg(long, default_value = "0.0005")]
    lr: String,
    /// Take the images in file order.
    #[arg(long)]
    no_shuffle: bool,
    /// Stop after so many steps.
    #[arg(long)]
    steps: Option<u64>,
    /// Print one JSON line for each step.
    #[arg(long)]
    log_steps: bool,
    /// What to compute on.
    #[arg(long, value_enum, default_value = "cpu")]
    device: Device,
    /// The folder with the shards and their manifest.
    #[arg(long, default_value = "public/mnist")]
    data: PathBuf,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Device {
    /// The project's own training step.
    Cpu,
    /// The project's own training step on a GPU.
    Wgpu,
    /// Burn's on the same GPU: the reference.
    Burn,
}

impl Options {
    fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings::default();
        self.network.apply(&mut settings)?;
        settings.set(Field::Seed, &self.seed)?;
        settings.set(Field::Epochs, &self.epochs)?;
        settings.set(Field::Batch, &self.batch)?;
        settings.set(Field::LearningRate, &self.lr)?;
        settings.shuffle = !self.no_shuffle;
        Ok(settings)
    }
}

/// Trains and prints.
pub(crate) fn train(options: &Options) -> Result<(), Failure> {
    match options.device {
        Device::Cpu => pollster::block_on(train_on::<CpuTrainer>(options)),
        #[cfg(feature = "wgpu")]
        Device::Wgpu => pollster::block_on(train_on::<latent_playground::engine::gpu::GpuTrainer>(options)),
        #[cfg(feature = "wgpu")]
        Device::Burn => {
            pollster::block_on(train_on::<latent_playground::training::burn::BurnTrainer>(options))
        }
        #[cfg(not(feature = "wgpu"))]
        Device::Wgpu | Device::Burn => Err(Failure::NoWgpu),
    }
}

async fn train_on<T: Trainer>(options: &Options) -> Result<(), Failure> {
    let settings = options.settings()?;
    let data = dataset::read(&options.data)?;
    let start = Progress::initial(&settings.architecture, settings.seed);
    let most_steps = options.steps.unwrap_or(u64::MAX);
    let mut run = Run::<T>::new(settings, &start).await?;
    let (mut seconds, mut counted) = (0.0, 0);
    while run.steps() < most_steps {
        let began = Instant::now();
        let most = usize::try_from(most_steps - run.steps()).unwrap_or(usize::MAX);
        match run.advance(&data, most).await? {
            Some(Slice::Trained { steps_before, losses }) => {
                seconds += began.elapsed().as_secs_f64();
                counted += losses.len();
                if options.log_steps {
                    (steps_before + 1..)
                        .zip(losses)
                        .for_each(|(step, loss)| println!("{}", json!({ "step": step, "loss": loss })));
                }
            }
            Some(Slice::Validated { epochs, loss }) => {
                let steps_per_s = counted as f64 / seconds;
                println!("{}", json!({ "epoch": epochs, "val_loss": loss, "steps_per_s": steps_per_s }));
                (seconds, counted) = (0.0, 0);
            }
            Some(Slice::Validating) => {}
            Some(Slice::Finished) | None => break,
        }
    }
    Ok(())
}
