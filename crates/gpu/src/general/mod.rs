//! Models of any kind: convolutions and their transposes, dropout, variational codes, corrupted images.
//!
//! Every layer is a convolution between a large feature map and a small one (`wgsl/general/layer.wgsl`). A dense layer is one
//! between maps of a single pixel, whose channels are its values. So two products make up all forward and backward passes:
//! the small map from the large one, and the large map from the small one. The matrix of a convolution's windows is never
//! made: a product's left operand loads them where they are. Maps have a border of zeros, so no load asks whether it is inside.
//!
//! | passes | compute |
//! |---|---|
//! | inputs | the images as numbers, corrupted for a denoising model |
//! | forward, one a layer | `y = f(x ∗ W + b)`, and dropout |
//! | sample | a variational code from its two heads, which are one layer here |
//! | losses, in place of the last forward pass | the last layer's gradient, and the values' losses |
//! | sum losses | the losses and divergences of each four images |
//! | backward, one a layer but the first | the gradient by the pre-activations of the layer before |
//! | kernel gradients, one for all layers | in parts of the sums over images and pixels |
//! | bias gradients, one for all layers | in parts of the same sums |
//! | update, one for all layers | the parts' sums, which Adam takes |
//!
//! A batch that does not fit into a buffer at once is trained by shards, whose gradients add up before the update.
//!
//! `map` has the feature maps, `layer` what the passes know of a layer, `layout` where everything is, `schedule` the passes,
//! `kernel` their pieces of WGSL, `weights` how tensors are packed, `gradient` the parts of gradients, and `random` the random
//! numbers of a step.

mod gradient;
mod kernel;
mod layer;
mod layout;
mod map;
mod random;
mod schedule;
mod weights;

pub(super) use kernel::GeneralKernel;
pub(super) use layer::LAYER_WORDS;
pub(super) use layout::{GeneralLayout, MAX_LAYERS};
pub(super) use map::Map;
pub(super) use random::{ENTRIES, Positions, Random, RandomSource};

#[cfg(test)]
pub(super) fn model(fragment: &str) -> latent_core::model::ModelSpec {
    let (link, problems) = latent_core::link::Link::parse(fragment);
    assert_eq!(problems, [], "{fragment}");
    link.settings.model
}
