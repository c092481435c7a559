//! The training step: forward pass, loss, backward pass, and Adam.
//!
//! The gradient at a layer is stored in two layouts (`gradient.rs`): unit by unit for the layer before it, and image by image
//! for the product with the layer's inputs. The gradients of kernels are never stored: Adam takes them from the registers.
//!
//! There are two ways to divide a step, and either gives the same bits for any number of threads:
//! - `column_parallel.rs`, for one hidden layer: by columns of the two large layers, so that blocks exchange only sums at the
//!   code.
//! - `data_parallel.rs`, for deterministic networks of any depth: forward and backward by images, then the update by panels of
//!   the weights.
//!
//! Workers without shared memory divide a step likewise (`team_worker.rs`): by column blocks (`column_worker.rs`), which exchange
//! little, or by images and then by panels (`data_worker.rs`).

mod backward_sums;
mod column_block;
mod column_parallel;
mod column_worker;
mod data_parallel;
mod data_worker;
mod decoder_block;
mod gradient;
mod layers;
mod shard;
mod state;
mod team_worker;
mod train;

use self::{column_parallel::ColumnParallel, data_parallel::DataParallel, state::State};
pub(super) use self::{team_worker::Payload, train::Train};
use super::{
    instructions::{Instructions, with_vectors},
    network::Network,
    simd::Simd,
};
use latent_core::{
    model::ModelSpec,
    training::{Progress, TrainerError},
};

/// Training of a network of any kind that there are kernels for, which continues from `progress`.
///
/// This function and the next are not generic, so their kernels are compiled with this crate, for speed. A generic function's
/// would be compiled with the program that names its parameters, for size.
pub(super) fn start(
    instructions: Instructions,
    model: &ModelSpec,
    progress: &Progress,
) -> Result<Box<dyn Train>, TrainerError> {
    with_vectors!(instructions, of_any_kind(model, progress))
}

/// Training of a deterministic network with one hidden layer on each side of its code, which continues from `progress`.
pub(super) fn start_column_parallel(
    instructions: Instructions,
    model: &ModelSpec,
    progress: &Progress,
) -> Result<Box<dyn Train>, TrainerError> {
    with_vectors!(instructions, column_parallel(model, progress))
}

fn of_any_kind<F: Simd, const WIDE: usize>(
    model: &ModelSpec,
    progress: &Progress,
) -> Result<Box<dyn Train>, TrainerError> {
    let network = Network::<F, WIDE>::new(model);
    Ok(if network.shape.is_column_parallel() {
        Box::new(ColumnParallel::new(State::new(network, progress)?))
    } else {
        Box::new(DataParallel::new(State::new(network, progress)?))
    })
}

fn column_parallel<F: Simd, const WIDE: usize>(
    model: &ModelSpec,
    progress: &Progress,
) -> Result<Box<dyn Train>, TrainerError> {
    let network = Network::<F, WIDE>::column_parallel(model);
    Ok(Box::new(ColumnParallel::new(State::new(network, progress)?)))
}
