//! A part of the network with one hidden layer: some strips of its first layer and some of its last.

use super::{
    State,
    decoder::DecoderPart,
    gradient::{Gradient, back_tile, update_rows},
};
use crate::{
    network::{Network, Pass, grow},
    simd::{Simd, run},
    tensors::{PARTS, Shape},
    tile::{ROWS, Tile, store_columns, store_rows, transposed_product},
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
    /// The code's gradient after its LeakyReLU, the images in the regions' order: `[rows / STRIP, units, STRIP]`.
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
    pub(super) decoder: DecoderPart,
    /// What it adds to the code before bias and LeakyReLU: `[rows / STRIP, units, STRIP]`. Exchanged.
    pub(super) code_share: Vec<f32>,
    /// Exchanged.
    pub(super) back_share: BackShare,
    /// Its units of the encoder's hidden layer: `[rows / STRIP, units of the part, STRIP]`.
    hidden: Vec<f32>,
    /// The gradient there, by image: `[strips of the part, rows, width]`.
    hidden_gradient: Vec<f32>,
}

impl Part {
    pub(super) fn new(shape: &Shape, part: usize) -> Self {
        Self {
            first: shape.first_of_part(part),
            decoder: DecoderPart::new(shape.output_of_part(part)),
            code_share: Vec::new(),
            back_share: BackShare::default(),
            hidden: Vec::new(),
            hidden_gradient: Vec::new(),
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
        run!(F, {
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
        run!(F, {
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
