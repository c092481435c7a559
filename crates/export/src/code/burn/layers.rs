//! The module's fields, their initial values, and how they are loaded.

use crate::code::template::{indented, number};
use latent_core::model::{Layer, LayerKind, ModelSpec};

/// The fields of the module.
pub(super) fn fields(model: &ModelSpec) -> String {
    let field = |layer: &Layer| {
        let kind = match layer.kind {
            LayerKind::Dense => "Linear",
            LayerKind::Conv2d(_) => "Conv2d",
            LayerKind::Conv2dTranspose(_) => "ConvTranspose2d",
            LayerKind::Dropout { .. } => "Dropout",
        };
        format!("{}: {kind},", layer.name)
    };
    lines(model, field, 4)
}

/// Their initial values.
pub(super) fn initial(model: &ModelSpec) -> String {
    let initial = |layer: &Layer| {
        let value = match &layer.kind {
            LayerKind::Dense => format!("dense({}, {}, device)", layer.inputs, layer.outputs),
            LayerKind::Conv2d(it) => {
                let channels = [it.large.channels, it.small.channels];
                let [[top, bottom], [left, right]] = it.margins();
                let padding = [top, left, bottom, right];
                format!("convolution({channels:?}, {}, {}, {padding:?}, device)", it.kernel, it.stride)
            }
            LayerKind::Conv2dTranspose(it) => {
                let channels = [it.small.channels, it.large.channels];
                let unreached = it.unreached();
                format!("transpose({channels:?}, {}, {}, {unreached:?}, device)", it.kernel, it.stride)
            }
            LayerKind::Dropout { rate, .. } => format!("DropoutConfig::new({}).init()", number(*rate)),
        };
        format!("{}: {value},", layer.name)
    };
    lines(model, initial, 12)
}

/// How they take the page's weights.
pub(super) fn load(model: &ModelSpec) -> String {
    let load = |layer: &Layer| {
        let function = match layer.kind {
            LayerKind::Dense => "load_dense",
            LayerKind::Conv2d(_) => "load_convolution",
            LayerKind::Conv2dTranspose(_) => "load_transpose",
            LayerKind::Dropout { .. } => return String::new(),
        };
        format!(r#"{function}(&mut self.{0}, file, "{0}")?;"#, layer.name)
    };
    lines(model, load, 8)
}

/// A line for each layer, those that are empty left out.
fn lines(model: &ModelSpec, line: impl Fn(&Layer) -> String, spaces: usize) -> String {
    let lines: Vec<_> = model.layers().iter().map(line).filter(|line| !line.is_empty()).collect();
    indented(&lines, spaces)
}
