//! Training as one of several that share no memory: the phases of `narrow.rs` one by one, and what passes between
//! members as bytes.

use super::{
    narrow::Narrow,
    part::{BackShare, FIRST, OUTPUT, Part, TO_CODE},
};
use crate::{
    crew::Crew,
    simd::Simd,
    tensors::{Shape, Tensors},
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
pub(crate) enum Share {
    /// Shares of the code, after [`Member::encode`].
    Code,
    /// Shares of what goes back through it, after [`Member::decode`].
    Back,
    /// The weights that the parts own.
    Weights,
    /// The same, and Adam's moments of them.
    Progress,
}

/// A member: it owns some parts of the network, and keeps up with the rest by the others' shares.
pub(crate) trait Member {
    /// From now on only these parts are computed here.
    fn own(&mut self, parts: Range<usize>);
    /// Phase 1, for a new step on the images that `batch` names. Own [`Share::Code`] is ready.
    fn encode(&mut self, crew: &mut Crew, images: &Images, batch: &[u32], learning_rate: f32);
    /// Reads the images of the step after this one, which costs no time while others are waited for.
    fn look_ahead(&mut self, images: &Images, batch: &[u32]);
    /// Phase 2, when all shares of the code are there. Own [`Share::Back`] is ready.
    fn decode(&mut self, crew: &mut Crew);
    /// Phase 3, while back shares are under way.
    fn update_output(&mut self, crew: &mut Crew);
    /// Phase 4, when all back shares are there. Gives the mean squared error before the step.
    fn update_rest(&mut self, crew: &mut Crew) -> f64;
    /// What the own parts have to give.
    fn give(&mut self, share: Share) -> Vec<u8>;
    /// Takes what the owner of these parts has given.
    fn take(&mut self, parts: Range<usize>, share: Share, bytes: &[u8]) -> Result<(), WrongLength>;
}

impl<F: Simd, const WIDE: usize> Member for Narrow<F, WIDE> {
    fn own(&mut self, parts: Range<usize>) {
        self.own = parts;
    }

    fn encode(&mut self, crew: &mut Crew, images: &Images, batch: &[u32], learning_rate: f32) {
        self.begin(images, batch, learning_rate);
        self.encode(crew);
    }

    fn look_ahead(&mut self, images: &Images, batch: &[u32]) {
        self.look_ahead(images, batch);
    }

    fn decode(&mut self, crew: &mut Crew) {
        self.decode(crew);
    }

    fn update_output(&mut self, crew: &mut Crew) {
        self.update_output(crew);
    }

    fn update_rest(&mut self, crew: &mut Crew) -> f64 {
        self.update_rest(crew)
    }

    fn give(&mut self, share: Share) -> Vec<u8> {
        self.pieces(self.own.clone(), share).concat()
    }

    fn take(&mut self, parts: Range<usize>, share: Share, mut bytes: &[u8]) -> Result<(), WrongLength> {
        let pieces = self.pieces(parts, share);
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

impl<F: Simd, const WIDE: usize> Narrow<F, WIDE> {
    /// Where a share of these parts lies, piece by piece: to be read when it is given, to be written when it is taken.
    fn pieces(&mut self, parts: Range<usize>, share: Share) -> Vec<&mut [u8]> {
        let state = &mut self.state;
        let shape = &state.network.shape;
        let code = shape.layers[TO_CODE].units * self.pass.rows;
        let mut pieces: Vec<&mut [u8]> = Vec::new();
        match share {
            Share::Code => {
                let shares = self.parts[parts].iter_mut().map(|part| &mut part.code_share[..code]);
                pieces.extend(shares.map(bytemuck::cast_slice_mut));
            }
            Share::Back => {
                for Part { back_share, .. } in &mut self.parts[parts] {
                    let BackShare { code: to_code, kernel, bias, squares } = back_share;
                    for numbers in [&mut to_code[..code], kernel, bias] {
                        pieces.push(bytemuck::cast_slice_mut(numbers));
                    }
                    pieces.push(bytemuck::bytes_of_mut(squares));
                }
            }
            Share::Weights | Share::Progress => {
                let tensors = [&mut state.network.weights, &mut state.first_moment, &mut state.second_moment];
                let kept = if share == Share::Weights { 1 } else { 3 };
                let parts = &self.parts[parts];
                let owned = tensors.into_iter().take(kept);
                let owned = owned.flat_map(|tensors| owned_by::<WIDE>(parts, shape, F::LANES, tensors));
                pieces.extend(owned.map(bytemuck::cast_slice_mut));
            }
        }
        pieces
    }
}

/// What parts that lie side by side own of some tensors: their columns of the two large layers, and their rows of the
/// kernel to the code.
fn owned_by<'a, const WIDE: usize>(
    parts: &[Part],
    shape: &Shape,
    lanes: usize,
    tensors: &'a mut Tensors,
) -> Vec<&'a mut [f32]> {
    let ([first, ..], [.., last]) = (parts, parts) else { return Vec::new() };
    let columns = |layer| match layer {
        FIRST => first.first.start..last.first.end,
        _ => first.decoder.strips.start..last.decoder.strips.end,
    };
    let units = columns(FIRST).start * WIDE * lanes..columns(FIRST).end * WIDE * lanes;
    let mut owned: Vec<&mut [f32]> = Vec::new();
    for (layer, (dense, shape)) in tensors.layers.iter_mut().zip(&shape.layers).enumerate() {
        let (len, width) = (shape.strip_len(), shape.width);
        match layer {
            FIRST | OUTPUT => {
                let strips = columns(layer);
                owned.push(&mut dense.kernel[strips.start * len..strips.end * len]);
                owned.push(&mut dense.bias[strips.start * width..strips.end * width]);
            }
            TO_CODE => {
                let strips = dense.kernel.chunks_exact_mut(len);
                owned.extend(strips.map(|strip| &mut strip[units.start * width..units.end * width]));
            }
            _ => {}
        }
    }
    owned
}
