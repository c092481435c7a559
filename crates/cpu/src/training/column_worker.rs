//! One of several workers without shared memory, as a trait: the phases of `column_parallel.rs`, and what workers exchange.

use crate::thread_pool::ThreadPool;
use latent_core::data::Images;
use std::ops::Range;
use thiserror::Error;

/// A message of another worker has the wrong length.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("another worker sent {got} bytes where {expected} were expected")]
pub(crate) struct WrongLength {
    pub(super) got: usize,
    pub(super) expected: usize,
}

/// What workers send each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// The blocks' sums at the code, after [`ColumnWorker::encode`].
    CodeSums,
    /// The blocks' backward sums, after [`ColumnWorker::decode`].
    BackwardSums,
    /// The weights that the blocks own.
    Weights,
    /// The same, and Adam's moments.
    Progress,
}

/// One of several workers: it computes the blocks that it owns, and receives the sums of the others.
pub(crate) trait ColumnWorker {
    /// Owns these blocks from now on.
    fn own(&mut self, blocks: Range<usize>);
    /// Phase 1 of a new step on the images that `batch` names. Afterwards [`Payload::CodeSums`] can be read.
    fn encode(&mut self, pool: &mut ThreadPool, images: &Images, batch: &[u32], learning_rate: f32);
    /// Gathers the images of the next step, while messages of this one are under way.
    fn prefetch(&mut self, images: &Images, batch: &[u32]);
    /// Phase 2, after all code sums are written. Afterwards [`Payload::BackwardSums`] can be read.
    fn decode(&mut self, pool: &mut ThreadPool);
    /// Phase 3, while backward sums are under way.
    fn update_output(&mut self, pool: &mut ThreadPool);
    /// Phase 4, after all backward sums are written. Gives the loss before the step.
    fn update_rest(&mut self, pool: &mut ThreadPool) -> f64;
    /// Reads a payload of the own blocks.
    fn read(&mut self, payload: Payload) -> Vec<u8>;
    /// Writes a payload of these blocks, which their owner has read.
    fn write(&mut self, blocks: Range<usize>, payload: Payload, bytes: &[u8]) -> Result<(), WrongLength>;
}
