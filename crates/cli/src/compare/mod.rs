//! `headless compare`: many runs in one table and one chart.

mod chart; // the validation losses, as SVG
mod finished_run; // what came of a run
mod table;

use self::finished_run::FinishedRun;
use crate::{
    Failure,
    files::{Output, print_json, print_whole},
};
use std::path::PathBuf;

/// Which runs, and how to show them.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// What `train --json` has printed, a file for each run; or models (safetensors).
    #[arg(required = true, value_name = "RUNS")]
    runs: Vec<PathBuf>,
    /// Draw the validation losses of all runs into this file (SVG).
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
    /// Print a line of JSON for each run.
    #[arg(long)]
    json: bool,
}

/// Prints the runs, the best one first.
pub(crate) fn compare(options: &Options) -> Result<(), Failure> {
    let chart = options.chart.as_deref().map(Output::to).transpose()?;
    let mut runs = options.runs.iter().map(|path| FinishedRun::read(path)).collect::<Result<Vec<_>, _>>()?;
    // A run without a loss comes last.
    runs.sort_by(|a, b| a.rank().total_cmp(&b.rank()).then_with(|| a.name.cmp(&b.name)));
    if let Some(chart) = &chart {
        chart.write(chart::draw(&runs)?.as_bytes())?;
    }
    // The standard output has the chart then.
    if chart.is_some_and(|chart| chart.is_standard()) {
        return Ok(());
    }
    match options.json {
        true => runs.iter().try_for_each(print_json),
        false => print_whole(&table::of(&runs)),
    }
}
