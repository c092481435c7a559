//! Gradients by weights, which the device stores in parts of their sums over a batch.

use super::{layer::GeneralLayer, layout::GeneralLayout};
use crate::layout::BLOCK;
use std::ops::Range;

/// The parts of the gradient of some weights, in numbers.
struct Parts {
    /// Where the weights are.
    weights: Range<usize>,
    /// Where the first part is in the buffer of gradients.
    first: usize,
    /// From one part to the next.
    distance: usize,
    count: usize,
}

impl GeneralLayer {
    /// The parts of the kernel's gradient and of the bias's, which `wgsl/general/update.wgsl` adds up.
    fn parts_of_gradient(&self) -> [Parts; 2] {
        let (start, bias, end) = (self.weights, self.weights + self.bias(), self.weights + self.size());
        let of_kernel = (start..bias, self.gradient, self.bias(), self.parts);
        let behind = self.gradient + self.parts * self.bias();
        let of_bias = (bias..end, behind, self.output_blocks(), self.sum_parts);
        [of_kernel, of_bias].map(|(weights, first, distance, count)| Parts {
            weights: BLOCK * weights.start..BLOCK * weights.end,
            first: BLOCK * first,
            distance: BLOCK * distance,
            count,
        })
    }
}

impl GeneralLayout {
    /// The gradients in the layout of the weights: the sums of the parts in the device's buffer.
    pub(crate) fn sum_of_parts(&self, parts: &[f32]) -> Vec<f32> {
        let mut sums = vec![0.0; BLOCK * self.weights];
        for Parts { weights, first, distance, count } in self.parts_of_gradients() {
            let sums = &mut sums[weights];
            for part in (0..count).map(|part| &parts[first + part * distance..]) {
                sums.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
            }
        }
        sums
    }

    /// Parts for the device's buffer whose sums these are: the first ones have all of them.
    pub(crate) fn as_first_parts(&self, sums: &[f32]) -> Vec<f32> {
        let mut parts = vec![0.0; BLOCK * self.gradients];
        for Parts { weights, first, .. } in self.parts_of_gradients() {
            parts[first..][..weights.len()].copy_from_slice(&sums[weights]);
        }
        parts
    }

    fn parts_of_gradients(&self) -> impl Iterator<Item = Parts> {
        self.layers.iter().flat_map(GeneralLayer::parts_of_gradient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::general::model;

    #[test]
    fn parts_add_up_to_the_gradients_that_they_are_made_from() {
        let layout = GeneralLayout::new(&model("encoder=conv3k3s2,dropout0.2,dense16&variational=1"), 8);
        let sums: Vec<_> = (0..BLOCK * layout.weights).map(|at| at as f32).collect();
        assert_eq!(layout.sum_of_parts(&layout.as_first_parts(&sums)), sums);
    }

    #[test]
    fn every_number_of_the_buffer_is_in_one_part() {
        let layout = GeneralLayout::new(&model("encoder=conv3k3s2,dropout0.2,dense16&variational=1"), 8);
        let ones = layout.sum_of_parts(&vec![1.0; BLOCK * layout.gradients]);
        assert!(ones.iter().all(|&parts| parts >= 1.0) && ones.iter().any(|&parts| parts > 1.0));
        assert_eq!(ones.iter().sum::<f32>(), (BLOCK * layout.gradients) as f32);
    }
}
