//! Which passes make up a step, in which order.

use super::{
    kernel::{Direction, GeneralKernel, Gradient, Store},
    layer::{GeneralLayer, Reads},
    layout::{GeneralLayout, TILE},
};
use crate::{
    kernel::Kernel,
    layout::{BLOCK, LANES, ROWS, workgroups},
    schedule::{Dispatch, Task},
};
use latent_core::model::Corruption;
use std::ops::Range;

impl GeneralLayout {
    /// The passes over so many images.
    pub(crate) fn passes(&self, task: Task, images: usize) -> Vec<Dispatch> {
        let (encoder, all) = (self.encoder, self.layers.len());
        let mut passes = Vec::new();
        match task {
            Task::Encode => {
                passes.push(self.inputs(Corruption::None, images));
                passes.extend(self.forward(0..encoder, task, images));
            }
            Task::Decode => passes.extend(self.forward(encoder..all, task, images)),
            Task::Evaluate | Task::Train => {
                passes.push(self.inputs(self.corruption, images));
                passes.extend(self.forward(0..encoder, task, images));
                passes.extend(self.sample(task, images));
                passes.extend(self.forward(encoder..all, task, images));
                let kernel = GeneralKernel::SumLosses { is_variational: self.is_variational };
                passes.push(of_all(kernel, all, row_blocks(images)));
            }
        }
        if task == Task::Train {
            passes.extend((1..all).rev().map(|layer| self.backward(layer, images)));
            let [kernels, biases] = self.gradient_groups();
            passes.push(of_all(GeneralKernel::KernelGradients, all, kernels));
            passes.push(of_all(GeneralKernel::BiasGradients, all, biases));
        }
        passes
    }

    /// The passes that follow when all images of a batch were trained on.
    pub(crate) fn update(&self) -> Vec<Dispatch> {
        /// A workgroup takes several blocks where there would be more than every device accepts.
        const MOST: usize = 32_768;
        let groups = self.weights.div_ceil(LANES).min(MOST);
        vec![of_all(GeneralKernel::Update, self.layers.len(), groups)]
    }

    fn inputs(&self, corruption: Corruption, images: usize) -> Dispatch {
        let map = self.layers[0].large;
        let blocks = images.next_multiple_of(ROWS) * map.height * map.width * map.blocks;
        of_all(GeneralKernel::Inputs(corruption.into()), 0, blocks.div_ceil(LANES))
    }

    fn sample(&self, task: Task, images: usize) -> Option<Dispatch> {
        let kernel = GeneralKernel::Sample { is_drawn: task == Task::Train };
        let blocks = images.next_multiple_of(ROWS) * self.code.blocks;
        self.heads().map(|heads| of_all(kernel, heads, blocks.div_ceil(LANES)))
    }

    fn forward(&self, layers: Range<usize>, task: Task, images: usize) -> Vec<Dispatch> {
        let pass = |number: usize| {
            let layer = &self.layers[number];
            let is_last = number + 1 == self.layers.len();
            let store = match task {
                Task::Train | Task::Evaluate if is_last => {
                    Store::Losses { activation: layer.activation, loss: self.loss, unrolled: layer.unrolled }
                }
                _ => {
                    let is_dropped = task == Task::Train && layer.dropout.is_some();
                    let saves = task == Task::Train && layer.saves_derivative();
                    Store::Outputs { activation: layer.activation, saves, is_dropped }
                }
            };
            let direction = match layer.reads {
                Reads::Large => Direction::SmallFromLarge,
                Reads::Small => Direction::LargeFromSmall,
            };
            product(layer, number, direction, store, images)
        };
        layers.map(pass).collect()
    }

    fn backward(&self, number: usize, images: usize) -> Dispatch {
        let (layer, before) = (&self.layers[number], &self.layers[number - 1]);
        let gradient = match number == self.encoder && self.is_variational {
            true => Gradient::OfCode,
            false if before.saves_derivative() => Gradient::Saved,
            false => Gradient::Computed,
        };
        let direction = match layer.reads {
            Reads::Large => Direction::LargeFromSmall,
            Reads::Small => Direction::SmallFromLarge,
        };
        product(layer, number, direction, Store::Gradient(gradient), images)
    }

    /// Every kernel that this model's passes use.
    pub(crate) fn kernels(&self) -> Vec<Kernel> {
        let tasks = [Task::Encode, Task::Decode, Task::Evaluate, Task::Train];
        let passes = tasks.into_iter().flat_map(|task| self.passes(task, self.rows)).chain(self.update());
        let mut kernels = Vec::new();
        for Dispatch { kernel, .. } in passes {
            if !kernels.contains(&kernel) {
                kernels.push(kernel);
            }
        }
        kernels
    }
}

fn product(
    layer: &GeneralLayer,
    number: usize,
    direction: Direction,
    store: Store,
    images: usize,
) -> Dispatch {
    let rows = row_blocks(images) * layer.small.height * layer.small.width;
    let is_flat = layer.is_dense();
    let (columns, phases) = match direction {
        Direction::SmallFromLarge => (layer.small_blocks(), 1),
        Direction::LargeFromSmall if is_flat => (layer.large_blocks(), 1),
        Direction::LargeFromSmall => (layer.large_blocks(), layer.convolution.stride.pow(2)),
    };
    let wide = columns.min(TILE);
    let kernel = GeneralKernel::Product { direction, store, wide, is_flat };
    of_all(kernel, number, phases * workgroups(rows, columns, wide))
}

/// A pass with a number: of its layer, or of all layers.
fn of_all(kernel: GeneralKernel, layer: usize, workgroups: usize) -> Dispatch {
    Dispatch { kernel: Kernel::General(kernel), layer, workgroups }
}

/// Rows that so many images take, in blocks.
fn row_blocks(images: usize) -> usize {
    images.next_multiple_of(ROWS) / BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::general::model;

    fn dispatches(fragment: &str) -> usize {
        let layout = GeneralLayout::new(&model(fragment), 128);
        layout.passes(Task::Train, 128).len() + layout.update().len()
    }

    #[test]
    fn a_convolutional_step_has_half_of_the_dispatches_that_it_may_have() {
        // Inputs, seven layers, sums, six gradients by inputs, two by weights, the update.
        assert_eq!(dispatches("encoder=conv8k3s2,conv16k3s2"), 18);
        // Two layers and a sample more.
        assert_eq!(dispatches("encoder=conv32k3s2,conv64k3s2,dense16&activation=relu&variational=1"), 21);
    }

    #[test]
    fn dropout_and_corruption_take_no_dispatch_of_their_own() {
        let plain = dispatches("encoder=dense30,dense20&variational=1");
        assert_eq!(
            plain,
            dispatches("encoder=dense30,dropout0.5,dense20&variational=1&corruption=gaussian0.4")
        );
    }
}
