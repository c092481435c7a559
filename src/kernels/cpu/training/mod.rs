//! The training step, in phases between which parts of the work exchange what crosses the code.
//!
//! The code is a few units wide, so whoever computes a part needs no weights of another: a share of the code
//! after the encoder, a share of the code's gradient after the decoder.
//!
//! 1. [`Training::encode`]: own units of the first layer, own share of the code. *Code shares are exchanged.*
//! 2. [`Training::decode`]: own pixels of the output, the error, own share of what goes back through the code.
//! 3. [`Training::update_output`]: own weights of the output layer. *Back shares may be under way meanwhile.*
//! 4. [`Training::update_rest`]: the small layers, and own weights of the first one.
//!
//! The gradients of the two large kernels are never stored: Adam takes them from the registers.

mod decoder;
mod encoder;

use super::{
    adam::Adam,
    inference::Infer,
    network::{Network, grow},
    simd::Simd,
    tensors::{PARTS, Tensors},
};
use crate::{
    data::Images,
    settings::{Architecture, PIXELS},
    training::{Progress, TrainerError},
};
use std::ops::Range;

/// The weights and moments of a tensor.
macro_rules! parameters {
    ($training:ident, $layer:ident.$tensor:ident) => {
        [
            &mut $training.network.weights.$layer.$tensor,
            &mut $training.first_moment.$layer.$tensor,
            &mut $training.second_moment.$layer.$tensor,
        ]
    };
}
use parameters;

/// What a part adds to the gradients on both sides of the code.
#[derive(Default)]
struct BackShare {
    /// The code's gradient, laid out as the code.
    code: Vec<f32>,
    /// That of the decoder's first kernel: `[code, hidden_rows]`.
    kernel: Vec<f32>,
    /// And of its bias: `[hidden_rows]`.
    bias: Vec<f32>,
    /// The sum of the squared errors.
    squares: f64,
}

/// A network in training.
pub(super) struct Training<F, const WIDE: usize> {
    network: Network<F, WIDE>,
    first_moment: Tensors,
    second_moment: Tensors,
    steps: u64,
    adam: Adam,
    /// The gradient at the output before its LeakyReLU: `[784 / STRIP, rows, STRIP]`.
    output_gradient: Vec<f32>,
    /// The same transposed: `[rows / STRIP, 784, STRIP]`.
    output_gradient_transposed: Vec<f32>,
    back_shares: [BackShare; PARTS],
    /// Sums of the hidden layer's gradient times 1 (bias) and the code (kernel), not yet added over the lanes:
    /// `[1 + code, hidden_rows, LANES]`.
    hidden_sums: Vec<f32>,
    /// The gradient of a strip of the encoder's second kernel: `[code, first strip]`.
    to_code_gradient: Vec<f32>,
}

/// Training, whatever the vectors are.
pub(super) trait Train {
    /// One step on the images that `batch` names; gives their mean squared error before it.
    fn step(&mut self, images: &Images, batch: &[u32], learning_rate: f32) -> f64;
    /// A copy of all that training has changed.
    fn progress(&self) -> Progress;
    /// The network as it is now.
    fn network(&mut self) -> &mut dyn Infer;
}

impl<F: Simd, const WIDE: usize> Train for Training<F, WIDE> {
    fn step(&mut self, images: &Images, batch: &[u32], learning_rate: f32) -> f64 {
        let all = 0..PARTS;
        self.begin(images, batch, learning_rate);
        self.encode(all.clone());
        self.decode(all.clone(), images, batch);
        self.update_output(all.clone());
        self.update_rest(all)
    }

    fn progress(&self) -> Progress {
        let shape = &self.network.shape;
        Progress {
            weights: self.network.weights(),
            first_moment: self.first_moment.to_weights(shape),
            second_moment: self.second_moment.to_weights(shape),
            steps: self.steps,
        }
    }

    fn network(&mut self) -> &mut dyn Infer {
        &mut self.network
    }
}

