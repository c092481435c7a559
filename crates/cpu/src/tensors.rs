//! The network's sizes, and its weights (or Adam's moments) as the kernels read them: in panels, padded with zeros.

use super::{activation::Activation, objective::Objective, panels::PanelLayout, simd::Simd, tile::ROWS};
use latent_core::{
    model::{Half, ModelSpec, Role},
    training::TrainerError,
    weights::Weights,
};
use std::ops::Range;

/// The number of column blocks of a network with one hidden layer. Results depend on it, because sums over blocks are made in
/// the blocks' order. They do not depend on who computes a block.
pub(super) const COLUMN_BLOCKS: usize = 4;

/// About how many weights of the output layer take as long as a unit of the first layer, for each pixel that it reads: so that
/// blocks take equally long although panels cannot be cut. From clocks in both of two workers (docs/measurements.md).
const UNIT_COST_PER_PIXEL: [usize; 2] = [125, 196];

/// The sizes that the kernels work with.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) model: ModelSpec,
    /// Values of an image.
    pub(super) pixels: usize,
    pub(super) objective: Objective,
    /// 1 for each column of the output layer's last panel that is a pixel, 0 for padding, after a panel of ones:
    /// `[2, PANEL]`.
    masks: Vec<f32>,
    /// Units of the code.
    pub(super) code: usize,
    /// Which layer gives the code. Of a variational model its units are the means, and then the logarithms of the variances.
    pub(super) code_layer: usize,
    /// The layers from the image to the reconstruction.
    pub(super) layers: Vec<LayerShape>,
}

/// How a dense layer's kernel lies in memory: `[columns / width, rows, width]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct LayerShape {
    inputs: usize,
    /// How many of the model's layers it is, side by side: two where a variational model has a mean and a logarithm of the
    /// variance.
    heads: usize,
    /// The layer's units, without padding.
    pub(super) outputs: usize,
    pub(super) activation: Activation,
    /// What the layer reads, with its padding: the units of the layer before it, or pixels.
    pub(super) rows: usize,
    /// The layer's units, rounded up to whole tiles: so many are computed. The first and the last layer's are whole panels.
    pub(super) units: usize,
    /// Columns of a panel.
    pub(super) width: usize,
    /// How many panels there are.
    pub(super) panels: usize,
}

impl LayerShape {
    /// Units rounded up to whole panels: so many have memory.
    pub(super) fn columns(&self) -> usize {
        self.panels * self.width
    }

    /// Numbers in a panel of the kernel.
    pub(super) fn panel_len(&self) -> usize {
        self.rows * self.width
    }

    /// The index of the kernel's number in this row and column, in a layer other than the first. Its width is known at compile
    /// time, so there is no division.
    pub(super) fn at<F: Simd>(&self, row: usize, column: usize) -> usize {
        debug_assert_eq!(self.width, F::PANEL);
        (column / F::PANEL * self.rows + row) * F::PANEL + column % F::PANEL
    }

    fn layout(&self) -> PanelLayout {
        PanelLayout { rows: self.inputs, columns: self.outputs, width: self.width, stride: self.rows }
    }
}

impl Shape {
    /// The sizes for vectors of type `F`, with `WIDE` of them side by side in the first layer's panels.
    pub(super) fn new<F: Simd, const WIDE: usize>(model: &ModelSpec) -> Self {
        let mut lowered = model.layers();
        lowered.retain(|layer| layer.role != Role::LogVariance);
        let last = lowered.len() - 1;
        let mut layers: Vec<LayerShape> = Vec::new();
        for (at, layer) in lowered.iter().enumerate() {
            let heads = if layer.role == Role::Mean { 2 } else { 1 };
            let (inputs, outputs) = (layer.inputs, heads * layer.outputs);
            let (rows, width, tile) = match layers.last() {
                None => (inputs, WIDE * F::LANES, WIDE * F::LANES),
                Some(before) => (before.units, F::PANEL, if at == last { F::PANEL } else { ROWS }),
            };
            let (units, panels) = (outputs.next_multiple_of(tile), outputs.div_ceil(width));
            let activation = layer.function.into();
            layers.push(LayerShape { inputs, heads, outputs, activation, rows, units, width, panels });
        }
        let code_layer = lowered.iter().filter(|layer| layer.half == Half::Encoder).count() - 1;
        let output = &layers[last];
        let padding = output.columns() - output.outputs;
        let mut masks = vec![1.0; 2 * F::PANEL];
        masks[2 * F::PANEL - padding..].fill(0.0);
        Self {
            model: model.clone(),
            pixels: output.outputs,
            objective: Objective::new(model, output.activation),
            masks,
            code: model.latent_units(),
            code_layer,
            layers,
        }
    }

    /// Whether workers can own columns of the two large layers: there is one hidden layer on each side of the code.
    pub(super) fn is_column_parallel(&self) -> bool {
        self.layers.len() == 4 && self.code_layer == 1
    }

    /// Values of an image, and bytes from one to the next: see [`SparseImages::gather`](crate::sparse::SparseImages::gather).
    pub(super) fn size_of_image(&self) -> (usize, usize) {
        (self.pixels, self.image_stride())
    }

    /// Bytes from one image to the next where images are padded to whole panels of the output layer.
    pub(super) fn image_stride(&self) -> usize {
        self.layers[self.output_layer()].columns()
    }

    /// 1 for each column of a panel of the output layer that is a pixel, and 0 for padding.
    pub(super) fn mask(&self, panel: usize) -> &[f32] {
        let width = self.masks.len() / 2;
        let is_last = panel + 1 == self.layers[self.output_layer()].panels;
        &self.masks[usize::from(is_last) * width..][..width]
    }

