//! `headless code`: a run as a program for another library.

use crate::{
    Failure,
    arguments::Network,
    files::{print_whole, read_model},
};
use clap::{ValueEnum, builder::PossibleValue};
use latent_core::dialect::Dialect;
use latent_export::code::program;
use std::path::PathBuf;

/// Of which run, and for which library.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A model (safetensors) whose settings to take, instead of the flags'.
    #[arg(conflicts_with_all = ["hidden", "encoder", "code", "slope", "activation", "code_activation", "output", "loss", "variational", "beta", "corruption", "link"])]
    model: Option<PathBuf>,
    /// The library.
    #[arg(long, value_name = "NAME", default_value = "keras")]
    dialect: Choice,
    #[command(flatten)]
    network: Network,
}

#[derive(Clone, Copy)]
struct Choice(Dialect);

impl ValueEnum for Choice {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Choice; 3] = [Choice(Dialect::Keras), Choice(Dialect::PyTorch), Choice(Dialect::Burn)];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}

/// Prints the program.
pub(crate) fn code(options: &Options) -> Result<(), Failure> {
    let settings = match &options.model {
        Some(path) => read_model(path)?.settings,
        None => options.network.settings()?,
    };
    print_whole(&format!("{}\n", program(&settings, options.dialect.0)?))
}
