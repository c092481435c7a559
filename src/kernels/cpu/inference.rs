//! Using a network: codes of images, images of codes, the error over images.

use super::{
    crew::Crew,
    network::{Network, Pass, add_squares, errors, grow, leaky, mean},
    simd::{Simd, VECTORS, load, store, vectors},
    tile::ROWS,
};
use crate::{
    data::Images,
    network::Weights,
    settings::{Architecture, PIXELS},
    training::TrainerError,
};
use std::ops::Range;

/// Images that a thread takes through the network at once: their activations fit a processor's second cache.
const BLOCK: usize = 256;

/// A network that can be used, whatever its vectors are.
pub(super) trait Infer {
    /// Takes other weights.
    fn load(&mut self, weights: &Weights) -> Result<(), TrainerError>;
    /// A copy of the weights.
    fn weights(&self) -> Weights;
    /// The codes of these images: `[which, code]`.
    fn encode(&self, desk: &mut Desk, images: &Images, which: Range<usize>) -> Vec<f32>;
    /// The images at these codes: `[n, 784]`.
    fn decode(&self, desk: &mut Desk, codes: &[f32]) -> Vec<f32>;
    /// The mean squared error over these images.
    fn evaluate(&self, desk: &mut Desk, images: &Images, which: Range<usize>) -> f64;
}

/// A network with zeros for weights.
pub(super) fn network<F: Simd, const WIDE: usize>(architecture: &Architecture) -> Box<dyn Infer> {
    Box::new(Network::<F, WIDE>::new(architecture))
}

/// Threads, and the room that each needs to use a network.
pub(super) struct Desk {
    pub(super) crew: Crew,
    places: Vec<Place>,
}

#[derive(Default)]
struct Place {
    pass: Pass,
    /// See [`add_squares`].
    squares: Vec<f32>,
}

impl Desk {
    /// A desk for so many threads.
    pub(super) fn new(threads: usize) -> Self {
        Self { crew: Crew::new(threads), places: (0..threads).map(|_| Place::default()).collect() }
    }

    /// Cuts `count` items into blocks, of which everyone gets about as many, and `results` with them, where each
    /// item has `each` numbers. Calls `work` with a place, a block and its results.
    fn share_out<T: Send>(
        &mut self,
        results: &mut [T],
        each: usize,
        work: impl Fn(&mut Place, Range<usize>, &mut [T]) + Sync,
    ) {
        let count = results.len() / each;
        let share = count.div_ceil(self.places.len()).max(1);
        let shares = results.chunks_mut(share * each).enumerate();
        self.crew.each(self.places.iter_mut().zip(shares), |(place, (at, results))| {
            for (block, results) in results.chunks_mut(BLOCK * each).enumerate() {
                let start = at * share + block * BLOCK;
                work(place, start..start + results.len() / each, results);
            }
        });
    }
}

impl<F: Simd, const WIDE: usize> Infer for Network<F, WIDE> {
    fn load(&mut self, weights: &Weights) -> Result<(), TrainerError> {
        self.weights.load(&self.shape, weights)
    }

    fn weights(&self) -> Weights {
        self.weights.to_weights(&self.shape)
    }

    fn encode(&self, desk: &mut Desk, images: &Images, which: Range<usize>) -> Vec<f32> {
        let code = self.shape.code;
        let mut codes = vec![0.0; which.len() * code];
        desk.share_out(&mut codes, code, |Place { pass, .. }, block, codes| {
            self.encode_block(pass, images, which.start + block.start..which.start + block.end);
            for (image, codes) in codes.chunks_exact_mut(code).enumerate() {
                for (c, to) in codes.iter_mut().enumerate() {
                    *to = pass.activations[self.shape.code_layer][self.code_at(image, c)];
                }
            }
        });
        codes
    }

    fn decode(&self, desk: &mut Desk, codes: &[f32]) -> Vec<f32> {
        let code = self.shape.code;
        let mut images = vec![0.0; codes.len() / code * PIXELS];
        desk.share_out(&mut images, PIXELS, |Place { pass, .. }, block, images| {
            pass.begin::<F>(&self.shape, self.shape.code_layer..self.shape.output_layer(), block.len());
            let to = &mut pass.activations[self.shape.code_layer];
            to.fill(0.0);
            for (image, code) in codes[block.start * code..block.end * code].chunks_exact(code).enumerate() {
                for (c, &x) in code.iter().enumerate() {
                    to[self.code_at(image, c)] = x;
                }
            }
            F::run(|| self.decode_block(pass, |image, at, y| store(y, &mut images[image * PIXELS + at..])));
        });
        images
    }

    fn evaluate(&self, desk: &mut Desk, images: &Images, which: Range<usize>) -> f64 {
        let mut squared_errors = vec![0.0; which.len()];
        desk.share_out(&mut squared_errors, 1, |Place { pass, squares }, block, squared_errors| {
            let start = which.start + block.start;
            self.encode_block(pass, images, start..which.start + block.end);
            grow(squares, pass.rows * F::LANES);
            squares.fill(0.0);
            F::run(|| {
                self.decode_block(pass, |image, at, y| {
                    add_squares(squares, image, errors::<F>(y, &images.get(start + image)[at..]));
                });
            });
            for (to, squares) in squared_errors.iter_mut().zip(squares.chunks_exact(F::LANES)) {
                *to = squares.iter().map(|&square| f64::from(square)).sum();
            }
        });
        mean(squared_errors.iter().sum(), which.len())
    }
}

impl<F: Simd, const WIDE: usize> Network<F, WIDE> {
    /// Where unit `c` of an image's code lies.
    fn code_at(&self, image: usize, c: usize) -> usize {
        let units = self.shape.layers[self.shape.code_layer].units;
        (image / F::STRIP * units + c) * F::STRIP + image % F::STRIP
    }

    /// Codes of a block of images.
    fn encode_block(&self, pass: &mut Pass, images: &Images, block: Range<usize>) {
        pass.begin::<F>(&self.shape, 0..self.shape.output_layer(), block.len());
        pass.pixels.gather(block.map(|image| images.get(image)));
        F::run(|| self.encode(pass));
    }

    /// From the code to images: gives `put` an image's number in the block, a pixel and the outputs from there on.
    #[inline(always)]
    fn decode_block(&self, pass: &mut Pass, mut put: impl FnMut(usize, usize, [F; VECTORS])) {
        self.decode(pass);
        let output = self.shape.output_layer();
        for strip in 0..PIXELS / F::STRIP {
            let bias: [F; VECTORS] = load(&self.weights.layers[output].bias[strip * F::STRIP..]);
            for image in (0..pass.images).step_by(ROWS) {
                let tile = self.output_tile(&pass.activations[output - 1], image, strip);
                for row in 0..ROWS.min(pass.images - image) {
                    let outputs = vectors(|v| leaky(tile[row][v] + bias[v], self.shape.slope));
                    put(image + row, strip * F::STRIP, outputs);
                }
            }
        }
    }
}
