//! Training: the interface of the engines, the step loop above it, model files, and the history of losses.

pub mod adam;
pub mod checkpoint;
mod decimation;
pub mod history;
mod loss_table;
mod order;
pub mod run;
mod series;
mod speedometer;
mod step_losses;
mod trainer;
mod wrapper;

pub use order::epoch_order;
pub use step_losses::{LossParts, StepLosses};
pub use trainer::{Losses, Progress, Trainer, TrainerError, Unsupported};
pub use wrapper::{Tensors, Wrapper};
