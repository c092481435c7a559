//! The kernels of the first layer as images: what its units or filters look for in an image.

use super::{ImageShape, LayerKind, ModelSpec};

/// The kernels of the first layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstKernels {
    /// How many there are: one a unit or filter.
    pub count: usize,
    /// The size of each: of a dense layer's that of an image.
    pub shape: ImageShape,
    /// Whether the layer is a convolution, whose kernels are filters.
    pub is_convolution: bool,
}

impl ModelSpec {
    /// The kernels of the first layer that has weights, in the layout of
    /// [`Weights::first_kernels`](crate::weights::Weights::first_kernels).
    pub fn first_kernels(&self) -> FirstKernels {
        let layers = self.layers();
        match layers.iter().find(|layer| layer.has_weights()).map(|first| (first.kind, first.outputs)) {
            Some((LayerKind::Conv2d(convolution), _)) => {
                let [height, width, channels, count] = convolution.kernel_shape();
                FirstKernels { count, shape: ImageShape { height, width, channels }, is_convolution: true }
            }
            dense => {
                let count = dense.map_or(0, |(_, units)| units);
                FirstKernels { count, shape: self.input, is_convolution: false }
            }
        }
    }
}
