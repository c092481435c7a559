//! The tables that Keras would print of the three models: layers, output shapes, parameters.

use super::{Half, Layer, ModelSpec};
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
    /// Its kind: `InputLayer`, `Dense` or the activation's.
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
    let input = layers.first().map(|first| Row {
        layer: format!("{name}_input"),
        kind: "InputLayer",
        units: first.inputs,
        parameters: 0,
    });
    let rows = layers.iter().flat_map(|layer| {
        let units = layer.outputs;
        [
            Row { layer: layer.name.clone(), kind: "Dense", units, parameters: layer.parameters() },
            Row {
                layer: layer.activation_name.clone(),
                kind: layer.activation.title(),
                units,
                parameters: 0,
            },
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
}
