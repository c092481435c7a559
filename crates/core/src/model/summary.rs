//! The tables that Keras would print of the three models: layers, output shapes, parameters.

use super::{Half, Layer, LayerKind, ModelSpec, Role, Shape};
use std::fmt;

/// A model: the encoder, the decoder, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The model's name.
    pub name: &'static str,
    /// Its rows, from its input to its output.
    pub rows: Vec<Row>,
}

/// A layer of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The layer's name.
    pub layer: String,
    /// Its kind: `InputLayer`, `Dense`, `Conv2D` …, or the activation's.
    pub kind: &'static str,
    /// What it gives.
    pub shape: Shape,
    /// Its parameters.
    pub parameters: u64,
}

impl Row {
    fn without_parameters(layer: String, kind: &'static str, shape: Shape) -> Self {
        Self { layer, kind, shape, parameters: 0 }
    }
}

impl Summary {
    /// The model's parameters.
    pub fn parameters(&self) -> u64 {
        self.rows.iter().map(|row| row.parameters).sum()
    }
}

/// Encoder, decoder and autoencoder of a model.
pub fn models(model: &ModelSpec) -> [Summary; 3] {
    let layers = model.layers();
    let of = |half| layers.iter().filter(move |layer| layer.half == half).collect::<Vec<_>>();
    [
        table("encoder", &of(Half::Encoder)),
        table("decoder", &of(Half::Decoder)),
        table("autoencoder", &layers.iter().collect::<Vec<_>>()),
    ]
}

fn table(name: &'static str, layers: &[&Layer]) -> Summary {
    let mut rows = Vec::new();
    let mut shape = layers.first().map(|first| first.input_shape());
    if let Some(shape) = shape {
        rows.push(Row::without_parameters(format!("{name}_input"), "InputLayer", shape));
    }
    for layer in layers {
        rows.extend(shape.and_then(|given| reshaping(given, layer)));
        rows.extend(rows_of(layer));
        // The second head reads what the first one reads, which is as flat.
        shape = Some(layer.output_shape());
    }
    Summary { name, rows }
}

/// The layer between what is given and what a layer reads, where one is a list and the other a feature map.
fn reshaping(given: Shape, layer: &Layer) -> Option<Row> {
    let half = match layer.half {
        Half::Encoder => "encoder",
        Half::Decoder => "decoder",
    };
    let read = layer.input_shape();
    match (given, read) {
        (Shape::Map(_), Shape::Flat(_)) => {
            Some(Row::without_parameters(format!("{half}_flatten"), "Flatten", read))
        }
        (Shape::Flat(_), Shape::Map(_)) => {
            Some(Row::without_parameters(format!("{half}_reshape"), "Reshape", read))
        }
        (Shape::Flat(_), Shape::Flat(_)) | (Shape::Map(_), Shape::Map(_)) => None,
    }
}

fn rows_of(layer: &Layer) -> Vec<Row> {
    let shape = layer.output_shape();
    let kind = match layer.kind {
        LayerKind::Dense => "Dense",
        LayerKind::Conv2d(_) => "Conv2D",
        LayerKind::Conv2dTranspose(_) => "Conv2DTranspose",
        LayerKind::Dropout { .. } => "Dropout",
    };
    let mut rows = vec![Row { layer: layer.name.clone(), kind, shape, parameters: layer.parameters() }];
    let activation = layer.activation_name.clone();
    rows.extend(activation.map(|name| Row::without_parameters(name, layer.activation.title(), shape)));
    if layer.role == Role::LogVariance {
        rows.push(Row::without_parameters("encoder_output".into(), "Sampling", shape));
    }
    rows
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As wide as the widest, and never narrower than the tutorial's table.
        let width =
            |of: fn(&Row) -> usize, least: usize| self.rows.iter().map(of).max().unwrap_or(0).max(least);
        let name = width(|row| row.layer.len(), 24);
        let kind = width(|row| row.kind.len(), 11);
        let shape = width(|row| row.shape.to_string().len(), 13);
        writeln!(f, "{}", self.name)?;
        writeln!(f, "{:<name$} {:<kind$} {:<shape$} {:>10}", "layer", "kind", "output shape", "parameters")?;
        for row in &self.rows {
            let output = row.shape.to_string();
            writeln!(f, "{:<name$} {:<kind$} {output:<shape$} {:>10}", row.layer, row.kind, row.parameters)?;
        }
        writeln!(f, "{:<1$} {2:>10}", "total", name + kind + shape + 2, self.parameters())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presets;

    #[test]
    fn the_tutorials_models_have_its_parameters() {
        let models = models(&ModelSpec::default());
        assert_eq!(models.each_ref().map(Summary::parameters), [236_102, 236_884, 472_986]);
        let encoder: Vec<_> = models[0].rows.iter().map(|row| row.layer.as_str()).collect();
        let expected =
            ["encoder_input", "encoder_dense_1", "encoder_leakyrelu_1", "encoder_dense_2", "encoder_output"];
        assert_eq!(encoder, expected);
        assert!(
            models[2].to_string().contains("decoder_dense_2          Dense       (None, 784)       235984")
        );
    }

    #[test]
    fn the_variational_convolutional_models_are_those_of_keras() {
        let model = presets::model(
            "encoder=conv32k3s2,conv64k3s2,dense16&activation=relu&output=sigmoid&variational=1",
        );
        let models = models(&model);
        assert_eq!(models.each_ref().map(Summary::parameters), [69_076, 65_089, 134_165]);
        let kinds = |summary: &Summary| {
            let row = |row: &Row| format!("{} {}", row.kind, row.shape);
            summary.rows.iter().filter(|row| row.kind != "ReLU").map(row).collect::<Vec<_>>()
        };
        let encoder = [
            "InputLayer (None, 28, 28, 1)",
            "Conv2D (None, 14, 14, 32)",
            "Conv2D (None, 7, 7, 64)",
            "Flatten (None, 3136)",
            "Dense (None, 16)",
            "Dense (None, 2)",
            "Dense (None, 2)",
            "Sampling (None, 2)",
        ];
        let decoder = [
            "InputLayer (None, 2)",
            "Dense (None, 3136)",
            "Reshape (None, 7, 7, 64)",
            "Conv2DTranspose (None, 14, 14, 64)",
            "Conv2DTranspose (None, 28, 28, 32)",
            "Conv2DTranspose (None, 28, 28, 1)",
            "Sigmoid (None, 28, 28, 1)",
        ];
        assert_eq!(kinds(&models[0]), encoder);
        assert_eq!(kinds(&models[1]), decoder);
    }
}
