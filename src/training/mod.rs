//! Training: the interface of everything that can train, the step loop above it, and what a run leaves behind.

pub mod adam;
#[cfg(feature = "burn")]
pub mod burn;
pub mod checkpoint;
mod decimation;
pub mod history;
#[cfg(feature = "burn")]
pub mod keras_adam;
pub mod run;
mod trainer;

pub use trainer::{Progress, Trainer, TrainerError};
