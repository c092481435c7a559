//! Back through the encoder, and the small layers on both sides of the code.

use super::{Training, back_through_leaky, parameters};
use crate::{
    kernels::cpu::{
        network::{Network, add_rows},
        simd::{Simd, VECTORS, load, store, vectors},
        tensors::Shape,
    },
    settings::PIXELS,
};

impl<F: Simd, const WIDE: usize> Training<F, WIDE> {
    /// The tensors that are too small to be parted, and so belong to everyone. Share 0 becomes the sum of all.
    #[inline(always)]
    pub(super) fn update_small(&mut self) {
        let Shape { code, slope, .. } = self.network.shape;
        let (sum, others) = self.back_shares.split_at_mut(1);
        let sum = &mut sum[0];
        for share in others {
            let add =
                |to: &mut [f32], from: &[f32]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
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
    pub(super) fn back_to_encoder_hidden(&mut self, strip: usize) {
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
    pub(super) fn update_first_strip(&mut self, strip: usize) {
        let rows = self.network.rows;
        let gradient = &self.network.encoder_hidden[strip * rows * Self::FIRST_STRIP..];
        let gradient = &gradient[..rows * Self::FIRST_STRIP];
        for pixel in 0..PIXELS {
            // SAFETY: a pixel's entries name images of the batch, and the gradient's strip has a row for each.
            let sum =
                unsafe { add_rows([F::splat(0.0); WIDE], self.network.pixels.of_pixel(pixel), gradient) };
            let at = (strip * PIXELS + pixel) * Self::FIRST_STRIP;
            self.adam.update(parameters!(self, encoder_1.kernel), at, sum);
        }
    }
}
