//! Layers as PyTorch writes them.

use crate::code::{
    parts::{Part, parts},
    template::{fill, number},
};
use latent_core::model::{Activation, Convolution, Half, ImageShape, Layer, LayerKind, ModelSpec};

/// Rows and columns before and behind a map: `[[top, bottom], [left, right]]`.
type Margins = [[usize; 2]; 2];

pub(super) fn is_convolution(layer: &Layer) -> bool {
    matches!(layer.kind, LayerKind::Conv2d(_) | LayerKind::Conv2dTranspose(_))
}

/// The layers of a half, one a line, each with the page's name.
pub(super) fn lines(model: &ModelSpec, half: Half) -> Vec<String> {
    parts(model, half).iter().flat_map(|part| lines_of(model, half, part)).collect()
}

/// The modules that PyTorch does not have. The order of values counts where there is more than one channel.
pub(super) fn classes(model: &ModelSpec) -> String {
    let parts: Vec<_> =
        [Half::Encoder, Half::Decoder].into_iter().flat_map(|half| parts(model, half)).collect();
    let flattens = |part: &Part| matches!(part, Part::Flatten(map) if map.channels > 1);
    let reshapes = |part: &Part| matches!(part, Part::Reshape(map) if map.channels > 1);
    let mut classes = String::new();
    if parts.iter().any(flattens) {
        classes += &(fill(include_str!("to_list.py"), &[]) + "\n\n\n");
    }
    if parts.iter().any(reshapes) {
        classes += &(fill(include_str!("to_maps.py"), &[]) + "\n\n\n");
    }
    classes
}

fn lines_of(model: &ModelSpec, half: Half, part: &Part) -> Vec<String> {
    let prefix = match half {
        Half::Encoder => "encoder",
        Half::Decoder => "decoder",
    };
    match part {
        Part::Flatten(ImageShape { channels: 1, .. }) => vec![format!("{prefix}_flatten=nn.Flatten(),")],
        Part::Flatten(_) => vec![format!("{prefix}_flatten=ToList(),")],
        Part::Reshape(ImageShape { height, width, channels: 1 }) => {
            vec![format!("{prefix}_reshape=nn.Unflatten(1, (1, {height}, {width})),")]
        }
        Part::Reshape(ImageShape { height, width, channels }) => {
            vec![format!("{prefix}_reshape=ToMaps({height}, {width}, {channels}),")]
        }
        Part::Layer(layer) => layer_lines(layer),
        Part::Activation(layer) => {
            let name = layer.activation_name.as_deref().unwrap_or(&layer.name);
            vec![format!("{name}={},", activation(layer.activation, model.slope))]
        }
    }
}

fn layer_lines(layer: &Layer) -> Vec<String> {
    let name = &layer.name;
    match &layer.kind {
        LayerKind::Dense => vec![format!("{name}=nn.Linear({}, {}),", layer.inputs, layer.outputs)],
        LayerKind::Conv2d(it) => convolution(name, it),
        LayerKind::Conv2dTranspose(it) => transpose(name, it),
        LayerKind::Dropout { rate, .. } => vec![format!("{name}=nn.Dropout({}),", number(*rate))],
    }
}

/// A convolution, behind padding of its own where that is not the same on all sides.
fn convolution(name: &str, it: &Convolution) -> Vec<String> {
    let margins = it.margins();
    let (lines, padding) = match equal(margins) {
        Some(0) => (vec![], String::new()),
        Some(padding) => (vec![], format!(", padding={padding}")),
        None => (vec![format!("{name}_padding=nn.ZeroPad2d(({})),", sides(margins, ""))], String::new()),
    };
    let (inputs, outputs) = (it.large.channels, it.small.channels);
    let layer =
        format!("{name}=nn.Conv2d({inputs}, {outputs}, {}, stride={}{padding}),", it.kernel, it.stride);
    [lines, vec![layer]].concat()
}

/// A transposed convolution, before a crop where that is not the same on all sides.
fn transpose(name: &str, it: &Convolution) -> Vec<String> {
    let margins = it.margins();
    let (lines, padding) = match equal(margins) {
        Some(0) => (vec![], String::new()),
        Some(padding) => (vec![], format!(", padding={padding}")),
        None => (
            // Negative padding is a crop.
            vec![format!("{name}_crop=nn.ZeroPad2d(({})),", sides(margins, "-"))],
            String::new(),
        ),
    };
    let padding = match it.unreached() {
        [0, 0] => padding,
        [rows, columns] => format!("{padding}, output_padding=({rows}, {columns})"),
    };
    let (inputs, outputs) = (it.small.channels, it.large.channels);
    let layer = format!(
        "{name}=nn.ConvTranspose2d({inputs}, {outputs}, {}, stride={}{padding}),",
        it.kernel, it.stride
    );
    [vec![layer], lines].concat()
}

/// The margin, if it is the same on all sides.
fn equal([[top, bottom], [left, right]]: Margins) -> Option<usize> {
    (top == bottom && top == left && top == right).then_some(top)
}

/// Left, right, top, bottom, each behind a sign that is left out before 0.
fn sides([[top, bottom], [left, right]]: Margins, sign: &str) -> String {
    let side = |side: usize| if side == 0 { "0".into() } else { format!("{sign}{side}") };
    [left, right, top, bottom].map(side).join(", ")
}

fn activation(activation: Activation, slope: f32) -> String {
    match activation {
        Activation::LeakyRelu => format!("nn.LeakyReLU({})", number(slope)),
        Activation::Relu => "nn.ReLU()".into(),
        Activation::Tanh => "nn.Tanh()".into(),
        Activation::Sigmoid => "nn.Sigmoid()".into(),
        Activation::Linear => "nn.Identity()".into(),
    }
}
