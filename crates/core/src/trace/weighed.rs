//! What the pictures of a layer's weights show.

use crate::model::{LayerKind, ModelSpec, Role};

/// What the images of a layer's weights are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighed {
    /// What each of so many units looks for in an image.
    UnitsThatRead(usize),
    /// What each of so many filters looks for.
    FiltersThatRead(usize),
    /// What each of so many units draws into an image.
    UnitsThatDraw(usize),
    /// The kernel of each of so many pairs of channels.
    Pairs(usize),
    /// All weights, with as many rows and columns.
    Matrix([usize; 2]),
}

/// What the images of the weights of the layer at this index of [`ModelSpec::layers`] are. `None` of a layer without weights.
pub fn weighed(model: &ModelSpec, index: usize) -> Option<Weighed> {
    let layers = model.layers();
    let layer = layers.get(index).filter(|layer| layer.has_weights())?;
    let is_first = !layers[..index].iter().any(|before| before.has_weights());
    Some(match layer.kind {
        LayerKind::Dense if is_first => Weighed::UnitsThatRead(layer.outputs),
        LayerKind::Dense if layer.role == Role::Reconstruction => Weighed::UnitsThatDraw(layer.inputs),
        LayerKind::Dense => {
            Weighed::Matrix([layer.inputs.min(layer.outputs), layer.inputs.max(layer.outputs)])
        }
        LayerKind::Conv2d(convolution) if is_first => Weighed::FiltersThatRead(convolution.small.channels),
        LayerKind::Conv2d(convolution) | LayerKind::Conv2dTranspose(convolution) => {
            Weighed::Pairs(convolution.small.channels * convolution.large.channels)
        }
        LayerKind::Dropout { .. } => return None,
    })
}
