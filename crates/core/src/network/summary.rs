//! The tables that Keras would print of the three models: layers, output shapes, parameters.

use super::{Half, Layer};
use crate::settings::Architecture;
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
    /// Its kind: `InputLayer`, `Dense` or `LeakyReLU`.
    pub kind: &'static str,
    /// Units that it gives.
    pub units: usize,
    /// Its parameters.
    pub parameters: usize,
}

impl Summary {
    /// The model's parameters.
    pub fn parameters(&self) -> usize {
        self.rows.iter().map(|row| row.parameters).sum()
    }
}

/// Encoder, decoder and autoencoder of an architecture.
pub fn models(architecture: &Architecture) -> [Summary; 3] {
    let layers = architecture.layers();
    let of = |half| layers.iter().filter(move |layer| layer.half == half).collect::<Vec<_>>();
    [
        model("encoder", &of(Half::Encoder)),
        model("decoder", &of(Half::Decoder)),
        model("autoencoder", &layers.iter().collect::<Vec<_>>()),
    ]
}

fn model(name: &'static str, layers: &[&Layer]) -> Summary {
    let input = layers.first().map(|first| Row {
        layer: format!("{name}_input"),
        kind: "InputLayer",
        units: first.inputs,
        parameters: 0,
    });
    let rows = layers.iter().flat_map(|layer| {
        let parameters = (layer.inputs + 1) * layer.outputs;
        [
            Row { layer: layer.name.clone(), kind: "Dense", units: layer.outputs, parameters },
            Row { layer: layer.activation.clone(), kind: "LeakyReLU", units: layer.outputs, parameters: 0 },
        ]
    });
    Summary { name, rows: input.into_iter().chain(rows).collect() }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.name)?;
        writeln!(f, "{:<24} {:<11} {:<13} {:>10}", "layer", "kind", "output shape", "parameters")?;
        for Row { layer, kind, units, parameters } in &self.rows {
            let shape = format!("(None, {units})");
            writeln!(f, "{layer:<24} {kind:<11} {shape:<13} {parameters:>10}")?;
        }
        writeln!(f, "{:<50} {:>10}", "total", self.parameters())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorials_models_have_its_parameters() {
        let models = models(&Architecture::default());
        assert_eq!(models.each_ref().map(Summary::parameters), [236_102, 236_884, 472_986]);
        let encoder: Vec<_> = models[0].rows.iter().map(|row| row.layer.as_str()).collect();
        let expected =
            ["encoder_input", "encoder_dense_1", "encoder_leakyrelu_1", "encoder_dense_2", "encoder_output"];
        assert_eq!(encoder, expected);
        assert!(
            models[2].to_string().contains("decoder_dense_2          Dense       (None, 784)       235984")
        );
    }
}
