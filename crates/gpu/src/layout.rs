//! The buffer layout: where each matrix of a network begins. Matrices are stored in blocks of four numbers, with rows
//! padded with zeros to whole blocks.

use super::{activation::Activation, general::Map};
use latent_core::model::{Half, Layer, LossKind, MAX_HIDDEN_LAYERS, ModelSpec};

/// Numbers in a block, and rows in a block of a product.
pub(super) const BLOCK: usize = 4;
/// Rows of activations come in eights: two blocks for each invocation.
pub(super) const ROWS: usize = 2 * BLOCK;
/// The last layer of a network with a linear decoder.
pub(super) const OUTPUT: usize = 3;
/// Nodes of such a decoder's tree: the cells of its grid, and all of them together.
pub(super) const NODES: usize = CELLS + 1;
/// Blocks of an image's row that one invocation of such a decoder computes. Images are padded to a multiple of them.
pub(super) const ROW_BLOCKS: usize = 4;

// The following are constants in WGSL, too (`kernel.rs`).

/// Cells of that grid (`wgsl/linear/decoder.wgsl`). Each has a basis and moments of four image rows.
pub(super) const CELLS: usize = 16;
/// Invocations of a workgroup.
pub(super) const LANES: usize = 64;
/// The length of `layers` in `wgsl/common.wgsl`.
pub(super) const MAX_LAYERS: usize = 2 * (MAX_HIDDEN_LAYERS + 1);

/// A dense layer as the passes know it (`Layer` in `wgsl/common.wgsl`). Positions and sizes are in blocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LayerLayout {
    pub(super) input: usize,
    pub(super) output: usize,
    pub(super) input_gradient: usize,
    pub(super) output_gradient: usize,
    pub(super) weights: usize,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) groups_before: usize,
    /// Outputs without padding, in numbers.
    pub(super) units: usize,
    pub(super) activation: Activation,
    /// The slope of a piecewise linear activation for negative arguments.
    pub(super) slope: f32,
}

/// Where everything of a network is stored, for batches of up to so many images.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) layers: Vec<LayerLayout>,
    pub(super) loss: LossKind,
    /// How many of the layers are the encoder's.
    pub(super) encoder: usize,
    /// Blocks of an image.
    pub(super) image_blocks: usize,
    /// Images that a batch can have.
    pub(super) rows: usize,
    /// Where a linear decoder keeps its lists, bases and moments (`wgsl/linear/decoder.wgsl`), in blocks. None where the
    /// decoder's layers are products.
    pub(super) nodes: Option<usize>,
    /// Blocks of weights, and of either moment.
    pub(super) weights: usize,
    /// Blocks of activations and gradients.
    pub(super) activations: usize,
}

impl LayerLayout {
    /// Rows of the weight gradient in blocks: the bias is one more, and their number is even.
    pub(super) fn gradient_rows(&self) -> usize {
        (self.inputs + 1).next_multiple_of(2)
    }

    /// Blocks of the layer's weights, the bias included.
    fn weight_blocks(&self) -> usize {
        BLOCK * (self.inputs + 1) * self.outputs
    }

    /// As the passes read it.
    pub(super) fn words(&self) -> [u32; 12] {
        [
            self.input as u32,
            self.output as u32,
            self.input_gradient as u32,
            self.output_gradient as u32,
            self.weights as u32,
            self.inputs as u32,
            self.outputs as u32,
            self.groups_before as u32,
            self.units as u32,
            self.slope.to_bits(),
            0,
            0,
        ]
    }
}

impl Layout {
    pub(super) fn new(model: &ModelSpec, images: usize) -> Self {
        let rows = images.next_multiple_of(ROWS);
        let image_blocks = image_blocks(model);
        // The pixels' losses come first.
        let mut activations = rows / BLOCK * image_blocks;
        let mut take = |blocks: usize| {
            activations += rows * blocks;
            activations - rows * blocks
        };
        let (mut input, mut input_gradient, mut weights, mut groups_before) = (0, 0, 0, 0);
        let all = model.layers();
        let mut inputs = image_blocks;
        let mut layers = Vec::with_capacity(all.len());
        for (number, layer) in all.iter().enumerate() {
            let is_last = number + 1 == all.len();
            let outputs = if is_last { image_blocks } else { layer.outputs.div_ceil(BLOCK) };
            let output = take(outputs + 1);
            let activation = Activation::from(layer.function);
            // Of the last layer, training stores the gradient only and decoding the outputs only, so they share a place
            // unless decoding stores derivatives too.
            let shares_place = is_last && activation.derivative_from_value();
            let output_gradient = if shares_place { output } else { take(outputs) };
            let layout = LayerLayout {
                input,
                output,
                input_gradient,
                output_gradient,
                weights,
                inputs,
                outputs,
                groups_before,
                units: layer.outputs,
                activation,
                slope: layer.function.negative_slope().unwrap_or_default(),
            };
            if number > 0 {
                groups_before += workgroups(layout.gradient_rows(), outputs, TILE_OF_ACTIVATIONS);
            }
            weights += layout.weight_blocks();
            (input, input_gradient, inputs) = (output, output_gradient, outputs);
            layers.push(layout);
        }
        let nodes = has_linear_decoder(&all).then_some(activations);
        if nodes.is_some() {
            activations += node_blocks(layers[OUTPUT].inputs, rows, image_blocks);
        }
        let (loss, encoder) = (model.loss.kind, model.layers_of_encoder());
        Self { layers, loss, encoder, image_blocks, rows, nodes, weights, activations }
    }

