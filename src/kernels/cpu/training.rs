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

use super::{
    adam::{Adam, Parameters},
    inference::{Infer, errors},
    network::{Network, add_rows, grow, leaky},
    simd::{Simd, VECTORS, load, store, vectors},
    tensors::{PARTS, Shape, Tensors},
    tile::{ROWS, Tile, product},
};
use crate::{
    data::Images,
    settings::{Architecture, PIXELS},
    training::{Progress, TrainerError},
};
use std::ops::Range;

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

/// The weights and moments of a tensor.
macro_rules! parameters {
    ($training:ident, $layer:ident.$tensor:ident) => {
        [
            &mut $training.network.weights.$layer.$tensor,
            &mut $training.first_moment.$layer.$tensor,
            &mut $training.second_moment.$layer.$tensor,
        ] as Parameters<'_>
    };
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

    /// A strip of the output for all images: the gradient both ways round, the bias. Gives the squared errors' sum.
    #[inline(always)]
    fn output_strip(&mut self, images: &Images, batch: &[u32], strip: usize) -> f64 {
        let Network { images: count, rows, shape: Shape { slope, .. }, .. } = self.network;
        let pixel = strip * F::STRIP;
        // The loss is the mean of the squares of all errors e, so its gradient is 2 e / their number.
        let scale = F::splat(2.0 / (count * PIXELS) as f32);
        let bias: [F; VECTORS] = load(&self.network.weights.decoder_2.bias[pixel..]);
        let mut squares = [F::splat(0.0); VECTORS];
        let mut bias_gradient = [F::splat(0.0); VECTORS];
        for image in (0..rows).step_by(ROWS) {
            let mut tile = self.network.output_tile(image, strip);
            for row in 0..ROWS {
                if image + row < count {
                    let outputs = vectors(|v| leaky(tile[row][v] + bias[v], slope));
                    let error = errors(outputs, &images.get(batch[image + row] as usize)[pixel..]);
                    for v in 0..VECTORS {
                        squares[v] = squares[v].add_product(error[v], error[v]);
                        tile[row][v] = back_through_leaky(error[v] * scale, outputs[v], slope);
                        bias_gradient[v] = bias_gradient[v] + tile[row][v];
                    }
                } else {
                    tile[row] = [F::splat(0.0); VECTORS];
                }
                store(tile[row], &mut self.output_gradient[(strip * rows + image + row) * F::STRIP..]);
            }
            let to = (image / F::STRIP * PIXELS + pixel) * F::STRIP + image % F::STRIP;
            for v in 0..VECTORS {
                let to = &mut self.output_gradient_transposed[to + v * F::LANES * F::STRIP..];
                F::store_columns([tile[0][v], tile[1][v], tile[2][v], tile[3][v]], to, F::STRIP);
            }
        }
        self.adam.update(parameters!(self, decoder_2.bias), pixel, bias_gradient);
        let mut sum = 0.0;
        for squares in squares {
            sum += f64::from(squares.sum());
        }
        sum
    }

    /// From the part's pixels back to the code. The gradient of the hidden layer is used as it comes, four units
    /// by a strip of images, and not stored.
    #[inline(always)]
    fn back_to_code(&mut self, part: usize) {
        let hidden_rows = self.network.shape.hidden_rows;
        self.back_shares[part].code.fill(0.0);
        self.hidden_sums.fill(0.0);
        let strips = self.network.shape.output_strips(part);
        let kernel = strips.start * hidden_rows * F::STRIP;
        for images in 0..self.network.rows / F::STRIP {
            let gradient = (images * PIXELS + strips.start * F::STRIP) * F::STRIP;
            for unit in (0..hidden_rows).step_by(ROWS) {
                let tile: Tile<F> = product(
                    &self.network.weights.decoder_2.kernel[kernel + unit * F::STRIP..],
                    hidden_rows * F::STRIP,
                    &self.output_gradient_transposed[gradient..][..strips.len() * F::STRIP * F::STRIP],
                );
                self.back_from_hidden(part, images, unit, tile);
            }
        }
        let share = &mut self.back_shares[part];
        let (bias, kernel) = self.hidden_sums.split_at(hidden_rows * F::LANES);
        for (to, sums) in [(&mut share.bias, bias), (&mut share.kernel, kernel)] {
            for (to, lanes) in to.iter_mut().zip(sums.chunks_exact(F::LANES)) {
                *to = F::load(lanes).sum();
            }
        }
    }

    /// What a tile of the hidden layer's gradient (after its LeakyReLU) adds to the gradients of bias, kernel and code.
    #[inline(always)]
    fn back_from_hidden(&mut self, part: usize, images: usize, unit: usize, mut tile: Tile<F>) {
        let Shape { code, hidden_rows, slope, .. } = self.network.shape;
        for row in 0..ROWS {
            let at = (images * hidden_rows + unit + row) * F::STRIP;
            let hidden: [F; VECTORS] = load(&self.network.decoder_hidden[at..]);
            tile[row] = vectors(|v| back_through_leaky(tile[row][v], hidden[v], slope));
            let sum = &mut self.hidden_sums[(unit + row) * F::LANES..];
            let mut total = F::load(sum);
            for v in 0..VECTORS {
                total = total + tile[row][v];
            }
            total.store(sum);
        }
        for c in 0..code {
            let at = (images * code + c) * F::STRIP;
            let x: [F; VECTORS] = load(&self.network.code[at..]);
            let to_code = &mut self.back_shares[part].code[at..];
            let mut code_gradient: [F; VECTORS] = load(to_code);
            let weights = &self.network.weights.decoder_1.kernel[c * hidden_rows + unit..][..ROWS];
            let sums = ((1 + c) * hidden_rows + unit) * F::LANES;
            let sums = &mut self.hidden_sums[sums..][..ROWS * F::LANES];
            for row in 0..ROWS {
                let weight = F::splat(weights[row]);
                let mut sum = F::load(&sums[row * F::LANES..]);
                for v in 0..VECTORS {
                    code_gradient[v] = code_gradient[v].add_product(tile[row][v], weight);
                    sum = sum.add_product(tile[row][v], x[v]);
                }
                sum.store(&mut sums[row * F::LANES..]);
            }
            store(code_gradient, to_code);
        }
    }

    /// Phase 3: these parts' weights of the output layer (its bias is done).
    fn update_output(&mut self, parts: Range<usize>) {
        F::run(|| {
            let Network { rows, shape: Shape { hidden_rows, .. }, .. } = self.network;
            for strip in parts.flat_map(|part| self.network.shape.output_strips(part)) {
                let gradient = &self.output_gradient[strip * rows * F::STRIP..][..rows * F::STRIP];
                for unit in (0..hidden_rows).step_by(ROWS) {
                    let hidden = &self.network.decoder_hidden[unit * F::STRIP..];
                    let tile: Tile<F> = product(hidden, hidden_rows * F::STRIP, gradient);
                    for row in 0..ROWS {
                        let at = (strip * hidden_rows + unit + row) * F::STRIP;
                        self.adam.update(parameters!(self, decoder_2.kernel), at, tile[row]);
                    }
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

    /// The tensors that are too small to be parted, and so belong to everyone. Share 0 becomes the sum of all.
    #[inline(always)]
    fn update_small(&mut self) {
        let Shape { code, slope, .. } = self.network.shape;
        let (sum, others) = self.back_shares.split_at_mut(1);
        let sum = &mut sum[0];
        for share in others {
            let add = |to: &mut [f32], from: &[f32]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
            add(&mut sum.code, &share.code);
            add(&mut sum.kernel, &share.kernel);
            add(&mut sum.bias, &share.bias);
        }
        self.adam.update_each(parameters!(self, decoder_1.kernel), &sum.kernel);
        self.adam.update_each(parameters!(self, decoder_1.bias), &sum.bias);
        let mut bias_gradient = vec![0.0; code];
        for at in (0..code * self.network.rows).step_by(F::STRIP) {
            let x: [F; VECTORS] = load(&self.network.code[at..]);
            let gradient: [F; VECTORS] = load(&sum.code[at..]);
            let gradient: [F; VECTORS] = vectors(|v| back_through_leaky(gradient[v], x[v], slope));
            store(gradient, &mut sum.code[at..]);
            for v in 0..VECTORS {
                bias_gradient[at / F::STRIP % code] += gradient[v].sum();
            }
        }
        self.adam.update_each(parameters!(self, encoder_2.bias), &bias_gradient);
    }

    /// From the code's gradient to that of a strip of the encoder's hidden layer, which takes the layer's place;
    /// and the weights between them.
    #[inline(always)]
    fn back_to_encoder_hidden(&mut self, strip: usize) {
        let Network { images, rows, shape: Shape { code, slope, hidden_columns, .. }, .. } = self.network;
        let shape = &self.network.shape;
        let code_gradient = &self.back_shares[0].code;
        let column = strip * Self::FIRST_STRIP;
        let hidden = &mut self.network.encoder_hidden[column * rows..][..images * Self::FIRST_STRIP];
        for c in 0..code {
            let mut gradient = [F::splat(0.0); WIDE];
            for (image, hidden) in hidden.chunks_exact(Self::FIRST_STRIP).enumerate() {
                let from = F::splat(code_gradient[shape.code_at(image, c)]);
                gradient = vectors(|k| gradient[k].add_product(from, F::load(&hidden[k * F::LANES..])));
            }
            store(gradient, &mut self.to_code_gradient[c * Self::FIRST_STRIP..]);
        }
        let kernel = &self.network.weights.encoder_2.kernel[column..];
        let mut bias_gradient = [F::splat(0.0); WIDE];
        for (image, hidden) in hidden.chunks_exact_mut(Self::FIRST_STRIP).enumerate() {
            let mut gradient = [F::splat(0.0); WIDE];
            for c in 0..code {
                let from = F::splat(code_gradient[shape.code_at(image, c)]);
                let weights: [F; WIDE] = load(&kernel[c * hidden_columns..]);
                gradient = vectors(|k| gradient[k].add_product(from, weights[k]));
            }
            for k in 0..WIDE {
                let hidden = &mut hidden[k * F::LANES..];
                gradient[k] = back_through_leaky(gradient[k], F::load(hidden), slope);
                bias_gradient[k] = bias_gradient[k] + gradient[k];
                gradient[k].store(hidden);
            }
        }
        for c in 0..code {
            let gradient: [F; WIDE] = load(&self.to_code_gradient[c * Self::FIRST_STRIP..]);
            self.adam.update(parameters!(self, encoder_2.kernel), c * hidden_columns + column, gradient);
        }
        self.adam.update(parameters!(self, encoder_1.bias), column, bias_gradient);
    }

    /// A strip of the first layer's weights, from its gradient in the hidden layer's place.
    #[inline(always)]
    fn update_first_strip(&mut self, strip: usize) {
        let rows = self.network.rows;
        let gradient = &self.network.encoder_hidden[strip * rows * Self::FIRST_STRIP..];
        let gradient = &gradient[..rows * Self::FIRST_STRIP];
        for pixel in 0..PIXELS {
            // SAFETY: a pixel's entries name images of the batch, and the gradient's strip has a row for each.
            let sum = unsafe { add_rows([F::splat(0.0); WIDE], self.network.pixels.of_pixel(pixel), gradient) };
            let at = (strip * PIXELS + pixel) * Self::FIRST_STRIP;
            self.adam.update(parameters!(self, encoder_1.kernel), at, sum);
        }
    }
}

/// A gradient before the LeakyReLU, from that after it and its value there (which has its argument's sign).
#[inline(always)]
fn back_through_leaky<F: Simd>(gradient: F, value: F, slope: f32) -> F {
    value.where_positive(gradient, gradient * F::splat(slope))
}
