//! Through the decoder: output, error, and the gradients from there back to the code.

use super::{Training, back_through_leaky, parameters};
use crate::{
    data::Images,
    kernels::cpu::{
        inference::errors,
        network::{Network, leaky},
        simd::{Simd, VECTORS, load, store, vectors},
        tensors::Shape,
        tile::{ROWS, Tile, product},
    },
    settings::PIXELS,
};

impl<F: Simd, const WIDE: usize> Training<F, WIDE> {
    /// A strip of the output for all images: the gradient both ways round, the bias. Gives the squared errors' sum.
    #[inline(always)]
    pub(super) fn output_strip(&mut self, images: &Images, batch: &[u32], strip: usize) -> f64 {
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
    pub(super) fn back_to_code(&mut self, part: usize) {
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

    /// A strip of the output layer's weights.
    #[inline(always)]
    pub(super) fn update_output_strip(&mut self, strip: usize) {
        let Network { rows, shape: Shape { hidden_rows, .. }, .. } = self.network;
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
}
