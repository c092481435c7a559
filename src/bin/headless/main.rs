//! The library at the command line. `headless --help` lists what it does.

mod dataset;
mod pack;
mod train;

use clap::{Parser, Subcommand};
use latent_playground::{
    data::{idx::IdxError, shard::ShardError},
    network::summary,
    settings::{Field, SettingError, Settings},
    training::{TrainerError, run::RunError},
};
use std::{io, path::PathBuf, process::ExitCode};
use thiserror::Error;

/// Latent Playground without a browser.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Packs MNIST's four IDX files (gzipped or not) into the shards and the manifest that the page streams.
    PackMnist {
        /// The folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images… and t10k-labels…
        from: PathBuf,
        /// The folder to write to.
        to: PathBuf,
    },
    /// Trains, and prints the losses of every epoch.
    Train(train::Options),
    /// Prints the layers of encoder, decoder and autoencoder.
    Summary(Network),
}

/// The network's shape.
#[derive(clap::Args)]
struct Network {
    /// Units of the hidden layers, separated by commas.
    #[arg(long, default_value = "300")]
    hidden: String,
    /// Units of the code.
    #[arg(long, default_value = "2")]
    code: String,
    /// LeakyReLU's slope.
    #[arg(long, default_value = "0.3")]
    slope: String,
}

impl Network {
    /// Sets the network's fields.
    fn apply(&self, settings: &mut Settings) -> Result<(), SettingError> {
        settings.set(Field::Hidden, &self.hidden)?;
        settings.set(Field::Code, &self.code)?;
        settings.set(Field::Slope, &self.slope)
    }
}

#[derive(Debug, Error)]
enum Failure {
    #[error("{path}: {error}")]
    File { path: PathBuf, error: io::Error },
    #[error("{file}: {error}")]
    Idx { file: &'static str, error: IdxError },
    #[error("the manifest: {0}")]
    Manifest(#[from] serde_json::Error),
    #[error(transparent)]
    Shard(#[from] ShardError),
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error(transparent)]
    Trainer(#[from] TrainerError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("this build has no wgpu: build it with `--features headless,wgpu`")]
    #[cfg(not(feature = "wgpu"))]
    NoWgpu,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::PackMnist { from, to } => pack::pack_mnist(&from, &to),
        Command::Train(options) => train::train(&options),
        Command::Summary(network) => print_summary(&network),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn print_summary(network: &Network) -> Result<(), Failure> {
    let mut settings = Settings::default();
    network.apply(&mut settings)?;
    for model in summary::models(&settings.architecture) {
        println!("{model}");
    }
    Ok(())
}
