//! The explorer: decodes the point under the pointer, encodes the plotted images, reconstructs some of them, decodes the
//! grid behind them, and measures the error over whole sets. It does so with the newest weights of a run, or with the
//! pretrained decoder, which has the codes of the sample and no encoder. It keeps moments of the run, and explores an earlier one
//! while the run goes on.
//!
//! It does one short piece of work at a time, the most urgent first, and takes its inputs in between, so that the pointer
//! never waits for sixty thousand images.

mod code_decoding;
mod commands;
mod encoding;
mod evaluation;
mod grid_decoding;
mod half_precision;
mod images;
mod input;
mod networks;
mod parked;
mod past;
mod reports;
mod serve;
mod shared_network;
mod state;
mod timeline;
mod work;

pub use input::{Input, Request};
pub use state::Explorer;
