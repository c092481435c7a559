//! A part of the network with one hidden layer: some strips of its first layer and some of its last.

use super::{
    State,
    gradient::{Gradient, Target, back_tile, output_strip, store_columns, store_rows, update_rows},
};
use crate::kernels::cpu::{
    network::{Network, Pass, grow},
    simd::{Simd, VECTORS, load, store},
    tensors::{PARTS, Shape},
    tile::{ROWS, Tile, transposed_product},
};
use std::ops::Range;

// The layers of such a network.
pub(super) const FIRST: usize = 0;
pub(super) const TO_CODE: usize = 1;
pub(super) const FROM_CODE: usize = 2;
pub(super) const OUTPUT: usize = 3;

/// What a part adds to the gradients on both sides of the code, and to the error.
#[derive(Clone, Default)]
pub(super) struct BackShare {
    /// The code's gradient after its LeakyReLU: `[rows / STRIP, units, STRIP]`.
    pub(super) code: Vec<f32>,
    /// That of the kernel from the code, laid out as the kernel.
    pub(super) kernel: Vec<f32>,
    /// And of its bias.
    pub(super) bias: Vec<f32>,
    /// The sum of the squared errors.
    pub(super) squares: f64,
}

/// A part, and what it makes of a batch.
pub(super) struct Part {
    /// Its strips of the first layer.
    pub(super) first: Range<usize>,
    /// Its strips of the output layer.
    pub(super) output: Range<usize>,
    /// What it adds to the code before bias and LeakyReLU: `[rows / STRIP, units, STRIP]`. Exchanged.
    pub(super) code_share: Vec<f32>,
    /// Exchanged.
    pub(super) back_share: BackShare,
    /// Its units of the encoder's hidden layer: `[rows / STRIP, units of the part, STRIP]`.
    hidden: Vec<f32>,
    /// The gradient there, by image: `[strips of the part, rows, width]`.
    hidden_gradient: Vec<f32>,
    /// The gradient at its pixels.
    output_gradient: Gradient,
    /// Sums of the gradient at the decoder's hidden layer times 1 (bias) and the code (kernel), not yet added over
    /// the lanes: `[1 + code, columns, LANES]`.
    hidden_sums: Vec<f32>,
    squares: Vec<f32>,
}

impl Part {
    pub(super) fn new(shape: &Shape, part: usize) -> Self {
        Self {
            first: shape.strips_of_part(FIRST, part),
            output: shape.strips_of_part(OUTPUT, part),
            code_share: Vec::new(),
            back_share: BackShare::default(),
            hidden: Vec::new(),
            hidden_gradient: Vec::new(),
            output_gradient: Gradient::default(),
            hidden_sums: Vec::new(),
            squares: Vec::new(),
        }
    }

    /// All parts of a network.
    pub(super) fn all(shape: &Shape) -> Vec<Self> {
        (0..PARTS).map(|part| Self::new(shape, part)).collect()
    }

    /// Makes room for its shares, also for those that come from elsewhere.
    pub(super) fn begin(&mut self, shape: &Shape, rows: usize) {
        let (code, from_code) = (shape.layers[TO_CODE].units * rows, &shape.layers[FROM_CODE]);
        grow(&mut self.code_share, code);
        grow(&mut self.back_share.code, code);
        grow(&mut self.back_share.kernel, from_code.strips * from_code.strip_len());
        grow(&mut self.back_share.bias, from_code.columns());
    }

    /// The unit of the encoder's hidden layer that is its first.
    fn first_unit<F: Simd, const WIDE: usize>(&self) -> usize {
        self.first.start * WIDE * F::LANES
    }

    /// How many units of that layer are its own.
    fn units<F: Simd, const WIDE: usize>(&self) -> usize {
        self.first.len() * WIDE * F::LANES
    }

