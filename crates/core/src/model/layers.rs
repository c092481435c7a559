//! The layers of a model: its description lowered to concrete dense layers, under the tutorial's names.

use super::{Activation, ActivationFunction, ModelSpec};

/// Which half of the autoencoder a layer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// From the image to the code.
    Encoder,
    /// From the code to the image.
    Decoder,
}

/// A dense layer with the activation behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The dense layer's name, as in the tutorial: `encoder_dense_1`, `decoder_dense_2` …
    pub name: String,
    /// The activation's name: `encoder_leakyrelu_1` …, and `encoder_output`, `decoder_output` for a half's last.
    pub activation_name: String,
    /// The activation, as it was chosen.
    pub activation: Activation,
    /// The function that the activation is.
    pub function: ActivationFunction,
    /// Which half it belongs to.
    pub half: Half,
    /// Units that it reads.
    pub inputs: usize,
    /// Units that it has.
    pub outputs: usize,
}

impl Layer {
    /// Weights and biases of the layer.
    pub fn parameters(&self) -> usize {
        (self.inputs + 1) * self.outputs
    }
}

impl ModelSpec {
    /// The layers, from the image to the reconstruction.
    pub fn layers(&self) -> Vec<Layer> {
        let outwards = [&[self.input.values()], self.hidden().as_slice(), &[self.latent_units()]].concat();
        let back: Vec<_> = outwards.iter().rev().copied().collect();
        [
            self.half(Half::Encoder, &outwards, self.latent_activation()),
            self.half(Half::Decoder, &back, self.output),
        ]
        .concat()
    }

    /// How many of [`ModelSpec::layers`] make up the encoder; the decoder has as many.
    pub fn layers_per_half(&self) -> usize {
        self.encoder.len() + 1
    }

    /// Weights and biases of all layers.
    pub fn parameters(&self) -> u64 {
        self.layers().iter().map(|layer| layer.parameters() as u64).sum()
    }

    fn half(&self, half: Half, units: &[usize], last_activation: Activation) -> Vec<Layer> {
        let prefix = match half {
            Half::Encoder => "encoder",
            Half::Decoder => "decoder",
        };
        let last = units.len() - 1;
        let layer = |(at, pair): (usize, &[usize])| {
            let number = at + 1;
            let activation = if number == last { last_activation } else { self.activation };
            Layer {
                name: format!("{prefix}_dense_{number}"),
                activation_name: match number == last {
                    true => format!("{prefix}_output"),
                    false => format!("{prefix}_{}_{number}", activation.title().to_ascii_lowercase()),
                },
                activation,
                function: activation.function(self.slope),
                half,
                inputs: pair[0],
                outputs: pair[1],
            }
        };
        units.windows(2).enumerate().map(layer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorials_layers_have_its_names_and_sizes() {
        let layers = ModelSpec::default().layers();
        let told: Vec<_> = layers
            .iter()
            .map(|layer| (layer.name.as_str(), layer.activation_name.as_str(), layer.inputs, layer.outputs))
            .collect();
        let expected = [
            ("encoder_dense_1", "encoder_leakyrelu_1", 784, 300),
            ("encoder_dense_2", "encoder_output", 300, 2),
            ("decoder_dense_1", "decoder_leakyrelu_1", 2, 300),
            ("decoder_dense_2", "decoder_output", 300, 784),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_deeper_network_is_mirrored_at_the_code() {
        let model = ModelSpec::dense(&[512, 128], 3, 0.3);
        let units: Vec<_> = model.layers().iter().map(|layer| layer.outputs).collect();
        assert_eq!(units, [512, 128, 3, 128, 512, 784]);
        assert_eq!(model.layers_per_half(), 3);
    }
}
