//! A trainer's session: holds the images and one run, does one slice of work at a time, and takes its inputs in between.

mod checkpoints;
mod commands;
mod download;
mod input;
mod reports;
mod serve;
mod slices;
mod state;

pub use input::{Arrived, Data, EngineSetup, Input, Output};
pub use state::Session;
