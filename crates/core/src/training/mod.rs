//! Training: the interface of everything that can train, the step loop above it, and what a run leaves behind.

pub mod adam;
pub mod checkpoint;
mod decimation;
pub mod history;
mod order;
pub mod run;
mod speedometer;
mod trainer;

pub use order::epoch_order;
pub use trainer::{Losses, Progress, Trainer, TrainerError, Unsupported};