impl<F: Simd, const WIDE: usize> Training<F, WIDE> {
    const FIRST_STRIP: usize = Network::<F, WIDE>::FIRST_STRIP;

    /// Training that goes on from `progress`.
    pub(super) fn new(architecture: &Architecture, progress: &Progress) -> Result<Self, TrainerError> {
        let mut network = Network::new(architecture)?;
        let shape = network.shape.clone();
        let load = |weights| {
            let mut tensors = Tensors::zeros(&shape);
            tensors.load(&shape, weights).map(|()| tensors)
        };
        network.weights = load(&progress.weights)?;
        Ok(Self {
            network,
            first_moment: load(&progress.first_moment)?,
            second_moment: load(&progress.second_moment)?,
            steps: progress.steps,
            adam: Adam::default(),
            output_gradient: Vec::new(),
            output_gradient_transposed: Vec::new(),
            back_shares: Default::default(),
            hidden_sums: vec![0.0; (1 + shape.code) * shape.hidden_rows * F::LANES],
            to_code_gradient: vec![0.0; shape.code * Self::FIRST_STRIP],
        })
    }

    fn begin(&mut self, images: &Images, batch: &[u32], learning_rate: f32) {
        assert!(!batch.is_empty(), "a batch without images has no gradient");
        self.steps += 1;
        self.adam = Adam::at(learning_rate, self.steps);
        self.network.begin_with(images, batch.iter().map(|&image| image as usize));
        self.network.pixels.transpose();
        let (shape, rows) = (&self.network.shape, self.network.rows);
        grow(&mut self.output_gradient, rows * PIXELS);
        grow(&mut self.output_gradient_transposed, rows * PIXELS);
        for share in &mut self.back_shares {
            grow(&mut share.code, rows * shape.code);
            grow(&mut share.kernel, shape.code * shape.hidden_rows);
            grow(&mut share.bias, shape.hidden_rows);
        }
    }

    /// Phase 1: these parts' shares of the code.
    fn encode(&mut self, parts: Range<usize>) {
        F::run(|| self.network.encode_parts(parts));
    }

    /// Phase 2, from all shares of the code: these parts' shares of what goes back.
    fn decode(&mut self, parts: Range<usize>, images: &Images, batch: &[u32]) {
        F::run(|| {
            self.network.sum_code();
            self.network.expand_code();
        });
        F::run(|| {
            for part in parts.clone() {
                self.back_shares[part].squares = 0.0;
                for strip in self.network.shape.output_strips(part) {
                    self.back_shares[part].squares += self.output_strip(images, batch, strip);
                }
            }
        });
        F::run(|| {
            for part in parts {
                self.back_to_code(part);
            }
        });
    }

    /// Phase 3: these parts' weights of the output layer (its bias is done).
    fn update_output(&mut self, parts: Range<usize>) {
        F::run(|| {
            for part in parts {
                for strip in self.network.shape.output_strips(part) {
                    self.update_output_strip(strip);
                }
            }
        });
    }

    /// Phase 4, from all back shares: everything else. Gives the mean squared error.
    fn update_rest(&mut self, parts: Range<usize>) -> f64 {
        F::run(|| {
            self.update_small();
            for part in parts.clone() {
                for strip in self.network.shape.first_strips(part) {
                    self.back_to_encoder_hidden(strip);
                }
            }
        });
        F::run(|| {
            for part in parts {
                for strip in self.network.shape.first_strips(part) {
                    self.update_first_strip(strip);
                }
            }
        });
        let squares: f64 = self.back_shares.iter().map(|share| share.squares).sum();
        squares / (self.network.images * PIXELS) as f64
    }
}

/// A gradient before the LeakyReLU, from that after it and its value there (which has its argument's sign).
#[inline(always)]
fn back_through_leaky<F: Simd>(gradient: F, value: F, slope: f32) -> F {
    value.where_positive(gradient, gradient * F::splat(slope))
}
