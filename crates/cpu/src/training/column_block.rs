//! A column block of a network with one hidden layer: some panels of its first layer and some of its last.

use super::{
    backward_sums::BackwardSums,
    decoder_block::DecoderBlock,
    gradient::{Backward, Gradient, update_rows},
    layers::{FIRST, FROM_CODE, TO_CODE},
    state::State,
};
use crate::{
    network::{Network, Pass, grow},
    simd::{Simd, run},
    tensors::{COLUMN_BLOCKS, Shape},
    tile::{ROWS, Tile, store_rows, transposed_product},
};
use std::ops::Range;

/// A column block, and its values and gradients for a batch.
pub(super) struct ColumnBlock {
    /// Its panels of the first layer.
    pub(super) first: Range<usize>,
    pub(super) decoder: DecoderBlock,
    /// What it adds to the code's sums: `[rows / PANEL, units, PANEL]`. Exchanged.
    pub(super) code_sums: Vec<f32>,
    /// Exchanged.
    pub(super) backward_sums: BackwardSums,
    /// Its units of the encoder's hidden layer: `[rows / PANEL, units of the block, PANEL]`.
    hidden: Vec<f32>,
    /// The derivatives of a smooth activation there, likewise; empty for others.
    hidden_derivatives: Vec<f32>,
    /// The gradient there, by image: `[panels of the block, rows, width]`.
    hidden_gradient: Vec<f32>,
}

impl ColumnBlock {
    pub(super) fn new(shape: &Shape, block: usize) -> Self {
        Self {
            first: shape.first_of_block(block),
            decoder: DecoderBlock::new(shape.output_of_block(block)),
            code_sums: Vec::new(),
            backward_sums: BackwardSums::default(),
            hidden: Vec::new(),
            hidden_derivatives: Vec::new(),
            hidden_gradient: Vec::new(),
        }
    }

    /// All blocks of a network.
    pub(super) fn all(shape: &Shape) -> Vec<Self> {
        (0..COLUMN_BLOCKS).map(|block| Self::new(shape, block)).collect()
    }

    /// Reserves memory for its sums, also if another worker computes them.
    pub(super) fn begin(&mut self, shape: &Shape, rows: usize) {
        let (code, from_code) = (shape.layers[TO_CODE].units * rows, &shape.layers[FROM_CODE]);
        grow(&mut self.code_sums, code);
        grow(&mut self.backward_sums.code, code);
        grow(&mut self.backward_sums.kernel, from_code.panels * from_code.panel_len());
        grow(&mut self.backward_sums.bias, from_code.columns());
    }

    /// The unit of the encoder's hidden layer that is its first.
    fn first_unit<F: Simd, const WIDE: usize>(&self) -> usize {
        self.first.start * WIDE * F::LANES
    }

    /// How many units of that layer are its own.
    fn units<F: Simd, const WIDE: usize>(&self) -> usize {
        self.first.len() * WIDE * F::LANES
    }

    /// Computes its units of the encoder's hidden layer, and its sums at the code.
    pub(super) fn encode<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>, pass: &Pass) {
        let units = self.units::<F, WIDE>();
        grow(&mut self.hidden, units * pass.rows);
        let layer = &network.shape.layers[FIRST];
        let real = layer.outputs.saturating_sub(self.first_unit::<F, WIDE>()).min(units);
        if layer.activation.smooth.is_some() {
            grow(&mut self.hidden_derivatives, units * pass.rows);
        }
        network.first_layer(self.first.clone(), &pass.pixels, pass.images, &mut self.hidden);
        layer.activation.apply_to_panels::<F>(
            (real, units),
            &mut self.hidden[..units * pass.rows],
            &mut self.hidden_derivatives,
        );
        run!(F, self.sum_own_code(network, pass.rows));
    }

    #[inline(always)]
    fn sum_own_code<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>, rows: usize) {
        let (units, first) = (self.units::<F, WIDE>(), self.first_unit::<F, WIDE>());
        let shape = &network.shape.layers[TO_CODE];
        if units == 0 {
            return self.code_sums.fill(0.0);
        }
        for (panel, hidden) in self.hidden.chunks_exact(units * F::PANEL).take(rows / F::PANEL).enumerate() {
            for unit in (0..shape.units).step_by(ROWS) {
                let kernel = &network.weights.layers[TO_CODE].kernel[unit / F::PANEL * shape.panel_len()..];
                let kernel = &kernel[first * F::PANEL + unit % F::PANEL..];
                let tile: Tile<F> = transposed_product(kernel, F::PANEL, hidden);
                store_rows(tile, &mut self.code_sums[(panel * shape.units + unit) * F::PANEL..]);
            }
        }
    }

    /// Computes the gradient at its units of the encoder's hidden layer from that at the code.
    pub(super) fn backward_to_first<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        code: &Gradient,
        rows: usize,
    ) {
        let (units, first) = (self.units::<F, WIDE>(), self.first_unit::<F, WIDE>());
        grow(&mut self.hidden_gradient, units * rows);
        let activation = network.shape.layers[FIRST].activation;
        let state = if activation.smooth.is_some() { &self.hidden_derivatives } else { &self.hidden };
        let backward = Backward {
            kernel: &network.weights.layers[TO_CODE].kernel[first * F::PANEL..],
            shape: &network.shape.layers[TO_CODE],
            gradient: &code.by_unit,
            activation: (activation, state),
            units,
            rows,
        };
        backward.run::<F>(0..units, WIDE * F::LANES, &mut self.hidden_gradient, None);
    }

    /// Updates its units' weights to the code from the gradient at the code.
    pub(super) fn update_to_code<F: Simd, const WIDE: usize>(
        &self,
        state: &mut State<F, WIDE>,
        code: &Gradient,
        rows: usize,
    ) {
        let (units, first, adam) = (self.units::<F, WIDE>(), self.first_unit::<F, WIDE>(), state.adam);
        let panels = 0..state.network.shape.layers[TO_CODE].panels;
        for mut panel in state.panels(TO_CODE, panels) {
            let gradient = &code.by_image[panel.panel * rows * F::PANEL..][..rows * F::PANEL];
            let mut kernel = panel.kernel.each_mut().map(|kernel| &mut kernel[first * F::PANEL..]);
            update_rows::<F>(adam, units, &mut kernel, &[(&self.hidden, gradient)]);
        }
    }

    /// The gradient at a panel of its units, by image.
    pub(super) fn gradient_at_first(&self, panel: usize, len: usize) -> &[f32] {
        &self.hidden_gradient[(panel - self.first.start) * len..][..len]
    }
}
