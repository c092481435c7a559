//! One of several workers without shared memory, as a trait: the phases of a step, and what workers exchange between them.

use crate::thread_pool::ThreadPool;
use latent_core::{data::Images, noise::NoiseError, team::Rank, training::Losses};
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
    /// What others need of a worker after [`TeamWorker::begin`].
    First,
    /// What they need after [`TeamWorker::go_on`].
    Second,
    /// The weights that a worker updates.
    Weights,
    /// The same, and Adam's moments.
    Progress,
}

/// One of several workers: it computes its share of a step in three phases, and receives a payload of every other worker
/// between them.
pub(crate) trait TeamWorker {
    /// Computes this rank's share from now on. There are at most [`MAX_WORKERS`](crate::MAX_WORKERS).
    fn take_rank(&mut self, rank: Rank);
    /// Phase 1 of a new step on the images that `batch` names. Afterwards [`Payload::First`] can be read. Fails if the step lacks
    /// random numbers that are supplied.
    fn begin(
        &mut self,
        pool: &mut ThreadPool,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<(), NoiseError>;
    /// Does what can be done while the first messages are under way; `next` is the batch of the next step, if it is known.
    fn while_first(&mut self, images: &Images, next: Option<&[u32]>);
    /// Phase 2, after all first payloads are written. Afterwards [`Payload::Second`] can be read.
    fn go_on(&mut self, pool: &mut ThreadPool);
    /// Does what can be done while the second messages are under way.
    fn while_second(&mut self, pool: &mut ThreadPool);
    /// Phase 3, after all second payloads are written. Gives the losses before the step.
    fn end(&mut self, pool: &mut ThreadPool) -> Losses;
    /// Reads a payload of this worker.
    fn read(&mut self, payload: Payload) -> Vec<u8>;
    /// Writes a payload that the worker of this rank has read.
    fn write(&mut self, from: Rank, payload: Payload, bytes: &[u8]) -> Result<(), WrongLength>;
}

/// Copies a message into these pieces of memory, one after the other.
pub(super) fn copy_to(pieces: Vec<&mut [u8]>, mut bytes: &[u8]) -> Result<(), WrongLength> {
    let (got, expected) = (bytes.len(), pieces.iter().map(|piece| piece.len()).sum());
    if got != expected {
        return Err(WrongLength { got, expected });
    }
    for piece in pieces {
        let (these, others) = bytes.split_at(piece.len());
        piece.copy_from_slice(these);
        bytes = others;
    }
    Ok(())
}