    /// The layer that gives the reconstruction.
    pub(super) fn output_layer(&self) -> usize {
        self.layers.len() - 1
    }

    /// The block's panels of the first layer.
    pub(super) fn first_of_block(&self, block: usize) -> Range<usize> {
        self.first_before(block)..self.first_before(block + 1)
    }

    /// The block's panels of the output layer, one at least: fewer where it has more of the first.
    pub(super) fn output_of_block(&self, block: usize) -> Range<usize> {
        self.output_before(block)..self.output_before(block + 1)
    }

    fn first_before(&self, block: usize) -> usize {
        (self.layers[0].panels * block).div_ceil(COLUMN_BLOCKS)
    }

    fn output_before(&self, block: usize) -> usize {
        let (first, output) = (&self.layers[0], &self.layers[self.output_layer()]);
        let panel = output.panel_len();
        let [cost, pixels] = UNIT_COST_PER_PIXEL;
        let unit = self.pixels * cost / pixels;
        let all = first.columns() * unit + output.panels * panel;
        (1..=block).fold(0, |before, block| {
            let own =
                (all * block / COLUMN_BLOCKS).saturating_sub(self.first_before(block) * first.width * unit);
            // Where the first layer has few panels, one of them can be more than a block's share.
            let most = (output.panels + block).saturating_sub(COLUMN_BLOCKS);
            ((own + panel / 2) / panel).clamp((before + 1).min(most), most)
        })
    }
}

/// A dense layer's weights.
#[derive(Clone, Debug, Default)]
pub(super) struct Dense {
    /// `[columns / width, rows, width]`
    pub(super) kernel: Vec<f32>,
    /// `[columns]`
    pub(super) bias: Vec<f32>,
}

/// The weights of the network, or something of the same shape, layer by layer from the image on.
///
/// Padding is zero and stays so: the value of a padded unit is 0, whatever the activation, and so are its weights to the next
/// layer. So all gradients of padding are 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Tensors {
    pub(super) layers: Vec<Dense>,
}

impl Tensors {
    /// All zeros.
    pub(super) fn zeros(shape: &Shape) -> Self {
        let zeros = |layer: &LayerShape| Dense {
            kernel: vec![0.0; layer.layout().len()],
            bias: vec![0.0; layer.columns()],
        };
        Self { layers: shape.layers.iter().map(zeros).collect() }
    }

    /// Takes other values, if they fit the network.
    pub(super) fn load(&mut self, shape: &Shape, weights: &Weights) -> Result<(), TrainerError> {
        weights.check(&shape.model)?;
        let mut from = weights.layers();
        for (to, layer) in self.layers.iter_mut().zip(&shape.layers) {
            let mut first = 0;
            for head in from.by_ref().take(layer.heads) {
                let units = head.bias.values.len();
                to.bias[first..][..units].copy_from_slice(&head.bias.values);
                layer.layout().pack_columns(first, &head.kernel.values, &mut to.kernel);
                first += units;
            }
        }
        Ok(())
    }

    /// A copy as named tensors.
    pub(super) fn to_weights(&self, shape: &Shape) -> Weights {
        let mut weights = Weights::zeros(&shape.model);
        let mut to: Vec<_> = weights.layers_mut().collect();
        let mut heads = to.iter_mut();
        for (from, layer) in self.layers.iter().zip(&shape.layers) {
            let mut first = 0;
            for head in heads.by_ref().take(layer.heads) {
                let units = head.bias.values.len();
                head.bias.values.copy_from_slice(&from.bias[first..][..units]);
                layer.layout().unpack_columns(first, &from.kernel, &mut head.kernel.values);
                first += units;
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::{super::simd::Portable4, *};
    use latent_core::model::Latent;

    #[test]
    fn weights_come_back_as_they_went_in_whatever_the_padding() {
        let hidden = [vec![1], vec![3], vec![4, 5], vec![20, 1, 8], vec![21, 30, 2, 7], vec![300]];
        let dense = hidden.map(|hidden| ModelSpec::dense(&hidden, 3, 0.3));
        let variational = [2, 3, 5].map(|units| ModelSpec {
            latent: Latent::Variational { units, beta: 1.0 },
            ..ModelSpec::dense(&[21], units, 0.3)
        });
        for model in dense.into_iter().chain(variational) {
            let shape = Shape::new::<Portable4, 5>(&model);
            let mut weights = Weights::initial(&model, 5);
            weights.layers_mut().for_each(|layer| layer.bias.values.fill(1.5));
            let mut tensors = Tensors::zeros(&shape);
            tensors.load(&shape, &weights).unwrap();
            assert_eq!(tensors.to_weights(&shape), weights);
            let numbers =
                |dense: &Dense| dense.kernel.iter().chain(&dense.bias).filter(|&&x| x != 0.0).count();
            let total: usize = tensors.layers.iter().map(numbers).sum();
            assert_eq!(total, weights.values().filter(|&x| x != 0.0).count());
        }
    }

    #[test]
    fn the_blocks_cover_every_panel_once() {
        for hidden in [1, 20, 21, 39, 50, 300, 4096] {
            let model = ModelSpec::dense(&[hidden], 2, 0.3);
            let shape = Shape::new::<Portable4, 5>(&model);
            let first = (0..COLUMN_BLOCKS).flat_map(|block| shape.first_of_block(block));
            let output = (0..COLUMN_BLOCKS).flat_map(|block| shape.output_of_block(block));
            assert_eq!(first.collect::<Vec<_>>(), (0..hidden.div_ceil(20)).collect::<Vec<_>>());
            assert_eq!(output.collect::<Vec<_>>(), (0..model.input.values() / 8).collect::<Vec<_>>());
        }
    }
}
