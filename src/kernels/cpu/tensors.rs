//! The network's weights (or Adam's moments) as the kernels read them: in strips, padded with zeros.

use super::{
    simd::Simd,
    strips::{Strips, transposed},
    tile::ROWS,
};
use crate::{
    network::Weights,
    settings::{Architecture, PIXELS},
    training::TrainerError,
};
use std::ops::Range;

/// Into how many parts the work is cut, by columns of the two large layers. It is part of the result: sums over
/// parts are made in order, so whoever computes which part, the bits are the same.
pub(super) const PARTS: usize = 4;

/// The sizes that the kernels work with.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    architecture: Architecture,
    /// Units of the code.
    pub(super) code: usize,
    /// LeakyReLU's slope for negative arguments.
    pub(super) slope: f32,
    /// Units of the decoder's hidden layer, rounded up to whole tiles.
    pub(super) hidden_rows: usize,
    /// Units of the encoder's hidden layer, rounded up to whole strips.
    pub(super) hidden_columns: usize,
    /// Columns of a strip of the first layer; all other strips have `strip`.
    first_strip: usize,
    strip: usize,
}

impl Shape {
    /// The sizes for vectors of type `F`, with `WIDE` of them side by side in the first layer's strips.
    ///
    /// One hidden layer on either side is what there are kernels for. More would go between the first layer and
    /// the code, and between the code and the output, as tiles of the same two products.
    pub(super) fn new<F: Simd, const WIDE: usize>(architecture: &Architecture) -> Result<Self, TrainerError> {
        const { assert!(PIXELS.is_multiple_of(F::STRIP), "the output layer has whole strips only") };
        let [hidden] = architecture.hidden[..] else {
            let layers = architecture.hidden.len();
            return Err(TrainerError::Unsupported(format!(
                "networks with {layers} hidden layers on either side"
            )));
        };
        let first_strip = WIDE * F::LANES;
        Ok(Self {
            architecture: architecture.clone(),
            code: architecture.code,
            slope: architecture.slope,
            hidden_rows: hidden.next_multiple_of(ROWS),
            hidden_columns: hidden.next_multiple_of(first_strip),
            first_strip,
            strip: F::STRIP,
        })
    }

    /// The part's strips of the first layer.
    pub(super) fn first_strips(&self, part: usize) -> Range<usize> {
        let strips = self.hidden_columns / self.first_strip;
        (strips * part).div_ceil(PARTS)..(strips * (part + 1)).div_ceil(PARTS)
    }

    /// The part's strips of the output layer.
    pub(super) fn output_strips(&self, part: usize) -> Range<usize> {
        let strips = PIXELS / self.strip;
        strips * part / PARTS..strips * (part + 1) / PARTS
    }

    /// Where unit `c` of an image's code lies: codes are transposed, `[images / STRIP, code, STRIP]`.
    #[inline(always)]
    pub(super) fn code_at(&self, image: usize, c: usize) -> usize {
        (image / self.strip * self.code + c) * self.strip + image % self.strip
    }

    /// How the kernels lie in memory; the second one is transposed before, so that each unit of the code reads
    /// its weights in order.
    fn layouts(&self) -> [Strips; 4] {
        let (hidden, code) = (self.architecture.hidden[0], self.code);
        [
            Strips { rows: PIXELS, columns: hidden, width: self.first_strip, stride: PIXELS },
            Strips { rows: code, columns: hidden, width: self.hidden_columns, stride: code },
            Strips { rows: code, columns: hidden, width: self.hidden_rows, stride: code },
            Strips { rows: hidden, columns: PIXELS, width: self.strip, stride: self.hidden_rows },
        ]
    }
}

