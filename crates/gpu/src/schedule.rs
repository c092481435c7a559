//! The schedule: which passes make up a step, in which order.

use super::{
    kernel::Kernel,
    layout::{
        BLOCK, CELLS, LANES, Layout, NODES, OUTPUT, ROW_BLOCKS, ROWS, TILE_OF_ACTIVATIONS, TILE_OF_PIXELS,
        workgroups,
    },
};
use std::ops::Range;

/// The dispatch of a kernel for one layer, or for several where the kernel takes several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dispatch {
    pub(super) kernel: Kernel,
    /// The current layer. For several layers, one behind the last.
    pub(super) layer: usize,
    pub(super) workgroups: usize,
}

/// What passes are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// From images to codes.
    Encode,
    /// From codes to images.
    Decode,
    /// From images to the losses of their reconstructions.
    Evaluate,
    /// A step, or a part of one.
    Train,
}

impl Layout {
    /// The passes over so many images.
    pub(super) fn passes(&self, task: Task, images: usize) -> Vec<Dispatch> {
        match task {
            Task::Encode => self.encode(images),
            Task::Decode => self.decode(images),
            Task::Evaluate => self.evaluate(images),
            Task::Train => self.train(images),
        }
    }

    /// From images to codes.
    fn encode(&self, images: usize) -> Vec<Dispatch> {
        self.forward(0..self.encoder, images)
    }

    /// From codes to images.
    fn decode(&self, images: usize) -> Vec<Dispatch> {
        self.forward(self.encoder..self.layers.len(), images)
    }

    /// From images to the losses of their reconstructions.
    fn evaluate(&self, images: usize) -> Vec<Dispatch> {
        if self.nodes.is_some() {
            return [self.encode(images), self.linear_losses(images, 0)].concat();
        }
        let mut passes = self.forward(0..self.layers.len(), images);
        if let (Some(pass), Some(layer)) = (passes.last_mut(), self.layers.last()) {
            pass.kernel = Kernel::OutputLosses(layer.activation, self.loss);
        }
        let workgroups = row_blocks(images).div_ceil(LANES);
        passes.push(Dispatch { kernel: Kernel::SumLosses, layer: 0, workgroups });
        passes
    }

    /// A whole step.
    fn train(&self, images: usize) -> Vec<Dispatch> {
        let first = Dispatch {
            kernel: Kernel::UpdateFirstLayer,
            layer: 0,
            workgroups: workgroups(self.layers[0].gradient_rows(), self.layers[0].outputs, TILE_OF_PIXELS),
        };
        let backward = |layer: usize| Dispatch {
            kernel: Kernel::Backward(self.layers[layer - 1].activation),
            layer,
            workgroups: workgroups(row_blocks(images), self.layers[layer].inputs, TILE_OF_ACTIVATIONS),
        };
        if self.nodes.is_some() {
            let [output, code] = self.linear_updates();
            let losses = [self.encode(images), self.linear_losses(images, NODES)].concat();
            return [losses, vec![output, backward(1), code, first]].concat();
        }
        let (layer, workgroups) = (self.layers.len(), self.update_groups());
        let others = Dispatch { kernel: Kernel::UpdateOtherLayers, layer, workgroups };
        let backward = (1..self.layers.len()).rev().map(backward).collect();
        [self.evaluate(images), backward, vec![others, first]].concat()
    }

    /// Every kernel that this network's passes use.
    pub(super) fn kernels(&self) -> Vec<Kernel> {
        let mut kernels = Vec::new();
        for passes in [Self::encode, Self::decode, Self::evaluate, Self::train] {
            for Dispatch { kernel, .. } in passes(self, self.rows) {
                if !kernels.contains(&kernel) {
                    kernels.push(kernel);
                }
            }
        }
        kernels
    }

    /// With a linear decoder, from codes to the losses, the gradient by the codes, and the moments of so many nodes.
    fn linear_losses(&self, images: usize, nodes: usize) -> Vec<Dispatch> {
        let units = BLOCK * self.layers[OUTPUT].inputs;
        let rows = BLOCK * row_blocks(images);
        // Besides those for units and images, some for the basis at the mean, one for cells and one for nodes.
        let lists = self.image_blocks.div_ceil(LANES) + 2 + units.div_ceil(LANES) + rows.div_ceil(LANES);
        let moments = row_blocks(images).div_ceil(LANES) + self.row_workgroups(nodes);
        let output = self.layers[OUTPUT].activation;
        let code = self.layers[self.encoder - 1].activation;
        vec![
            linear(Kernel::BoundaryUnits, lists),
            linear(Kernel::Bases, self.row_workgroups(CELLS)),
            linear(Kernel::LinearLosses(output, self.loss), self.row_workgroups(rows)),
            linear(Kernel::Moments(code), moments),
        ]
    }

    /// ... and the updates of the output layer and of the layers on both sides of the code. Between the two, the input
    /// gradient of the layer to the code is computed, while its weights are those of the forward pass.
    fn linear_updates(&self) -> [Dispatch; 2] {
        let rows = BLOCK * self.layers[OUTPUT].inputs + 1;
        let blocks = self.layers[0].outputs + 1 + self.layers[OUTPUT].inputs;
        [
            linear(Kernel::UpdateOutputLayer, self.row_workgroups(rows)),
            linear(Kernel::UpdateCodeLayers, blocks.div_ceil(LANES)),
        ]
    }

    fn forward(&self, layers: Range<usize>, images: usize) -> Vec<Dispatch> {
        let pass = |layer: usize| {
            let own = &self.layers[layer];
            let (kernel, wide) = match layer {
                0 => (Kernel::ForwardFromPixels(own.activation), TILE_OF_PIXELS),
                _ => (Kernel::Forward(own.activation), TILE_OF_ACTIVATIONS),
            };
            Dispatch { kernel, layer, workgroups: workgroups(row_blocks(images), own.outputs, wide) }
        };
        layers.map(pass).collect()
    }

    /// Workgroups of a linear decoder's kernel over so many rows of outputs.
    fn row_workgroups(&self, rows: usize) -> usize {
        (self.image_blocks / ROW_BLOCKS * rows).div_ceil(LANES)
    }
}

/// A pass of a linear decoder, whose kernels know their layers.
fn linear(kernel: Kernel, workgroups: usize) -> Dispatch {
    Dispatch { kernel, layer: 0, workgroups }
}

/// Rows that so many images take, in blocks.
fn row_blocks(images: usize) -> usize {
    images.next_multiple_of(ROWS) / BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::model::{Activation, ModelSpec};

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

    #[test]
    fn kernels_follow_from_the_activations_of_the_layers() {
        let model = ModelSpec { activation: Activation::Relu, ..ModelSpec::default() };
        assert_eq!(Layout::new(&model, 8).kernels(), Layout::new(&ModelSpec::default(), 8).kernels());
        let model = ModelSpec { activation: Activation::Tanh, output: Activation::Sigmoid, ..model };
        let kernels = Layout::new(&model, 8).kernels();
        let is_piecewise_linear = |kernel: &Kernel| format!("{kernel:?}").contains("PiecewiseLinear");
        assert!(!kernels.iter().any(is_piecewise_linear), "{kernels:?}");
    }
}
