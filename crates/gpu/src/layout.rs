//! What lies where: matrices in blocks of four numbers, rows padded with zeros to whole blocks.

use latent_core::{
    model::ModelSpec,
    settings::PIXELS,
    weights::{Dense, Weights},
};

/// Numbers in a block, and rows in a block of a product.
pub(super) const BLOCK: usize = 4;
/// Rows of activations come in eights: two blocks for each invocation.
pub(super) const ROWS: usize = 2 * BLOCK;
/// The last layer of a network with a linear decoder.
pub(super) const OUTPUT: usize = 3;
/// The cells of such a decoder's grid and all of them together.
pub(super) const NODES: usize = CELLS + 1;

// The following are constants in WGSL, too (`pipelines.rs`).

/// Cells of that grid (`wgsl/linear.wgsl`), of which each has a basis and moments, four rows of pixels.
pub(super) const CELLS: usize = 16;
/// Invocations that have a row of pixels there.
pub(super) const MEMBERS: usize = 49;
/// Invocations of a workgroup.
pub(super) const LANES: usize = 64;
/// Layers that `layers` in `wgsl/common.wgsl` has room for.
pub(super) const MOST_LAYERS: usize = 10;

/// A dense layer as the passes know it (`Layer` in `wgsl/common.wgsl`). Places and sizes are in blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) input: usize,
    pub(super) output: usize,
    pub(super) input_gradient: usize,
    pub(super) output_gradient: usize,
    pub(super) weights: usize,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) groups_before: usize,
}

/// Where everything of a network lies, with room for so many images in a batch.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) layers: Vec<Place>,
    /// LeakyReLU's slope for negative arguments.
    pub(super) slope: f32,
    /// How many of the layers are the encoder's.
    pub(super) encoder: usize,
    /// Images that a batch can have.
    pub(super) rows: usize,
    /// Where a linear decoder keeps its lists, bases and moments (`wgsl/linear.wgsl`), in blocks; none where the decoder
    /// has another shape and its layers are products.
    pub(super) nodes: Option<usize>,
    /// Blocks of weights, and of either moment.
    pub(super) weights: usize,
    /// Blocks of activations and gradients.
    pub(super) activations: usize,
}

impl Place {
    /// Rows of the weights' gradient in blocks: the bias is one more, and their number is even.
    pub(super) fn gradient_rows(&self) -> usize {
        (self.inputs + 1).next_multiple_of(2)
    }

    /// Blocks of the layer's weights, the bias included.
    fn weight_blocks(&self) -> usize {
        BLOCK * (self.inputs + 1) * self.outputs
    }

    /// As the passes read it.
    pub(super) fn words(&self) -> [u32; 8] {
        [
            self.input,
            self.output,
            self.input_gradient,
            self.output_gradient,
            self.weights,
            self.inputs,
            self.outputs,
            self.groups_before,
        ]
        .map(|place| place as u32)
    }
}

impl Layout {
    pub(super) fn new(model: &ModelSpec, images: usize) -> Self {
        let rows = images.next_multiple_of(ROWS);
        // The squared errors come first.
        let mut activations = rows / BLOCK * PIXELS / BLOCK;
        let mut take = |blocks: usize| {
            activations += rows * blocks;
            activations - rows * blocks
        };
        let (mut input, mut input_gradient, mut weights, mut groups_before) = (0, 0, 0, 0);
        let all = model.layers();
        let mut layers = Vec::with_capacity(all.len());
        for (number, layer) in all.iter().enumerate() {
            let [inputs, outputs] = [layer.inputs, layer.outputs].map(|units| units.div_ceil(BLOCK));
            let output = take(outputs + 1);
            // Of the last layer, training keeps the gradient only, and decoding the outputs only.
            let output_gradient = if number + 1 == all.len() { output } else { take(outputs) };
            let place = Place {
                input,
                output,
                input_gradient,
                output_gradient,
                weights,
                inputs,
                outputs,
                groups_before,
            };
            if number > 0 {
                groups_before += groups(place.gradient_rows(), outputs, OF_NUMBERS);
            }
            weights += place.weight_blocks();
            (input, input_gradient) = (output, output_gradient);
            layers.push(place);
        }
        let (slope, encoder) = (model.slope, model.layers_per_half());
        let is_linear = encoder == 2 && model.latent_units() < BLOCK;
        let nodes = is_linear.then_some(activations);
        if is_linear {
            activations += node_blocks(layers[OUTPUT].inputs, rows);
        }
        Self { layers, slope, encoder, rows, nodes, weights, activations }
    }

    /// Numbers in a row of what a layer gives: its outputs, padded, and a block that begins with a 1.
    pub(super) fn output_length(&self, layer: usize) -> usize {
        BLOCK * (self.layers[layer].outputs + 1)
    }

