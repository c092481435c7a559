//! `headless profile`: what each kernel of a training step takes on the GPU.

use crate::{
    Failure,
    arguments::{Data, Network},
    dataset::Folder,
    files::{print, print_json, tell},
    start::Start,
};
use latent_core::training::{Trainer, epoch_order};
use latent_gpu::{Gpu, KernelTime, Passes};
use serde::Serialize;

/// Which model to train, and for how long.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    network: Network,
    /// Steps to measure.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    steps: usize,
    /// Print a line of JSON for each kernel.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Serialize)]
struct Line<'a> {
    kernel: &'a str,
    dispatches_a_step: f64,
    us_a_step: f64,
    share: f64,
}

/// Trains some steps on the own passes, and prints a table.
pub(crate) fn profile(options: &Options) -> Result<(), Failure> {
    let checkpoint = Start::new(options.network.given()?, None)?.checkpoint;
    let settings = &checkpoint.settings;
    let folder = Folder::open_for(&options.data.folder(settings.data)?, &settings.model)?;
    let images = folder.dataset(settings.training_images)?.training;
    let order = epoch_order(settings, 0);
    let batches: Vec<_> = order.chunks(settings.batch).take(options.steps).collect();
    let times = pollster::block_on(async {
        let gpu = Gpu::request_for_profiling().await?;
        tell(gpu.adapter());
        let mut passes = Passes::new(&gpu, &settings.model, &checkpoint.progress).await?;
        passes.profile(&images, &batches, settings.learning_rates.after(0)).await
    })?;
    report(&times, batches.len() as f64, options.json)
}

fn report(times: &[KernelTime], steps: f64, json: bool) -> Result<(), Failure> {
    let all_s: f64 = times.iter().map(|time| time.seconds).sum();
    for KernelTime { kernel, dispatches, seconds } in times {
        let line = Line {
            kernel,
            dispatches_a_step: *dispatches as f64 / steps,
            us_a_step: 1e6 * seconds / steps,
            share: seconds / all_s,
        };
        if json {
            print_json(&line)?;
        } else {
            let Line { dispatches_a_step, us_a_step, share, .. } = line;
            print(format!("{us_a_step:9.1} µs {:5.1} %  {dispatches_a_step:4.1} × {kernel}", 100.0 * share))?;
        }
    }
    if json { Ok(()) } else { print(format!("{:9.1} µs a step on the GPU", 1e6 * all_s / steps)) }
}
