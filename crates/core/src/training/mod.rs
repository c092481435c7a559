//! Training: the interface of the engines, the step loop above it, model files, and the history of losses.

pub mod adam;
pub mod checkpoint;
mod decimation;
pub mod history;
mod order;
pub mod run;
mod speedometer;
mod trainer;
mod wrapper;

pub use order::epoch_order;
pub use trainer::{Losses, Progress, Trainer, TrainerError, Unsupported};
pub use wrapper::{Tensors, Wrapper};
