//! Training as one of several that share no memory: the phases of `column_parallel.rs` one by one, and what passes between
//! members as bytes.

use super::{
    column_block::{BackwardSums, ColumnBlock, FIRST, OUTPUT, TO_CODE},
    column_parallel::ColumnParallel,
};
use crate::{
    simd::Simd,
    tensors::{Shape, Tensors},
    thread_pool::ThreadPool,
};
use latent_core::data::Images;
use std::ops::Range;
use thiserror::Error;

/// What another member has sent is not what was to come.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{got} bytes came from another worker where {expected} were to come")]
pub(crate) struct WrongLength {
    got: usize,
    expected: usize,
}

/// What members give each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// Shares of the code, after [`ColumnWorker::encode`].
    CodeSums,
    /// Shares of what goes back through it, after [`ColumnWorker::decode`].
    BackwardSums,
    /// The weights that the blocks own.
    Weights,
    /// The same, and Adam's moments of them.
    Progress,
}

/// A member: it owns some blocks of the network, and keeps up with the rest by the others' shares.
pub(crate) trait ColumnWorker {
    /// From now on only these blocks are computed here.
    fn own(&mut self, blocks: Range<usize>);
    /// Phase 1, for a new step on the images that `batch` names. Own [`Payload::CodeSums`] is ready.
    fn encode(&mut self, pool: &mut ThreadPool, images: &Images, batch: &[u32], learning_rate: f32);
    /// Reads the images of the step after this one, which costs no time while others are waited for.
    fn prefetch(&mut self, images: &Images, batch: &[u32]);
    /// Phase 2, when all shares of the code are there. Own [`Payload::BackwardSums`] is ready.
    fn decode(&mut self, pool: &mut ThreadPool);
    /// Phase 3, while back shares are under way.
    fn update_output(&mut self, pool: &mut ThreadPool);
    /// Phase 4, when all back shares are there. Gives the loss before the step.
    fn update_rest(&mut self, pool: &mut ThreadPool) -> f64;
    /// What the own blocks have to give.
    fn read(&mut self, payload: Payload) -> Vec<u8>;
    /// Takes what the owner of these blocks has given.
    fn write(&mut self, blocks: Range<usize>, payload: Payload, bytes: &[u8]) -> Result<(), WrongLength>;
}

impl<F: Simd, const WIDE: usize> ColumnWorker for ColumnParallel<F, WIDE> {
    fn own(&mut self, blocks: Range<usize>) {
        self.own = blocks;
    }

    fn encode(&mut self, pool: &mut ThreadPool, images: &Images, batch: &[u32], learning_rate: f32) {
        self.begin(images, batch, learning_rate);
        self.encode(pool);
    }

    fn prefetch(&mut self, images: &Images, batch: &[u32]) {
        self.prefetch(images, batch);
    }

    fn decode(&mut self, pool: &mut ThreadPool) {
        self.decode(pool);
    }

    fn update_output(&mut self, pool: &mut ThreadPool) {
        self.update_output(pool);
    }

    fn update_rest(&mut self, pool: &mut ThreadPool) -> f64 {
        self.update_rest(pool)
    }

    fn read(&mut self, payload: Payload) -> Vec<u8> {
        self.pieces(self.own.clone(), payload).concat()
    }

    fn write(&mut self, blocks: Range<usize>, payload: Payload, mut bytes: &[u8]) -> Result<(), WrongLength> {
        let pieces = self.pieces(blocks, payload);
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
}

impl<F: Simd, const WIDE: usize> ColumnParallel<F, WIDE> {
    /// Where a share of these blocks lies, piece by piece: to be read when it is given, to be written when it is taken.
    fn pieces(&mut self, blocks: Range<usize>, payload: Payload) -> Vec<&mut [u8]> {
        let state = &mut self.state;
        let shape = &state.network.shape;
        let code = shape.layers[TO_CODE].units * self.pass.rows;
        let mut pieces: Vec<&mut [u8]> = Vec::new();
        match payload {
            Payload::CodeSums => {
                let shares = self.blocks[blocks].iter_mut().map(|block| &mut block.code_sums[..code]);
                pieces.extend(shares.map(bytemuck::cast_slice_mut));
            }
            Payload::BackwardSums => {
                for ColumnBlock { backward_sums, .. } in &mut self.blocks[blocks] {
                    let BackwardSums { code: to_code, kernel, bias, loss } = backward_sums;
                    for numbers in [&mut to_code[..code], kernel, bias] {
                        pieces.push(bytemuck::cast_slice_mut(numbers));
                    }
                    pieces.push(bytemuck::bytes_of_mut(loss));
                }
            }
            Payload::Weights | Payload::Progress => {
                let tensors = [&mut state.network.weights, &mut state.first_moment, &mut state.second_moment];
                let kind = if payload == Payload::Weights { 1 } else { 3 };
                let blocks = &self.blocks[blocks];
                let owned = tensors.into_iter().take(kind);
                let owned = owned.flat_map(|tensors| owned_by::<WIDE>(blocks, shape, F::LANES, tensors));
                pieces.extend(owned.map(bytemuck::cast_slice_mut));
            }
        }
        pieces
    }
}

/// What blocks that lie side by side own of some tensors: their columns of the two large layers, and their rows of the
/// kernel to the code.
fn owned_by<'a, const WIDE: usize>(
    blocks: &[ColumnBlock],
    shape: &Shape,
    lanes: usize,
    tensors: &'a mut Tensors,
) -> Vec<&'a mut [f32]> {
    let ([first, ..], [.., last]) = (blocks, blocks) else { return Vec::new() };
    let columns = |layer| match layer {
        FIRST => first.first.start..last.first.end,
        _ => first.decoder.panels.start..last.decoder.panels.end,
    };
    let units = columns(FIRST).start * WIDE * lanes..columns(FIRST).end * WIDE * lanes;
    let mut owned: Vec<&mut [f32]> = Vec::new();
    for (layer, (dense, shape)) in tensors.layers.iter_mut().zip(&shape.layers).enumerate() {
        let (len, width) = (shape.panel_len(), shape.width);
        match layer {
            FIRST | OUTPUT => {
                let panels = columns(layer);
                owned.push(&mut dense.kernel[panels.start * len..panels.end * len]);
                owned.push(&mut dense.bias[panels.start * width..panels.end * width]);
            }
            TO_CODE => {
                let panels = dense.kernel.chunks_exact_mut(len);
                owned.extend(panels.map(|panel| &mut panel[units.start * width..units.end * width]));
            }
            _ => {}
        }
    }
    owned
}
