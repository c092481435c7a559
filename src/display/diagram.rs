//! The layers of a model as a diagram: what each gives, how much of it there is, and which layer of the description it is.

use latent_core::model::{Activation, Half, Layer, LayerKind, ModelSpec, Role, Shape};

/// A row of the diagram: what a layer gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The layer's kind, in a word or two.
    pub kind: String,
    /// The values that it gives, such as `300` or `14 × 14 × 8`.
    pub shape: String,
    /// Its activation, if it has one.
    pub activation: Option<&'static str>,
    /// Its parameters.
    pub parameters: u64,
    /// Its width in the diagram, from 0 to 1: the logarithm of its values beside the widest row's.
    pub width: f64,
    /// What it is to the model.
    pub place: Place,
    /// The layer, an index of [`ModelSpec::layers`]. None of the image.
    pub layer: Option<usize>,
}

/// What a row is to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The image that the encoder reads.
    Image,
    /// The layer at this index of [`ModelSpec::encoder`].
    Encoder(usize),
    /// The code.
    Code,
    /// A layer of the decoder, which mirrors the encoder.
    Decoder,
    /// The reconstruction.
    Reconstruction,
}

/// The rows of a model, from the image to the reconstruction. The code of a variational model is one row.
pub fn rows(model: &ModelSpec) -> Vec<Row> {
    let layers = model.layers();
    let image = Shape::Map(model.input);
    let widest = layers.iter().map(|layer| layer.outputs).chain([image.values()]).max().unwrap_or(1);
    let width = |values: usize| ((1 + values) as f64).ln() / ((1 + widest) as f64).ln();
    let mut rows = vec![Row {
        kind: "Image".into(),
        shape: shape(image),
        activation: None,
        parameters: 0,
        width: width(image.values()),
        place: Place::Image,
        layer: None,
    }];
    for (at, layer) in layers.iter().enumerate() {
        if layer.role == Role::LogVariance {
            // The distribution has the row of its mean.
            if let Some(mean) = rows.last_mut() {
                mean.parameters += layer.parameters();
                mean.kind = "Code: mean and variance".into();
            }
            continue;
        }
        rows.push(Row {
            kind: kind(layer),
            shape: shape(layer.output_shape()),
            activation: (layer.activation != Activation::Linear).then(|| layer.activation.title()),
            parameters: layer.parameters(),
            width: width(layer.outputs),
            place: match (layer.half, layer.role) {
                (_, Role::Reconstruction) => Place::Reconstruction,
                (_, Role::Code | Role::Mean | Role::LogVariance) => Place::Code,
                (Half::Encoder, Role::Hidden) => Place::Encoder(at),
                (Half::Decoder, Role::Hidden) => Place::Decoder,
            },
            layer: Some(at),
        });
    }
    rows
}

fn kind(layer: &Layer) -> String {
    match (layer.role, layer.kind) {
        (Role::Code | Role::Mean | Role::LogVariance, _) => "Code".into(),
        (Role::Reconstruction, LayerKind::Conv2d(convolution) | LayerKind::Conv2dTranspose(convolution)) => {
            format!("Reconstruction {0} × {0}", convolution.kernel)
        }
        (Role::Reconstruction, _) => "Reconstruction".into(),
        (_, LayerKind::Dense) => "Dense".into(),
        (_, LayerKind::Conv2d(convolution)) => {
            format!("Convolution {0} × {0}", convolution.kernel)
        }
        (_, LayerKind::Conv2dTranspose(convolution)) => format!("Transposed {0} × {0}", convolution.kernel),
        (_, LayerKind::Dropout { rate, .. }) => format!("Dropout {rate}"),
    }
}

fn shape(shape: Shape) -> String {
    match shape {
        Shape::Flat(values) => values.to_string(),
        Shape::Map(map) if map.channels == 1 => format!("{} × {}", map.height, map.width),
        Shape::Map(map) => format!("{} × {} × {}", map.height, map.width, map.channels),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::model::presets;

    fn rows_of(preset: &str) -> Vec<Row> {
        let preset = presets::ALL.iter().find(|of| of.name == preset).expect("a preset of that name");
        rows(&preset.model())
    }

    #[test]
    fn the_tutorial_narrows_to_its_code_and_widens_again() {
        let rows = rows_of("Tutorial");
        let shapes: Vec<_> = rows.iter().map(|row| row.shape.as_str()).collect();
        assert_eq!(shapes, ["28 × 28", "300", "2", "300", "784"]);
        assert_eq!(rows[1].activation, Some("LeakyReLU"));
        assert_eq!(rows.iter().map(|row| row.parameters).sum::<u64>(), presets::ALL[0].model().parameters());
        assert!(rows[0].width > rows[1].width && rows[1].width > rows[2].width);
        assert_eq!([rows[0].width, rows[4].width], [1.0, 1.0]);
    }

    #[test]
    fn every_preset_has_each_parameter_in_one_row_and_each_described_layer_once() {
        for preset in presets::ALL {
            let model = preset.model();
            let rows = rows(&model);
            assert_eq!(
                rows.iter().map(|row| row.parameters).sum::<u64>(),
                model.parameters(),
                "{}",
                preset.name
            );
            let described = (0..model.encoder.len()).map(Place::Encoder);
            for place in [Place::Image, Place::Code, Place::Reconstruction].into_iter().chain(described) {
                assert_eq!(
                    rows.iter().filter(|row| row.place == place).count(),
                    1,
                    "{} {place:?}",
                    preset.name
                );
            }
        }
    }
}
