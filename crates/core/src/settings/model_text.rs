//! Layers and corruption as text: `conv32k3s2`, `dense16`, `dropout0.2`, `gaussian0.4`, `masking0.3`.

use super::{Field, SettingError, error::unreadable, limits::named_number};
use crate::{
    math::shortest,
    model::{
        Corruption, DEVIATION, DROPOUT as DROPOUT_RATE, FILTERS, KERNEL, LayerSpec, MASKED, STRIDE, UNITS,
    },
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
const CORRUPTIONS: &str = "none, or noise such as gaussian0.4 or masking0.3";

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
    let dense =
        text.strip_prefix(DENSE).or((field == Field::Hidden && starts_as_number(text)).then_some(text));
    let numbers = match (dense, text.strip_prefix(CONVOLUTION), text.strip_prefix(DROPOUT)) {
        (Some(units), ..) => Some((LayerSpec::Dense { units: 1 }, [units, "", ""])),
        (_, Some(convolution), _) => convolution.split_once('k').map(|(filters, rest)| {
            // The stride is 1 where it is left out.
            let (kernel, stride) = rest.split_once('s').unwrap_or((rest, "1"));
            (LayerSpec::Conv2d { filters: 1, kernel: 1, stride: 1 }, [filters, kernel, stride])
        }),
        (.., Some(rate)) => Some((LayerSpec::Dropout { rate: 0.0 }, [rate, "", ""])),
        _ => None,
    };
    let (mut layer, texts) = numbers.ok_or_else(|| unreadable(field.key(), text, LAYERS))?;
    for (at, text) in texts.into_iter().enumerate() {
        layer.read_number(field, at, text)?;
    }
    Ok(layer)
}

impl LayerSpec {
    /// Reads one of the layer's numbers: the units, the rate of dropout, or of a convolution filters, kernel and stride. The
    /// others are numbers of no layer, and change nothing.
    pub fn read_number(&mut self, field: Field, at: usize, text: &str) -> Result<(), SettingError> {
        let key = field.key();
        match (self, at) {
            (Self::Dense { units }, 0) => *units = named_number(key, text, UNITS, "a whole number of units")?,
            (Self::Dropout { rate }, 0) => *rate = named_number(key, text, DROPOUT_RATE, "a dropout rate")?,
            (Self::Conv2d { filters, .. }, 0) => {
                *filters = named_number(key, text, FILTERS, "a whole number of filters")?;
            }
            (Self::Conv2d { kernel, .. }, 1) => *kernel = named_number(key, text, KERNEL, "a kernel size")?,
            (Self::Conv2d { stride, .. }, 2) => *stride = named_number(key, text, STRIDE, "a stride")?,
            _ => {}
        }
        Ok(())
    }
}

/// Whether the text is meant as a number: an empty one is a number that was left out.
fn starts_as_number(text: &str) -> bool {
    text.chars().next().is_none_or(|first| !first.is_ascii_alphabetic())
}

/// The corruption and its strength.
pub(super) fn corruption(corruption: Corruption) -> String {
    match corruption {
        Corruption::None => NONE.into(),
        Corruption::Gaussian { deviation } => format!("{GAUSSIAN}{}", shortest(deviation)),
        Corruption::Masking { fraction } => format!("{MASKING}{}", shortest(fraction)),
    }
}

/// Reads a corruption.
pub(super) fn read_corruption(text: &str) -> Result<Corruption, SettingError> {
    let key = Field::Corruption.key();
    match (text, text.strip_prefix(GAUSSIAN), text.strip_prefix(MASKING)) {
        (NONE, ..) => Ok(Corruption::None),
        (_, Some(deviation), _) => {
            let deviation = named_number(key, deviation, DEVIATION, "a standard deviation")?;
            Ok(Corruption::Gaussian { deviation })
        }
        (.., Some(fraction)) => {
            let fraction = named_number(key, fraction, MASKED, "a masked share")?;
            Ok(Corruption::Masking { fraction })
        }
        _ => Err(unreadable(key, text, CORRUPTIONS)),
    }
}
