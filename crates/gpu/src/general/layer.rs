//! A layer as the passes know it.

use super::map::{MAP_WORDS, Map};
use crate::{activation::Activation, layout::BLOCK};
use latent_core::{
    model::{Convolution, ImageShape, Layer, LayerKind},
    noise::{dropout_scale, threshold},
};

/// Words of `Layer` in `wgsl/general/layer.wgsl`: six maps, three pairs and 22 numbers.
pub(crate) const LAYER_WORDS: usize = 6 * MAP_WORDS + 3 * 2 + 22;
/// Entries of `step.random` before those of dropout.
pub(super) const RANDOM_BEFORE_DROPOUT: usize = 2;

/// Which of its two maps a layer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// Dense layers and convolutions.
    Large,
    /// Transposed convolutions.
    Small,
}

/// Dropout behind a layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dropout {
    /// Its number among the model's, from 0 on.
    pub(super) number: usize,
    pub(super) rate: f32,
}

/// A layer with what follows it: its activation and dropout. Both heads of a variational model are one layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GeneralLayer {
    pub(super) reads: Reads,
    /// The geometry; of a dense layer, between maps of one pixel with a block of channels for each block of values.
    pub(super) convolution: Convolution,
    /// Whether the large map is stored with the pixels under a row of the kernel as its channels: where it has so few
    /// channels that they would be padded more than that.
    pub(super) unrolled: bool,
    pub(super) activation: Activation,
    pub(super) slope: f32,
    pub(super) dropout: Option<Dropout>,
    pub(super) large: Map,
    pub(super) small: Map,
    pub(super) input: Map,
    pub(super) output: Map,
    pub(super) input_gradient: Map,
    pub(super) output_gradient: Map,
    /// Blocks before the layer's weights.
    pub(super) weights: usize,
    /// Blocks before the layer's gradient.
    pub(super) gradient: usize,
    /// Parts of the kernel's sums over a batch.
    pub(super) parts: usize,
    /// Parts of the bias's.
    pub(super) sum_parts: usize,
    /// Workgroups of one part of the kernel's gradient.
    pub(super) part_groups: usize,
    /// Workgroups of the layers before.
    pub(super) groups_before: usize,
    /// Sums of biases of the layers before.
    pub(super) sums_before: usize,
    pub(super) input_slope: f32,
}

/// What a layer computes, as a convolution. A dense layer's channels are whole blocks: `inputs` and `outputs`.
pub(super) fn geometry(layer: &Layer, inputs: usize, outputs: usize) -> (Reads, Convolution) {
    let pixel = |blocks: usize| ImageShape { height: 1, width: 1, channels: BLOCK * blocks };
    match layer.kind {
        LayerKind::Conv2d(convolution) => (Reads::Large, convolution),
        LayerKind::Conv2dTranspose(convolution) => (Reads::Small, convolution),
        LayerKind::Dense | LayerKind::Dropout { .. } => {
            (Reads::Large, Convolution::new(pixel(inputs), BLOCK * outputs, 1, 1))
        }
    }
}

/// Whether the large map has so few channels that a row of the kernel takes less room than its pixels.
pub(super) fn is_better_unrolled(convolution: &Convolution) -> bool {
    let Convolution { large, kernel, .. } = convolution;
    (kernel * large.channels).div_ceil(BLOCK) < kernel * large.channels.div_ceil(BLOCK)
}

impl GeneralLayer {
    /// Whether the maps of its products have one pixel, as all of a dense layer's have.
    pub(super) fn is_dense(&self) -> bool {
        let Convolution { large, kernel, .. } = self.convolution;
        (large.width, large.height, kernel) == (1, 1, 1)
    }

    /// Columns of the kernel for those who read the large map.
    pub(super) fn columns(&self) -> usize {
        if self.unrolled { 1 } else { self.convolution.kernel }
    }

    /// Blocks of channels of the large map, however it is stored.
    pub(super) fn large_blocks(&self) -> usize {
        self.convolution.large.channels.div_ceil(BLOCK)
    }

    /// Blocks of channels of the small map.
    pub(super) fn small_blocks(&self) -> usize {
        self.convolution.small.channels.div_ceil(BLOCK)
    }

    /// Blocks of a row of the kernel in the large map as it is stored.
    fn run(&self) -> usize {
        let Convolution { kernel, large, .. } = self.convolution;
        if self.unrolled { (kernel * large.channels).div_ceil(BLOCK) } else { kernel * self.large_blocks() }
    }

    /// Blocks of rows of the kernel's matrix.
    pub(super) fn kernel_blocks(&self) -> usize {
        self.convolution.kernel * self.run()
    }

    /// Rows of the kernel's matrix from a row of the kernel to the next, and from a column to the next.
    pub(super) fn kernel_steps(&self) -> [usize; 2] {
        let channels = self.convolution.large.channels;
        [BLOCK * self.run(), if self.unrolled { channels } else { BLOCK * self.large_blocks() }]
    }

    /// Blocks of the layer's outputs, for each pixel, and so of its bias.
    pub(super) fn output_blocks(&self) -> usize {
        match self.reads {
            Reads::Large => self.small_blocks(),
            Reads::Small => self.large_blocks(),
        }
    }

    /// Blocks of weights before the bias.
    pub(super) fn bias(&self) -> usize {
        BLOCK * self.kernel_blocks() * self.small_blocks()
    }

    /// Blocks of weights.
    pub(super) fn size(&self) -> usize {
        self.bias() + self.output_blocks()
    }

    /// Blocks of all parts of the gradient: those of the kernel, and behind them those of the bias.
    pub(super) fn gradient_blocks(&self) -> usize {
        self.parts * self.bias() + self.sum_parts * self.output_blocks()
    }

    /// Whether the forward pass stores the derivative of the activation and of dropout.
    pub(super) fn saves_derivative(&self) -> bool {
        self.dropout.is_some() || !self.activation.derivative_from_value()
    }

    /// As the passes read it.
    pub(super) fn words(&self) -> [u32; LAYER_WORDS] {
        let Convolution { kernel, stride, before, .. } = self.convolution;
        let [kernel_rows, tap_rows] = self.kernel_steps();
        let (column_stride, column_before) = if self.unrolled { (1, 0) } else { (stride, before[1]) };
        let (entry, is_dropped, kept) = match self.dropout {
            Some(Dropout { number, rate }) => {
                (RANDOM_BEFORE_DROPOUT + number, threshold(rate), dropout_scale(rate))
            }
            None => (0, 0, 1.0),
        };
        let maps =
            [self.large, self.small, self.input, self.output, self.input_gradient, self.output_gradient];
        let sizes = [kernel, kernel, stride, stride, before[0], before[1]];
        let places = [
            self.columns(),
            column_stride,
            column_before,
            tap_rows,
            kernel_rows,
            self.weights,
            self.weights + self.bias(),
            self.size(),
            self.gradient,
            self.parts,
            self.part_groups,
            self.groups_before,
            self.sums_before,
            self.output_blocks(),
        ];
        let numbers = [
            self.slope.to_bits(),
            self.input_slope.to_bits(),
            entry as u32,
            is_dropped,
            kept.to_bits(),
            u32::from(self.unrolled),
            self.large_blocks() as u32,
            self.sum_parts as u32,
        ];
        let mut words = [0; LAYER_WORDS];
        let all = maps.iter().flat_map(Map::words);
        let all = all.chain(sizes.into_iter().chain(places).map(|size| size as u32)).chain(numbers);
        words.iter_mut().zip(all).for_each(|(to, word)| *to = word);
        words
    }
}
