//! `headless evaluate`: the loss of a model over a set.

use crate::{
    Failure,
    arguments::{Data, Set},
    dataset::Folder,
    device::{Device, Job, pieces},
    files::{print, print_json, read_model},
};
use latent_core::{
    data::Images,
    model::Loss,
    training::{Losses, Trainer, checkpoint::Checkpoint},
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
    #[arg(long, visible_alias = "engine", value_enum, default_value = "cpu")]
    device: Device,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Sets {
    /// Images that training never sees.
    Test,
    /// The images to train on.
    Train,
    /// One after the other.
    Both,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Report {
    steps: u64,
    /// The loss's name.
    loss: &'static str,
    saved_percent: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<Figures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    train: Option<Figures>,
}

#[derive(Clone, Copy, Serialize)]
struct Figures {
    images: usize,
    loss: f64,
    /// The two parts of a variational model's loss, the divergence unweighted.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconstruction: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    divergence: Option<f64>,
    /// The loss and its root, where the loss is the mean squared error.
    #[serde(skip_serializing_if = "Option::is_none")]
    mse: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rmse: Option<f64>,
}

/// Evaluates and prints.
pub(crate) fn evaluate(options: &Options) -> Result<(), Failure> {
    let model = read_model(&options.model)?;
    let folder = Folder::open_for_trained(&options.data, &model.settings)?;
    let figures = |set| -> Result<Figures, Failure> {
        options.device.run(Evaluation { model: &model, images: &folder.images(set, None)? })
    };
    let [test, train] = match options.set {
        Sets::Test => [Some(Set::Test), None],
        Sets::Train => [None, Some(Set::Train)],
        Sets::Both => [Some(Set::Test), Some(Set::Train)],
    };
    let description = &model.settings.model;
    let (values, code) = (description.input.values(), description.latent_units());
    let report = Report {
        steps: model.progress.steps,
        loss: description.loss.name(),
        saved_percent: (values as f64 - code as f64) / values as f64 * 100.0,
        test: test.map(figures).transpose()?,
        train: train.map(figures).transpose()?,
    };
    if options.json { print_json(&report) } else { print_table(&report, description.loss, [values, code]) }
}

fn print_table(report: &Report, loss: Loss, [values, code]: [usize; 2]) -> Result<(), Failure> {
    let sets = [("test", report.test), ("training", report.train)];
    let sets = sets.into_iter().filter_map(|(name, figures)| Some((name, figures?)));
    let mut columns = vec![("loss", Vec::new()), ("RMSE", Vec::new())];
    columns.extend([("reconstruction", Vec::new()), ("divergence", Vec::new())]);
    for (_, figures) in sets.clone() {
        let Figures { loss, rmse, reconstruction, divergence, .. } = figures;
        let values = [Some(loss), rmse, reconstruction, divergence];
        columns.iter_mut().zip(values).for_each(|((_, column), value)| column.extend(value));
    }
    columns.retain(|(_, values)| !values.is_empty());
    let heads: String = columns.iter().map(|(name, _)| format!(" {name:>0$}", width(name))).collect();
    print(format!("{:<10} {:>7}{heads}", "set", "images"))?;
    for (at, (name, figures)) in sets.enumerate() {
        let value = |(name, values): &(&str, Vec<f64>)| format!(" {:>1$.6}", values[at], width(name));
        let values: String = columns.iter().map(value).collect();
        print(format!("{name:<10} {:>7}{values}", figures.images))?;
    }
    print(format!("loss: {}", loss.title()))?;
    print(format!(
        "{:.3} % of the data saved: {code} numbers instead of {values} (after {} steps)",
        report.saved_percent, report.steps
    ))
}

/// The width of a column with this name.
fn width(name: &str) -> usize {
    name.len().max(10)
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
        let mut sum = Losses::ZERO;
        for which in pieces(images) {
            sum = sum.plus(which.len() as f64, trainer.evaluate(images, which).await?);
        }
        let Losses { total: loss, reconstruction, divergence } = sum.divided_by(images.len() as f64);
        let is_mse = model.settings.model.loss == Loss::default() && divergence.is_none();
        let mse = is_mse.then_some(loss);
        let reconstruction = divergence.map(|_| reconstruction);
        let rmse = mse.map(f64::sqrt);
        Ok(Figures { images: images.len(), loss, reconstruction, divergence, mse, rmse })
    }
}
