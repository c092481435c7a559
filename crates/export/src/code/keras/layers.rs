//! Layers as Keras writes them.

use crate::code::{
    facts,
    parts::{Part, parts},
    template::number,
};
use latent_core::model::{Activation, Convolution, Corruption, Half, Layer, LayerKind, ModelSpec};

/// The layers of a half, one a line.
pub(super) fn lines(model: &ModelSpec, half: Half) -> Vec<String> {
    let mut lines = match (half, model.corruption) {
        (Half::Encoder, Corruption::Gaussian { deviation }) => vec![
            format!("layers.GaussianNoise({}),", number(deviation)),
            "layers.ReLU(max_value=1.0),  # clips to 0 ... 1".into(),
        ],
        (Half::Encoder, Corruption::Masking { fraction }) => vec![format!("Mask({}),", number(fraction))],
        _ => Vec::new(),
    };
    lines.extend(parts(model, half).iter().map(|part| line(model, part)));
    lines
}

fn line(model: &ModelSpec, part: &Part) -> String {
    match part {
        Part::Flatten(_) => "layers.Flatten(),".into(),
        Part::Reshape(map) => format!("layers.Reshape(({})),", facts::shape(*map)),
        Part::Layer(layer) => weighted(layer),
        Part::Activation(layer) => format!("{},", activation(layer.activation, model.slope)),
    }
}

fn weighted(layer: &Layer) -> String {
    let name = &layer.name;
    let convolution = |class: &str, filters: usize, Convolution { kernel, stride, .. }: &Convolution| {
        format!(r#"layers.{class}({filters}, {kernel}, strides={stride}, padding="same", name="{name}"),"#)
    };
    match &layer.kind {
        LayerKind::Dense => format!(r#"layers.Dense({}, name="{name}"),"#, layer.outputs),
        LayerKind::Conv2d(it) => convolution("Conv2D", it.small.channels, it),
        LayerKind::Conv2dTranspose(it) => convolution("Conv2DTranspose", it.large.channels, it),
        LayerKind::Dropout { rate, .. } => format!("layers.Dropout({}),", number(*rate)),
    }
}

fn activation(activation: Activation, slope: f32) -> String {
    match activation {
        Activation::LeakyRelu => format!("layers.LeakyReLU(negative_slope={})", number(slope)),
        Activation::Relu => "layers.ReLU()".into(),
        Activation::Tanh | Activation::Sigmoid | Activation::Linear => {
            format!(r#"layers.Activation("{}")"#, activation.name())
        }
    }
}
