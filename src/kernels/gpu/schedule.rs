//! Which passes make up a step, in which order.

use super::{
    layout::{BLOCK, Layout, OF_NUMBERS, OF_PIXELS, ROWS, groups},
    pipelines::Kernel,
};
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
        let mut passes = self.forward(0..self.layers.len(), images);
        if let Some(last) = passes.last_mut() {
            last.kernel = Kernel::Compare;
        }
        passes.push(Dispatch { kernel: Kernel::Loss, layer: 0, groups: 1 });
        passes
    }

    /// A whole step.
    pub(super) fn train(&self, images: usize) -> Vec<Dispatch> {
        let mut passes = self.compare(images);
        for (layer, place) in self.layers.iter().enumerate().skip(1).rev() {
            let groups = groups(row_blocks(images), place.inputs, OF_NUMBERS);
            passes.push(Dispatch { kernel: Kernel::Backward, layer, groups });
        }
        let others = self.update_groups();
        passes.push(Dispatch { kernel: Kernel::UpdateOthers, layer: self.layers.len(), groups: others });
        let first = &self.layers[0];
        let groups = groups(first.gradient_rows(), first.outputs, OF_PIXELS);
        passes.push(Dispatch { kernel: Kernel::UpdateFirst, layer: 0, groups });
        passes
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

/// Rows that so many images take, in blocks.
fn row_blocks(images: usize) -> usize {
    images.next_multiple_of(ROWS) / BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Architecture;

    fn dispatches(hidden: &[usize]) -> usize {
        let architecture = Architecture { hidden: hidden.to_vec(), ..Architecture::default() };
        Layout::new(&architecture, 256).train(256).len()
    }

    #[test]
    fn the_tutorials_step_has_ten_dispatches_and_a_further_hidden_layer_four_more() {
        assert_eq!(dispatches(&[300]), 10);
        assert_eq!(dispatches(&[300, 20]), 14);
        assert_eq!(dispatches(&[300, 20, 20, 9]), 22);
    }
}