    /// Its units of the encoder's hidden layer, and its share of the code.
    pub(super) fn encode<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>, pass: &Pass) {
        let units = self.units::<F, WIDE>();
        grow(&mut self.hidden, units * pass.rows);
        F::run(|| {
            network.first_layer(self.first.clone(), &pass.pixels, pass.images, &mut self.hidden);
            self.share_code(network, pass.rows);
        });
    }

    #[inline(always)]
    fn share_code<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>, rows: usize) {
        let (units, first) = (self.units::<F, WIDE>(), self.first_unit::<F, WIDE>());
        let shape = &network.shape.layers[TO_CODE];
        if units == 0 {
            return self.code_share.fill(0.0);
        }
        for (strip, hidden) in self.hidden.chunks_exact(units * F::STRIP).take(rows / F::STRIP).enumerate() {
            for unit in (0..shape.units).step_by(ROWS) {
                let kernel = &network.weights.layers[TO_CODE].kernel[unit / F::STRIP * shape.strip_len()..];
                let kernel = &kernel[first * F::STRIP + unit % F::STRIP..];
                let tile: Tile<F> = transposed_product(kernel, F::STRIP, hidden);
                store_rows(tile, &mut self.code_share[(strip * shape.units + unit) * F::STRIP..]);
            }
        }
    }

    /// Its pixels of the output and their error, and its share of what goes back.
    pub(super) fn decode<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        pass: &Pass,
        target: Target<'_>,
    ) {
        let pixels = self.output.len() * F::STRIP;
        grow(&mut self.output_gradient.by_unit, pixels * pass.rows);
        grow(&mut self.output_gradient.by_image, pixels * pass.rows);
        grow(&mut self.squares, pass.rows * F::LANES);
        self.squares.fill(0.0);
        F::run(|| {
            for (place, strip) in self.output.clone().enumerate() {
                let (hidden, place) = (&pass.activations[FROM_CODE], (strip, place, pixels));
                let (gradient, squares) = (&mut self.output_gradient, &mut self.squares);
                output_strip(network, hidden, target, place, gradient, squares);
            }
        });
        self.back_share.squares = self.squares.iter().map(|&square| f64::from(square)).sum();
        let sums = (1 + network.shape.code) * network.shape.layers[FROM_CODE].columns() * F::LANES;
        grow(&mut self.hidden_sums, sums);
        F::run(|| self.back(network, pass));
    }

    /// From its pixels back to the code. The gradient at the decoder's hidden layer is used as it comes, four units
    /// by a strip of images, and not stored.
    #[inline(always)]
    fn back<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>, pass: &Pass) {
        let (shape, from_code) = (&network.shape.layers[OUTPUT], &network.shape.layers[FROM_CODE]);
        self.back_share.code.fill(0.0);
        self.hidden_sums.fill(0.0);
        let pixels = self.output.len() * F::STRIP;
        let kernel = &network.weights.layers[OUTPUT].kernel[self.output.start * shape.strip_len()..];
        for strip in 0..pass.rows / F::STRIP {
            let of_strip = strip * pixels * F::STRIP..(strip + 1) * pixels * F::STRIP;
            for unit in (0..shape.rows).step_by(ROWS) {
                let values = &pass.activations[FROM_CODE][(strip * shape.rows + unit) * F::STRIP..];
                let kernel = &kernel[unit * F::STRIP..];
                let gradient = &self.output_gradient.by_unit[of_strip.clone()];
                let tile = back_tile::<F>(kernel, shape, gradient, values, network.shape.slope);
                self.back_from_hidden(network, pass, (strip, unit), tile);
            }
        }
        let (bias, kernel) = self.hidden_sums.split_at(from_code.columns() * F::LANES);
        add_lanes::<F>(bias, &mut self.back_share.bias);
        for (c, sums) in kernel.chunks_exact(from_code.columns() * F::LANES).enumerate() {
            let strips = self.back_share.kernel.chunks_exact_mut(from_code.strip_len());
            for (sums, strip) in sums.chunks_exact(F::STRIP * F::LANES).zip(strips) {
                add_lanes::<F>(sums, &mut strip[c * F::STRIP..][..F::STRIP]);
            }
        }
    }

    /// What a tile of the gradient at the hidden layer adds to those of the code, and of bias and kernel behind it.
    #[inline(always)]
    fn back_from_hidden<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        pass: &Pass,
        (strip, unit): (usize, usize),
        tile: Tile<F>,
    ) {
        let shape = &network.shape.layers[FROM_CODE];
        let sums = &mut self.hidden_sums[unit * F::LANES..];
        for row in 0..ROWS {
            let sums = &mut sums[row * F::LANES..];
            let mut sum = F::load(sums);
            for v in 0..VECTORS {
                sum = sum + tile[row][v];
            }
            sum.store(sums);
        }
        let kernel = &network.weights.layers[FROM_CODE].kernel[unit / F::STRIP * shape.strip_len()..];
        for c in 0..network.shape.code {
            let at = (strip * shape.rows + c) * F::STRIP;
            let x: [F; VECTORS] = load(&pass.activations[TO_CODE][at..]);
            let to_code = &mut self.back_share.code[at..];
            let mut gradient: [F; VECTORS] = load(to_code);
            let weights = &kernel[c * F::STRIP + unit % F::STRIP..][..ROWS];
            let sums = &mut self.hidden_sums[((1 + c) * shape.columns() + unit) * F::LANES..];
            for row in 0..ROWS {
                let weight = F::splat(weights[row]);
                let sums = &mut sums[row * F::LANES..];
                let mut sum = F::load(sums);
                for v in 0..VECTORS {
                    gradient[v] = gradient[v].add_product(tile[row][v], weight);
                    sum = sum.add_product(tile[row][v], x[v]);
                }
                sum.store(sums);
            }
            store(gradient, to_code);
        }
    }

    /// The gradient at a strip of its pixels, by image.
    pub(super) fn gradient_at_output(&self, strip: usize, len: usize) -> &[f32] {
        &self.output_gradient.by_image[(strip - self.output.start) * len..][..len]
    }

    /// From the code's gradient to that at its units of the encoder's hidden layer.
    pub(super) fn back_to_first<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        code: &Gradient,
        rows: usize,
    ) {
        let (units, first) = (self.units::<F, WIDE>(), self.first_unit::<F, WIDE>());
        grow(&mut self.hidden_gradient, units * rows);
        let (shape, width) = (&network.shape.layers[TO_CODE], WIDE * F::LANES);
        F::run(|| {
            for strip in 0..rows / F::STRIP {
                let code = &code.by_unit[strip * shape.units * F::STRIP..][..shape.units * F::STRIP];
                for unit in (0..units).step_by(ROWS) {
                    let kernel = &network.weights.layers[TO_CODE].kernel[(first + unit) * F::STRIP..];
                    let values = &self.hidden[(strip * units + unit) * F::STRIP..];
                    let tile = back_tile::<F>(kernel, shape, code, values, network.shape.slope);
                    let at = (unit / width * rows + strip * F::STRIP) * width + unit % width;
                    store_columns(tile, &mut self.hidden_gradient[at..], width);
                }
            }
        });
    }

    /// Its units' weights to the code, of which each strip has the code's gradient by image.
    pub(super) fn update_to_code<F: Simd, const WIDE: usize>(
        &self,
        state: &mut State<F, WIDE>,
        code: &Gradient,
        rows: usize,
    ) {
        let (units, first, adam) = (self.units::<F, WIDE>(), self.first_unit::<F, WIDE>(), state.adam);
        let strips = 0..state.network.shape.layers[TO_CODE].strips;
        for mut strip in state.strips(TO_CODE, strips) {
            let gradient = &code.by_image[strip.strip * rows * F::STRIP..][..rows * F::STRIP];
            let mut kernel = strip.kernel.each_mut().map(|kernel| &mut kernel[first * F::STRIP..]);
            update_rows::<F>(adam, units, &mut kernel, [(&self.hidden[..], gradient)].into_iter());
        }
    }

    /// The gradient at a strip of its units, by image.
    pub(super) fn gradient_at_first(&self, strip: usize, len: usize) -> &[f32] {
        &self.hidden_gradient[(strip - self.first.start) * len..][..len]
    }
}

/// The sum of each vector's lanes.
#[inline(always)]
fn add_lanes<F: Simd>(sums: &[f32], to: &mut [f32]) {
    for (to, lanes) in to.iter_mut().zip(sums.chunks_exact(F::LANES)) {
        *to = F::load(lanes).sum();
    }
}
