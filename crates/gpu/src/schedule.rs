//! Which passes make up a step, in which order.

use super::{
    layout::{BLOCK, CELLS, LANES, Layout, MEMBERS, NODES, OF_NUMBERS, OF_PIXELS, OUTPUT, ROWS, groups},
    pipelines::Kernel,
};
use latent_core::settings::PIXELS;
use std::ops::Range;

/// One pass over one layer (or over several, where the pass takes several).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dispatch {
    pub(super) kernel: Kernel,
    /// The layer at hand; where there are several, their end.
    pub(super) layer: usize,
    /// Workgroups.
    pub(super) groups: usize,
}

impl Layout {
    /// From images to codes.
    pub(super) fn encode(&self, images: usize) -> Vec<Dispatch> {
        self.forward(0..self.encoder, images)
    }

    /// From codes to images.
    pub(super) fn decode(&self, images: usize) -> Vec<Dispatch> {
        self.forward(self.encoder..self.layers.len(), images)
    }

    /// From images to the error between them and what the network makes of them.
    pub(super) fn compare(&self, images: usize) -> Vec<Dispatch> {
        if self.nodes.is_some() {
            return [self.encode(images), self.compare_linear(images, 0)].concat();
        }
        let mut passes = self.forward(0..self.layers.len(), images);
        if let Some(last) = passes.last_mut() {
            last.kernel = Kernel::Compare;
        }
        let groups = row_blocks(images).div_ceil(LANES);
        passes.push(Dispatch { kernel: Kernel::Loss, layer: 0, groups });
        passes
    }

    /// A whole step.
    pub(super) fn train(&self, images: usize) -> Vec<Dispatch> {
        let first = Dispatch {
            kernel: Kernel::UpdateFirst,
            layer: 0,
            groups: groups(self.layers[0].gradient_rows(), self.layers[0].outputs, OF_PIXELS),
        };
        let backward = |layer: usize| {
            let groups = groups(row_blocks(images), self.layers[layer].inputs, OF_NUMBERS);
            Dispatch { kernel: Kernel::Backward, layer, groups }
        };
        if self.nodes.is_some() {
            let [units, around_code] = self.update_linear();
            let compare = [self.encode(images), self.compare_linear(images, NODES)].concat();
            return [compare, vec![units, backward(1), around_code, first]].concat();
        }
        let (layer, groups) = (self.layers.len(), self.update_groups());
        let others = Dispatch { kernel: Kernel::UpdateOthers, layer, groups };
        let backward = (1..self.layers.len()).rev().map(backward).collect();
        [self.compare(images), backward, vec![others, first]].concat()
    }

    /// With a linear decoder, from codes to the error, its gradient by the codes, and the moments of so many nodes.
    fn compare_linear(&self, images: usize, nodes: usize) -> Vec<Dispatch> {
        let units = BLOCK * self.layers[OUTPUT].inputs;
        let rows = BLOCK * row_blocks(images);
        // Besides those for units and images, four for the first basis, one for cells and one for nodes.
        let choose = PIXELS / BLOCK / MEMBERS + 2 + units.div_ceil(LANES) + rows.div_ceil(LANES);
        let moments = row_blocks(images).div_ceil(LANES) + members(nodes);
        vec![
            linear(Kernel::Choose, choose),
            linear(Kernel::Bases, members(CELLS)),
            linear(Kernel::Images, members(rows)),
            linear(Kernel::Moments, moments),
        ]
    }

    /// ... and from there to its weights and those of the layer before it, whose input gradient is taken in between.
    fn update_linear(&self) -> [Dispatch; 2] {
        let units = BLOCK * self.layers[OUTPUT].inputs + 1;
        let blocks = self.layers[0].outputs + 1 + self.layers[OUTPUT].inputs;
        [linear(Kernel::Units, members(units)), linear(Kernel::AroundCode, blocks.div_ceil(LANES))]
    }

    fn forward(&self, layers: Range<usize>, images: usize) -> Vec<Dispatch> {
        let pass = |layer| {
            let (kernel, wide) = match layer {
                0 => (Kernel::ForwardFromPixels, OF_PIXELS),
                _ => (Kernel::Forward, OF_NUMBERS),
            };
            Dispatch { kernel, layer, groups: groups(row_blocks(images), self.layers[layer].outputs, wide) }
        };
        layers.map(pass).collect()
    }
}

/// A pass of a linear decoder, which knows its layers.
fn linear(kernel: Kernel, groups: usize) -> Dispatch {
    Dispatch { kernel, layer: 0, groups }
}

/// Workgroups in which each of so many rows of pixels has its invocations.
fn members(rows: usize) -> usize {
    (MEMBERS * rows).div_ceil(LANES)
}

/// Rows that so many images take, in blocks.
fn row_blocks(images: usize) -> usize {
    images.next_multiple_of(ROWS) / BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::model::ModelSpec;

    fn dispatches(hidden: &[usize], code: usize) -> usize {
        let model = ModelSpec::dense(hidden, code, 0.3);
        Layout::new(&model, 256).train(256).len()
    }

    #[test]
    fn the_tutorials_step_has_ten_dispatches_and_a_further_hidden_layer_four_more() {
        assert_eq!(dispatches(&[300], 2), 10);
        assert_eq!(dispatches(&[300], 32), 10);
        assert_eq!(dispatches(&[300, 20], 2), 14);
        assert_eq!(dispatches(&[300, 20, 20, 9], 2), 22);
    }
}