/// A dense layer's weights.
#[derive(Clone, Debug, Default)]
pub(super) struct Dense {
    pub(super) kernel: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// The weights of the network, or something of the same shape.
///
/// Padding is zero and stays so: a padded unit is 0 after its LeakyReLU, and as all its weights onwards are zero
/// too, so are all its gradients.
#[derive(Clone, Debug, Default)]
pub(super) struct Tensors {
    /// `[hidden_columns / first strip, 784, first strip]`
    pub(super) encoder_1: Dense,
    /// `[code, hidden_columns]`: transposed
    pub(super) encoder_2: Dense,
    /// `[code, hidden_rows]`
    pub(super) decoder_1: Dense,
    /// `[784 / STRIP, hidden_rows, STRIP]`
    pub(super) decoder_2: Dense,
}

impl Tensors {
    /// All zeros.
    pub(super) fn zeros(shape: &Shape) -> Self {
        let mut tensors = Self::default();
        let biases = [shape.hidden_columns, shape.code, shape.hidden_rows, PIXELS];
        for ((dense, layout), bias) in tensors.layers_mut().into_iter().zip(shape.layouts()).zip(biases) {
            *dense = Dense { kernel: vec![0.0; layout.len()], bias: vec![0.0; bias] };
        }
        tensors
    }

    /// Takes other values, if they fit the network.
    pub(super) fn load(&mut self, shape: &Shape, weights: &Weights) -> Result<(), TrainerError> {
        weights.check(&shape.architecture)?;
        for ((to, layout), from) in self.layers_mut().into_iter().zip(shape.layouts()).zip(&weights.layers) {
            to.bias[..from.bias.len()].copy_from_slice(&from.bias);
            if is_transposed(&from.name) {
                layout.pack(&transposed(&from.kernel, layout.rows), &mut to.kernel);
            } else {
                layout.pack(&from.kernel, &mut to.kernel);
            }
        }
        Ok(())
    }

    /// A copy as named tensors.
    pub(super) fn to_weights(&self, shape: &Shape) -> Weights {
        let mut weights = Weights::zeros(&shape.architecture);
        let layers = [&self.encoder_1, &self.encoder_2, &self.decoder_1, &self.decoder_2];
        for ((from, layout), to) in layers.into_iter().zip(shape.layouts()).zip(&mut weights.layers) {
            to.bias = from.bias[..to.bias.len()].to_vec();
            to.kernel = layout.unpack(&from.kernel);
            if is_transposed(&to.name) {
                to.kernel = transposed(&to.kernel, layout.columns);
            }
        }
        weights
    }

    fn layers_mut(&mut self) -> [&mut Dense; 4] {
        [&mut self.encoder_1, &mut self.encoder_2, &mut self.decoder_1, &mut self.decoder_2]
    }
}

fn is_transposed(layer: &str) -> bool {
    layer == "encoder_dense_2"
}

#[cfg(test)]
mod tests {
    use super::{super::simd::Portable4, *};

    #[test]
    fn weights_come_back_as_they_went_in_whatever_the_padding() {
        for hidden in [1, 3, 4, 20, 21, 300] {
            let architecture = Architecture { hidden: vec![hidden], code: 3, slope: 0.3 };
            let shape = Shape::new::<Portable4, 5>(&architecture).unwrap();
            let mut weights = Weights::initial(&architecture, 5);
            weights.layers.iter_mut().for_each(|layer| layer.bias.fill(1.0 + hidden as f32));
            let mut tensors = Tensors::zeros(&shape);
            tensors.load(&shape, &weights).unwrap();
            assert_eq!(tensors.to_weights(&shape), weights);
            let numbers =
                |dense: &Dense| dense.kernel.iter().chain(&dense.bias).filter(|&&x| x != 0.0).count();
            let total: usize = tensors.layers_mut().into_iter().map(|dense| numbers(dense)).sum();
            assert_eq!(total, weights.values().filter(|&x| x != 0.0).count());
        }
    }

    #[test]
    fn the_parts_make_up_the_whole() {
        for hidden in [1, 50, 300, 4096] {
            let architecture = Architecture { hidden: vec![hidden], code: 2, slope: 0.3 };
            let shape = Shape::new::<Portable4, 5>(&architecture).unwrap();
            let first: Vec<_> = (0..PARTS).flat_map(|part| shape.first_strips(part)).collect();
            let output: Vec<_> = (0..PARTS).flat_map(|part| shape.output_strips(part)).collect();
            assert_eq!(first, (0..hidden.div_ceil(20)).collect::<Vec<_>>());
            assert_eq!(output, (0..PIXELS / 8).collect::<Vec<_>>());
        }
    }
}
