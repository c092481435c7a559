//! `headless evaluate`: the error of a model's reconstructions.

use crate::{
    Failure,
    arguments::{Data, Set},
    dataset::Folder,
    device::{Device, Job, pieces},
    files::{print, print_json, read_model},
};
use latent_core::{
    data::Images,
    settings::PIXELS,
    training::{Trainer, checkpoint::Checkpoint},
};
use serde::Serialize;
use std::path::PathBuf;

/// What to evaluate, and on what.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The model (safetensors).
    model: PathBuf,
    /// The images to reconstruct.
    #[arg(long, value_enum, default_value = "test")]
    set: Sets,
    /// What to compute on.
    #[arg(long, value_enum, default_value = "cpu")]
    device: Device,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Sets {
    /// 10,000 images that training never sees.
    Test,
    /// The 60,000 images to train on.
    Train,
    /// One after the other.
    Both,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Report {
    steps: u64,
    saved_percent: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<Figures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    train: Option<Figures>,
}

#[derive(Clone, Copy, Serialize)]
struct Figures {
    images: usize,
    mse: f64,
    rmse: f64,
}

/// Evaluates and prints.
pub(crate) fn evaluate(options: &Options) -> Result<(), Failure> {
    let model = read_model(&options.model)?;
    let folder = Folder::open(&options.data.data)?;
    let figures = |set| -> Result<Figures, Failure> {
        options.device.run(Evaluation { model: &model, images: &folder.images(set, None)? })
    };
    let [test, train] = match options.set {
        Sets::Test => [Some(Set::Test), None],
        Sets::Train => [None, Some(Set::Train)],
        Sets::Both => [Some(Set::Test), Some(Set::Train)],
    };
    let code = model.settings.model.latent_units();
    let report = Report {
        steps: model.progress.steps,
        saved_percent: (PIXELS as f64 - code as f64) / PIXELS as f64 * 100.0,
        test: test.map(figures).transpose()?,
        train: train.map(figures).transpose()?,
    };
    if options.json { print_json(&report) } else { print_table(&report, code) }
}

fn print_table(report: &Report, code: usize) -> Result<(), Failure> {
    print(format!("{:<10} {:>7} {:>10} {:>10}", "set", "images", "MSE", "RMSE"))?;
    for (name, figures) in [("test", report.test), ("training", report.train)] {
        if let Some(Figures { images, mse, rmse }) = figures {
            print(format!("{name:<10} {images:>7} {mse:>10.6} {rmse:>10.6}"))?;
        }
    }
    print(format!(
        "{:.3} % of the data saved: {code} numbers instead of {PIXELS} (after {} steps)",
        report.saved_percent, report.steps
    ))
}

struct Evaluation<'a> {
    model: &'a Checkpoint,
    images: &'a Images,
}

impl Job for Evaluation<'_> {
    type Output = Figures;

    async fn on<T: Trainer>(self, context: &T::Context) -> Result<Figures, Failure> {
        let Self { model, images } = self;
        let mut trainer = T::new(context, &model.settings.model, &model.progress).await?;
        let mut squared_error = 0.0;
        for which in pieces(images) {
            squared_error += which.len() as f64 * trainer.evaluate(images, which).await?.total;
        }
        let mse = squared_error / images.len() as f64;
        Ok(Figures { images: images.len(), mse, rmse: mse.sqrt() })
    }
}
