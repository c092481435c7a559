//! Column blocks divided among workers. Each payload is a list of pieces of a worker's memory.

use super::{
    backward_sums::BackwardSums,
    column_block::ColumnBlock,
    column_parallel::ColumnParallel,
    layers::{FIRST, OUTPUT, TO_CODE},
    team_worker::{Payload, TeamWorker, WrongLength, copy_to},
};
use crate::{
    simd::Simd,
    tensors::{COLUMN_BLOCKS, Shape, Tensors},
    thread_pool::ThreadPool,
};
use latent_core::{data::Images, noise::NoiseError, team::Rank, training::Losses};
use std::ops::Range;

/// The column blocks of a worker.
fn blocks(rank: Rank) -> Range<usize> {
    COLUMN_BLOCKS * rank.index / rank.of..COLUMN_BLOCKS * (rank.index + 1) / rank.of
}

/// Code sums are exchanged first, then backward sums, while the output layer's weights are updated.
impl<F: Simd, const WIDE: usize> TeamWorker for ColumnParallel<F, WIDE> {
    fn take_rank(&mut self, rank: Rank) {
        self.own = blocks(rank);
    }

    fn begin(
        &mut self,
        pool: &mut ThreadPool,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<(), NoiseError> {
        self.begin(images, batch, learning_rate)?;
        self.encode(pool);
        Ok(())
    }

    fn while_first(&mut self, images: &Images, next: Option<&[u32]>) {
        if let Some(next) = next {
            // A step that lacks random numbers tells so itself.
            let _ = self.prefetch(images, next);
        }
    }

    fn go_on(&mut self, pool: &mut ThreadPool) {
        self.decode(pool);
    }

    fn while_second(&mut self, pool: &mut ThreadPool) {
        self.update_output(pool);
    }

    fn end(&mut self, pool: &mut ThreadPool) -> Losses {
        self.update_rest(pool)
    }

    fn read(&mut self, payload: Payload) -> Vec<u8> {
        self.pieces(self.own.clone(), payload).concat()
    }

    fn write(&mut self, from: Rank, payload: Payload, bytes: &[u8]) -> Result<(), WrongLength> {
        copy_to(self.pieces(blocks(from), payload), bytes)
    }
}

impl<F: Simd, const WIDE: usize> ColumnParallel<F, WIDE> {
    /// The memory of a payload of these blocks, piece by piece, for reading and writing.
    fn pieces(&mut self, blocks: Range<usize>, payload: Payload) -> Vec<&mut [u8]> {
        let state = &mut self.state;
        let shape = &state.network.shape;
        let code = shape.layers[TO_CODE].units * self.pass.rows;
        let mut pieces: Vec<&mut [u8]> = Vec::new();
        match payload {
            Payload::First => {
                let shares = self.blocks[blocks].iter_mut().map(|block| &mut block.code_sums[..code]);
                pieces.extend(shares.map(bytemuck::cast_slice_mut));
            }
            Payload::Second => {
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

/// What adjacent blocks own of some tensors: their columns of the two large layers, and their rows of the kernel to the code.
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