    /// Workgroups that update all layers but the first.
    pub(super) fn update_groups(&self) -> usize {
        self.layers
            .last()
            .map_or(0, |last| last.groups_before + groups(last.gradient_rows(), last.outputs, OF_NUMBERS))
    }

    /// Weights as they lie on the device: each layer's kernel, row by row, and its bias as one more row.
    pub(super) fn pack(&self, weights: &Weights) -> Vec<f32> {
        let mut packed = vec![0.0; BLOCK * self.weights];
        for (place, dense) in self.layers.iter().zip(&weights.layers) {
            let (length, outputs) = (BLOCK * place.outputs, dense.bias.len());
            let rows = packed[BLOCK * place.weights..].chunks_exact_mut(length);
            for (row, kernel) in rows.zip(dense.kernel.chunks_exact(outputs)) {
                row[..outputs].copy_from_slice(kernel);
            }
            packed[BLOCK * (place.weights + BLOCK * place.inputs * place.outputs)..][..outputs]
                .copy_from_slice(&dense.bias);
        }
        packed
    }

    /// The inverse of [`Layout::pack`].
    pub(super) fn unpack(&self, packed: &[f32], model: &ModelSpec) -> Weights {
        let layers = self.layers.iter().zip(model.layers()).map(|(place, layer)| {
            let rows = packed[BLOCK * place.weights..].chunks_exact(BLOCK * place.outputs);
            let row = |row: &[f32]| row[..layer.outputs].to_vec();
            let kernel = rows.clone().take(layer.inputs).flat_map(row).collect();
            let bias = rows.clone().nth(BLOCK * place.inputs).map_or_else(Vec::new, row);
            Dense { name: layer.name, kernel, bias }
        });
        Weights { layers: layers.collect() }
    }
}

/// Blocks of what a linear decoder's passes give each other (`wgsl/linear.wgsl` has where each lies), where so many
/// blocks of hidden units and so many images are.
fn node_blocks(units: usize, rows: usize) -> usize {
    let bases_and_moments = 2 * NODES * PIXELS;
    let units_of_cells = CELLS * (1 + units);
    let images_of_nodes = NODES * (1 + rows / BLOCK);
    let nodes_of_units = BLOCK * units * (1 + (CELLS + rows) / BLOCK);
    let shares_of_units = (BLOCK * units + 1) * MEMBERS;
    bases_and_moments + units_of_cells + images_of_nodes + nodes_of_units + shares_of_units
}

/// Workgroups of a product of so many rows and columns, in blocks, where an invocation makes two rows and `wide` columns
/// of it (`place_of` in `wgsl/product.wgsl` counts with the same).
pub(super) fn groups(rows: usize, columns: usize, wide: usize) -> usize {
    let columns = columns.div_ceil(wide);
    let across = 1 << columns.ilog2().min(2);
    columns.div_ceil(across) * (rows / 2).div_ceil(LANES / across)
}

/// Columns of blocks that an invocation makes where the left matrix is pixels.
pub(super) const OF_PIXELS: usize = 1;
/// ... where it is numbers.
pub(super) const OF_NUMBERS: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn odd() -> ModelSpec {
        ModelSpec::dense(&[13, 6], 3, 0.3)
    }

    #[test]
    fn what_is_packed_unpacks_to_the_same() {
        let model = odd();
        let mut weights = Weights::initial(&model, 4);
        weights.layers.iter_mut().for_each(|layer| layer.bias.fill(0.5));
        let layout = Layout::new(&model, 10);
        assert_eq!(layout.unpack(&layout.pack(&weights), &model), weights);
    }

    #[test]
    fn no_two_things_share_a_place() {
        for model in [odd(), ModelSpec::dense(&[9], 3, 0.3)] {
            let layout = Layout::new(&model, 10);
            check(&layout);
        }
    }

    fn check(layout: &Layout) {
        assert_eq!(layout.rows, 16);
        let squares = layout.rows / BLOCK * PIXELS / BLOCK;
        let mut taken = Vec::from([0..squares, layout.activations..layout.activations]);
        for (number, place) in layout.layers.iter().enumerate() {
            taken.push(place.output..place.output + layout.rows * (place.outputs + 1));
            if number + 1 < layout.layers.len() {
                let gradient = place.output_gradient;
                taken.push(gradient..gradient + layout.rows * place.outputs);
                assert_eq!(layout.layers[number + 1].input, place.output);
                assert_eq!(layout.layers[number + 1].input_gradient, gradient);
            }
        }
        let nodes = layout.nodes.unwrap_or(layout.activations);
        taken.push(nodes..layout.activations);
        taken.sort_by_key(|range| range.start);
        assert!(taken.windows(2).all(|pair| pair[0].end == pair[1].start));
    }
}
