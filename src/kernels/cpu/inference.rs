//! Using a network: codes of images, images of codes, the error over images.

use super::{
    network::{Network, leaky},
    simd::{Simd, VECTORS, load, store, vectors},
    tensors::PARTS,
    tile::ROWS,
};
use crate::{data::Images, network::Weights, settings::PIXELS, training::TrainerError};
use std::ops::Range;

/// Images that are taken through the network at once: their activations fit a processor's second cache.
const BLOCK: usize = 256;

/// A network that can be used, whatever its vectors are.
pub(super) trait Infer {
    /// Takes other weights.
    fn load(&mut self, weights: &Weights) -> Result<(), TrainerError>;
    /// A copy of the weights.
    fn weights(&self) -> Weights;
    /// The codes of these images: `[which, code]`.
    fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32>;
    /// The images at these codes: `[n, 784]`.
    fn decode(&mut self, codes: &[f32]) -> Vec<f32>;
    /// The mean squared error over these images.
    fn evaluate(&mut self, images: &Images, which: Range<usize>) -> f64;
}

impl<F: Simd, const WIDE: usize> Infer for Network<F, WIDE> {
    fn load(&mut self, weights: &Weights) -> Result<(), TrainerError> {
        self.weights.load(&self.shape, weights)
    }

    fn weights(&self) -> Weights {
        self.weights.to_weights(&self.shape)
    }

    fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32> {
        let mut codes = Vec::with_capacity(which.len() * self.shape.code);
        for block in blocks(which) {
            self.encode_block(images, block);
            for image in 0..self.images {
                codes.extend((0..self.shape.code).map(|c| self.code[self.shape.code_at(image, c)]));
            }
        }
        codes
    }

    fn decode(&mut self, codes: &[f32]) -> Vec<f32> {
        let mut images = vec![0.0; codes.len() / self.shape.code * PIXELS];
        let blocks = codes.chunks(BLOCK * self.shape.code).zip(images.chunks_mut(BLOCK * PIXELS));
        for (codes, images) in blocks {
            self.begin(codes.len() / self.shape.code);
            self.code.fill(0.0);
            for (image, code) in codes.chunks_exact(self.shape.code).enumerate() {
                for (c, &x) in code.iter().enumerate() {
                    self.code[self.shape.code_at(image, c)] = x;
                }
            }
            F::run(|| self.decode_block(|image, at, y| store(y, &mut images[image * PIXELS + at..])));
        }
        images
    }

    fn evaluate(&mut self, images: &Images, which: Range<usize>) -> f64 {
        let mut squares = 0.0;
        for block in blocks(which.clone()) {
            self.encode_block(images, block.clone());
            F::run(|| {
                self.decode_block(|image, at, y| {
                    let pixels = &images.get(block.start + image)[at..];
                    let e: [F; VECTORS] = errors(y, pixels);
                    let mut sum = F::splat(0.0);
                    for e in e {
                        sum = sum.add_product(e, e);
                    }
                    squares += f64::from(sum.sum());
                });
            });
        }
        squares / (which.len() * PIXELS) as f64
    }
}

impl<F: Simd, const WIDE: usize> Network<F, WIDE> {
    /// Codes of a block of images, into `code`.
    fn encode_block(&mut self, images: &Images, block: Range<usize>) {
        self.begin_with(images, block);
        F::run(|| {
            self.encode_parts(0..PARTS);
            self.sum_code();
        });
    }

    /// From `code` to images: gives `put` an image's number in the block, a pixel and the outputs from there on.
    #[inline(always)]
    fn decode_block(&mut self, mut put: impl FnMut(usize, usize, [F; VECTORS])) {
        self.expand_code();
        for strip in 0..PIXELS / F::STRIP {
            let bias: [F; VECTORS] = load(&self.weights.decoder_2.bias[strip * F::STRIP..]);
            for image in (0..self.images).step_by(ROWS) {
                let tile = self.output_tile(image, strip);
                for row in 0..ROWS.min(self.images - image) {
                    let outputs = vectors(|v| leaky(tile[row][v] + bias[v], self.shape.slope));
                    put(image + row, strip * F::STRIP, outputs);
                }
            }
        }
    }
}

/// Outputs minus the pixels that they should be.
#[inline(always)]
pub(super) fn errors<F: Simd>(outputs: [F; VECTORS], pixels: &[u8]) -> [F; VECTORS] {
    let pixels = &pixels[..F::STRIP];
    vectors(|v| outputs[v] - F::load_bytes(&pixels[v * F::LANES..]) * F::splat(1.0 / 255.0))
}

fn blocks(which: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    which.clone().step_by(BLOCK).map(move |start| start..which.end.min(start + BLOCK))
}
