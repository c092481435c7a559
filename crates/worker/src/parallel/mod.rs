//! The CPU engine's trainer in a browser: alone, or with helpers. Helpers are workers of the same program that share each step
//! with it (`latent_cpu::team`): they own columns of the network's large layers, or compute shards of the batch.
//!
//! The trainer begins alone, so that the first step waits for nothing. Helpers join between two slices, once they are
//! loaded and have all images that the trainer has. Results are bit-identical for any number of workers, so it makes no
//! difference when they join. The tensors that they own come back when the whole network is asked for.

pub mod helper_images; // a helper's copy of the training images

#[cfg(target_family = "wasm")]
mod communicator; // the ports between the members
#[cfg(target_family = "wasm")]
mod helper; // the helper's program
#[cfg(target_family = "wasm")]
mod helper_group; // the trainer's handles of its helpers
#[cfg(target_family = "wasm")]
mod pace; // how long a step takes
#[cfg(target_family = "wasm")]
mod trainer; // the trainer

#[cfg(target_family = "wasm")]
pub use self::{
    helper::help,
    trainer::{ParallelTrainer, Workers},
};
