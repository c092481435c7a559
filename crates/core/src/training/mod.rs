//! Training: the interface of everything that can train, the step loop above it, and what a run leaves behind.

pub mod adam;
pub mod checkpoint;
mod decimation;
pub mod history;
pub mod record; // the learning rate by step
pub mod run;
mod trainer;
mod wrapper;

pub use trainer::{Losses, Progress, Trainer, TrainerError, Unsupported};
pub use wrapper::{Tensors, Wrapper};
