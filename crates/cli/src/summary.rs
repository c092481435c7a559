//! `headless summary`: the layers, as Keras prints them.

use crate::{
    Failure,
    arguments::Network,
    files::{print, read_model},
};
use latent_core::model::summary::models;
use std::path::PathBuf;

/// Of which network.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A model (safetensors) whose layers to print, instead of the flags'.
    #[arg(conflicts_with_all = ["hidden", "encoder", "code", "slope", "activation", "code_activation", "output", "loss", "variational", "beta", "corruption", "link"])]
    model: Option<PathBuf>,
    #[command(flatten)]
    network: Network,
}

/// Prints the three tables.
pub(crate) fn summary(options: &Options) -> Result<(), Failure> {
    let (settings, steps) = match &options.model {
        Some(path) => {
            let model = read_model(path)?;
            (model.settings, Some(model.progress.steps))
        }
        None => (options.network.settings()?, None),
    };
    models(&settings.model).into_iter().try_for_each(print)?;
    print(format!("loss: {}", settings.model.loss.title()))?;
    steps.map_or(Ok(()), |steps| print(format!("{steps} steps done")))
}
