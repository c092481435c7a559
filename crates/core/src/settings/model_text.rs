//! Layers and corruption as text: `conv32k3s2`, `dense16`, `dropout0.2`, `gaussian0.4`, `masking0.3`.

use super::{Field, SettingError, error::unreadable, limits::number};
use crate::{
    math::{read_decimal, read_whole, shortest},
    model::{Corruption, LayerSpec, UNITS},
};

const DENSE: &str = "dense";
const CONVOLUTION: &str = "conv";
const DROPOUT: &str = "dropout";
const GAUSSIAN: &str = "gaussian";
const MASKING: &str = "masking";
const NONE: &str = "none";

/// What is expected of a layer.
const LAYERS: &str = "a layer such as dense512, conv32k3s2 or dropout0.2";
/// What is expected of [`Field::Corruption`].
pub(super) const CORRUPTIONS: &str = "none, or noise such as gaussian0.4 or masking0.3";

/// The layers, each with its kind.
pub(super) fn layers(layers: &[LayerSpec]) -> String {
    let texts: Vec<_> = layers.iter().map(layer).collect();
    texts.join(",")
}

/// The layers, of dense ones the units alone where all are dense.
pub(super) fn short_layers(encoder: &[LayerSpec]) -> String {
    let units = |layer: &LayerSpec| match layer {
        LayerSpec::Dense { units } => Some(units.to_string()),
        LayerSpec::Conv2d { .. } | LayerSpec::Dropout { .. } => None,
    };
    let units: Option<Vec<_>> = encoder.iter().map(units).collect();
    units.map_or_else(|| layers(encoder), |units| units.join(","))
}

fn layer(layer: &LayerSpec) -> String {
    match layer {
        LayerSpec::Dense { units } => format!("{DENSE}{units}"),
        LayerSpec::Conv2d { filters, kernel, stride } => format!("{CONVOLUTION}{filters}k{kernel}s{stride}"),
        LayerSpec::Dropout { rate } => format!("{DROPOUT}{}", shortest(*rate)),
    }
}

/// Reads a layer. [`Field::Hidden`] takes the units of a dense layer alone, too.
pub(super) fn read_layer(field: Field, text: &str) -> Result<LayerSpec, SettingError> {
    let units = |units| number(field, units, UNITS, "a whole number of units");
    let dense =
        text.strip_prefix(DENSE).or((field == Field::Hidden && starts_as_number(text)).then_some(text));
    let layer = match (dense, text.strip_prefix(CONVOLUTION), text.strip_prefix(DROPOUT)) {
        (Some(dense), ..) => Some(LayerSpec::Dense { units: units(dense)? }),
        (_, Some(convolution), _) => read_convolution(convolution),
        (.., Some(rate)) => read_decimal(rate).map(|rate| LayerSpec::Dropout { rate }),
        _ => None,
    };
    let layer = layer.ok_or_else(|| unreadable(field.key(), text, LAYERS))?;
    layer.check()?;
    Ok(layer)
}

/// Whether the text is meant as a number: an empty one is a number that was left out.
fn starts_as_number(text: &str) -> bool {
    text.chars().next().is_none_or(|first| !first.is_ascii_alphabetic())
}

/// Filters, kernel and stride: `32k3s2`. The stride is 1 where it is left out.
fn read_convolution(text: &str) -> Option<LayerSpec> {
    let (filters, rest) = text.split_once('k')?;
    let (kernel, stride) = rest.split_once('s').unwrap_or((rest, "1"));
    let [filters, kernel, stride] = [filters, kernel, stride].map(read_whole);
    Some(LayerSpec::Conv2d { filters: filters?, kernel: kernel?, stride: stride? })
}

/// The corruption and its strength.
pub(super) fn corruption(corruption: Corruption) -> String {
    match corruption {
        Corruption::None => NONE.into(),
        Corruption::Gaussian { deviation } => format!("{GAUSSIAN}{}", shortest(deviation)),
        Corruption::Masking { fraction } => format!("{MASKING}{}", shortest(fraction)),
    }
}

/// Reads a corruption. Whether its strength is within the limits is for [`Corruption::check`] to say.
pub(super) fn read_corruption(text: &str) -> Option<Corruption> {
    let strength = |kind| text.strip_prefix(kind).and_then(read_decimal);
    match (text, strength(GAUSSIAN), strength(MASKING)) {
        (NONE, ..) => Some(Corruption::None),
        (_, Some(deviation), _) => Some(Corruption::Gaussian { deviation }),
        (.., Some(fraction)) => Some(Corruption::Masking { fraction }),
        _ => None,
    }
}