    /// A layer's outputs, each row of which is padded and followed by a block that begins with a 1.
    pub(super) fn outputs(&self, layer: usize) -> Map {
        let LayerLayout { output, outputs, units, .. } = self.layers[layer];
        Map::rows(output, outputs + 1, units)
    }

    /// Workgroups that update all layers but the first.
    pub(super) fn update_groups(&self) -> usize {
        self.layers.last().map_or(0, |last| {
            last.groups_before + workgroups(last.gradient_rows(), last.outputs, TILE_OF_ACTIVATIONS)
        })
    }
}

/// Blocks of an image in the buffer of pixels.
pub(super) fn image_blocks(model: &ModelSpec) -> usize {
    model.input.values().div_ceil(BLOCK * ROW_BLOCKS) * ROW_BLOCKS
}

/// Whether the decoder is computed by its linear regions: one piecewise linear hidden layer behind a code of up to three
/// numbers. The activations of code and output are free.
fn has_linear_decoder(layers: &[Layer]) -> bool {
    let decoder: Vec<_> = layers.iter().filter(|layer| layer.half == Half::Decoder).collect();
    let [hidden, _] = decoder[..] else { return false };
    layers.len() == OUTPUT + 1 && hidden.inputs < BLOCK && hidden.function.negative_slope().is_some()
}

/// Blocks of the buffers between a linear decoder's passes (`wgsl/linear/decoder.wgsl` says where each begins), with so
/// many blocks of hidden units and so many images.
fn node_blocks(units: usize, rows: usize, image_blocks: usize) -> usize {
    let bases_and_moments = 2 * NODES * BLOCK * image_blocks;
    let units_of_cells = CELLS * (1 + units);
    let images_of_nodes = NODES * (1 + rows / BLOCK);
    let nodes_of_units = BLOCK * units * (1 + (CELLS + rows) / BLOCK);
    let partial_sums_of_units = (BLOCK * units + 1) * image_blocks / ROW_BLOCKS;
    bases_and_moments + units_of_cells + images_of_nodes + nodes_of_units + partial_sums_of_units
}

/// Workgroups of a product of so many rows and columns, in blocks, where an invocation computes a tile of two rows and
/// `wide` columns (`tile_position` in `wgsl/product.wgsl` counts with the same formula).
pub(super) fn workgroups(rows: usize, columns: usize, wide: usize) -> usize {
    let columns = columns.div_ceil(wide);
    let across = 1 << columns.ilog2().min(2);
    columns.div_ceil(across) * (rows / 2).div_ceil(LANES / across)
}

/// Columns of blocks in a tile where the left matrix is pixels.
pub(super) const TILE_OF_PIXELS: usize = 1;
/// ... where it is activations.
pub(super) const TILE_OF_ACTIVATIONS: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::model::Activation as Name;

    #[test]
    fn no_two_matrices_overlap() {
        for model in [ModelSpec::dense(&[13, 6], 3, 0.3), ModelSpec::dense(&[9], 3, 0.3)] {
            for output in Name::ALL {
                check(&Layout::new(&ModelSpec { output, ..model.clone() }, 10));
            }
        }
    }

    fn check(layout: &Layout) {
        assert_eq!(layout.rows, 16);
        let losses = layout.rows / BLOCK * layout.image_blocks;
        let mut taken = Vec::from([0..losses, layout.activations..layout.activations]);
        for (number, layer) in layout.layers.iter().enumerate() {
            taken.push(layer.output..layer.output + layout.rows * (layer.outputs + 1));
            let gradient = layer.output_gradient;
            if gradient != layer.output {
                taken.push(gradient..gradient + layout.rows * layer.outputs);
            }
            if number + 1 < layout.layers.len() {
                assert_ne!(gradient, layer.output);
                assert_eq!(layout.layers[number + 1].input, layer.output);
                assert_eq!(layout.layers[number + 1].input_gradient, gradient);
            }
        }
        let nodes = layout.nodes.unwrap_or(layout.activations);
        taken.push(nodes..layout.activations);
        taken.sort_by_key(|range| range.start);
        assert!(taken.windows(2).all(|pair| pair[0].end == pair[1].start));
    }

    #[test]
    fn images_are_padded_to_sixteen_values() {
        let mut model = ModelSpec::dense(&[9], 3, 0.3);
        let blocks = |model: &ModelSpec| Layout::new(model, 8).image_blocks;
        assert_eq!(blocks(&model), 196);
        (model.input.height, model.input.width) = (5, 7);
        assert_eq!(blocks(&model), 12);
    }

    #[test]
    fn the_linear_decoder_is_chosen_by_properties_of_the_layers() {
        let is_linear = |hidden: &[usize], code, activation| {
            let model = ModelSpec { activation, ..ModelSpec::dense(hidden, code, 0.3) };
            Layout::new(&model, 8).nodes.is_some()
        };
        assert!(is_linear(&[9], 3, Name::LeakyRelu) && is_linear(&[9], 1, Name::Relu));
        assert!(!is_linear(&[9], 4, Name::Relu) && !is_linear(&[9, 9], 2, Name::Relu));
        assert!(!is_linear(&[9], 2, Name::Tanh) && !is_linear(&[9], 2, Name::Sigmoid));
    }
}
