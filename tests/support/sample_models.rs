//! Models for comparing engines with plain loops, and what they are trained on.

use latent_core::{
    data::{ImageShape, Images},
    link::Link,
    model::{Activation, ModelSpec},
    training::Progress,
    weights::Weights,
};

/// Models with what no fixture has: dropout, corruption, other kernels and strides, odd sizes, colours, and β.
pub const MODELS: [(&str, ImageShape); 9] = [
    ("encoder=dense20,dropout0.3,dense9,dropout0.5&output=sigmoid", shape(5, 7, 1)),
    ("encoder=dense20&corruption=gaussian0.4&loss=mse-sum", shape(6, 6, 1)),
    ("encoder=dense20&corruption=masking0.3&output=sigmoid&loss=bce", shape(4, 5, 3)),
    (
        "encoder=dense12&code=3&variational=1&beta=4&output=sigmoid&loss=bce-sum&activation=relu",
        shape(5, 5, 1),
    ),
    ("encoder=conv4k3s2,dropout0.2,conv3k3s2,dense6&activation=relu", shape(7, 13, 1)),
    ("encoder=conv3k5s2,conv4k2s1&code=3&variational=1&beta=0.5&output=tanh", shape(9, 8, 3)),
    ("encoder=conv3k1s2,conv2k4s2,dense5&activation=tanh&output=sigmoid&loss=bce", shape(10, 7, 1)),
    ("encoder=conv2k7s1,conv3k6s2&activation=sigmoid&code-activation=linear", shape(6, 9, 1)),
    ("encoder=conv4k3s2,dense8&corruption=gaussian0.2&variational=1&loss=mse-sum", shape(8, 8, 1)),
];

/// A shape of images.
pub const fn shape(height: usize, width: usize, channels: usize) -> ImageShape {
    ImageShape { height, width, channels }
}

/// Models of every kind as parts of links, one of them for each activation, with the shape of their images.
pub fn models() -> impl Iterator<Item = (String, ImageShape)> {
    let with_each_activation = Activation::ALL.map(Activation::name).map(|name| {
        (format!("encoder=conv3k3s2,dropout0.2,dense9&activation={name}&output={name}"), shape(7, 8, 1))
    });
    MODELS.map(|(link, shape)| (link.into(), shape)).into_iter().chain(with_each_activation)
}

/// The model that a part of a link describes, for images of this shape.
pub fn model(link: &str, input: ImageShape) -> ModelSpec {
    let (parsed, problems) = Link::parse(link);
    assert_eq!(problems, [], "{link}");
    ModelSpec { input, ..parsed.settings.model }
}

/// Images of which two values in three are black, as most of MNIST's are.
pub fn images_of(shape: ImageShape, count: usize) -> Images {
    let mut images = Images::new(shape);
    let value = |at: usize| if at.is_multiple_of(3) { (at * 7_919 % 256) as u8 } else { 0 };
    images.append(&(0..count * shape.values()).map(value).collect::<Vec<_>>()).unwrap();
    images
}

/// Initial weights with biases that are not zero.
pub fn start(model: &ModelSpec) -> Progress {
    let mut weights = Weights::initial(model, 11);
    for layer in weights.layers_mut() {
        let bias = |at: usize| 0.02 * (at % 7) as f32 - 0.05;
        layer.bias.values.iter_mut().enumerate().for_each(|(at, value)| *value = bias(at));
    }
    Progress::with_weights(model, weights)
}
