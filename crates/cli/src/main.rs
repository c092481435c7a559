//! The command line, one file for each command. `headless --help` lists them.

mod arguments;
mod code;
mod compare;
mod dataset;
mod decode;
mod device;
mod encode;
mod evaluate;
mod failure;
mod files;
mod import;
mod interrupt;
mod output_lines;
mod pack;
mod pretrained;
#[cfg(feature = "wgpu")]
mod profile;
mod report;
mod settings;
mod start;
mod summary;
mod train;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;

/// Latent Playground without a browser: trains autoencoders and uses trained models.
#[derive(Parser)]
#[command(version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  headless train --epochs 2 --out model.safetensors
  headless train --data fashion-mnist --out model.safetensors
  headless import photos --size 32 --colour --out photos-set.zip
  headless train --data photos-set.zip --out model.safetensors
  headless train --init model.safetensors --epochs 4 --out model.safetensors
  headless compare runs/*.json --chart runs.svg
  headless evaluate model.safetensors
  headless encode model.safetensors --count 100 --out codes.csv
  headless decode model.safetensors --code -1.5,2";

#[derive(Subcommand)]
enum Command {
    /// Packs the four IDX files of a data set (gzipped or not) into the shards and the manifest that the page streams.
    #[command(alias = "pack-mnist")]
    Pack(pack::Options),
    /// Makes a data set of your own images: a folder whose subfolders are classes, an archive of it, IDX, NumPy or CSV files, or
    /// CIFAR-10's batches.
    Import(import::Options),
    /// Packs a model's decoder, and the codes of the first test images, for the page to show before anything is trained.
    PackPretrained(pretrained::Options),
    /// Trains a network, from its start or from where a model's training ended.
    Train(Box<train::Options>),
    /// Compares many runs: a table of what differs between them and what came of it, and a chart.
    Compare(compare::Options),
    /// Measures how well a model reconstructs the images of a set.
    Evaluate(evaluate::Options),
    /// Gives the codes of a set's images, as CSV.
    Encode(encode::Options),
    /// Draws the image at a code.
    Decode(decode::Options),
    /// Measures what each kernel of a training step takes on the GPU.
    #[cfg(feature = "wgpu")]
    Profile(Box<profile::Options>),
    /// Prints the layers of encoder, decoder and autoencoder.
    Summary(Box<summary::Options>),
    /// Prints a run as a program for Keras, PyTorch or Burn, which takes the weights of a saved model.
    Code(Box<code::Options>),
    /// Prints the reference of all settings in links, files and on the command line, as Markdown.
    Settings,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Pack(options) => pack::pack_dataset(&options),
        Command::Import(options) => import::import_images(&options),
        Command::PackPretrained(options) => pretrained::pack_pretrained(&options),
        Command::Train(options) => train::train(&options),
        Command::Compare(options) => compare::compare(&options),
        Command::Evaluate(options) => evaluate::evaluate(&options),
        Command::Encode(options) => encode::encode(&options),
        Command::Decode(options) => decode::decode(&options),
        #[cfg(feature = "wgpu")]
        Command::Profile(options) => profile::profile(&options),
        Command::Summary(options) => summary::summary(&options),
        Command::Code(options) => code::code(&options),
        Command::Settings => settings::settings(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if failure.is_told_here() {
                files::tell(&failure);
            }
            failure.status()
        }
    }
}
