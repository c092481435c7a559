//! What a half of a model consists of, in the order of computation: layers, activations, and changes of shape between them.

use latent_core::model::{ActivationFunction, Half, ImageShape, Layer, ModelSpec, Role, Shape};

/// A part of a half.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// A feature map becomes a list: row by row, channels innermost.
    Flatten(ImageShape),
    /// A list becomes a feature map.
    Reshape(ImageShape),
    /// A layer without its activation.
    Layer(Layer),
    /// The activation of a layer. The linear one is no part.
    Activation(Layer),
}

/// The parts of a half, from what it reads to what it gives: from images to codes, from codes to images. The heads of a
/// variational model are left out, they read what the last part gives. So is the output's activation where the loss is computed
/// from logits.
pub(super) fn parts(model: &ModelSpec, half: Half) -> Vec<Part> {
    let mut shape = match half {
        Half::Encoder => Shape::Map(model.input),
        Half::Decoder => Shape::Flat(model.latent_units()),
    };
    let mut parts = Vec::new();
    for layer in model.layers().into_iter().filter(|layer| layer.half == half && !is_head(layer)) {
        parts.extend(reshaping(shape, layer.input_shape()));
        shape = layer.output_shape();
        parts.push(Part::Layer(layer.clone()));
        let is_image = layer.role == Role::Reconstruction;
        if is_image {
            parts.extend(reshaping(shape, Shape::Map(model.input)));
        }
        let is_linear = layer.function == ActivationFunction::PiecewiseLinear { negative_slope: 1.0 };
        let is_in_the_loss = is_image && model.loss.reads_logits();
        if !(is_linear || is_in_the_loss) {
            parts.push(Part::Activation(layer));
        }
    }
    let has_heads = half == Half::Encoder && model.is_variational();
    if has_heads {
        parts.extend(reshaping(shape, Shape::Flat(shape.values())));
    }
    parts
}

/// The two layers that give mean and logarithm of the variance of a variational code, which read the same.
pub(super) fn heads(model: &ModelSpec) -> Vec<Layer> {
    model.layers().into_iter().filter(is_head).collect()
}

fn is_head(layer: &Layer) -> bool {
    matches!(layer.role, Role::Mean | Role::LogVariance)
}

fn reshaping(given: Shape, read: Shape) -> Option<Part> {
    match (given, read) {
        (Shape::Map(map), Shape::Flat(_)) => Some(Part::Flatten(map)),
        (Shape::Flat(_), Shape::Map(map)) => Some(Part::Reshape(map)),
        (Shape::Flat(_), Shape::Flat(_)) | (Shape::Map(_), Shape::Map(_)) => None,
    }
}
