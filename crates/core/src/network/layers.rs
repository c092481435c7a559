//! Which dense layers an architecture has, under the tutorial's names.

use crate::settings::{Architecture, PIXELS};

/// Which half of the autoencoder a layer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// From the image to the code.
    Encoder,
    /// From the code to the image.
    Decoder,
}

/// A dense layer with the LeakyReLU behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The dense layer's name, as in the tutorial: `encoder_dense_1`, `decoder_dense_2` …
    pub name: String,
    /// The activation's name: `encoder_leakyrelu_1` …, and `encoder_output`, `decoder_output` for a half's last.
    pub activation: String,
    /// Which half it belongs to.
    pub half: Half,
    /// Units that it reads.
    pub inputs: usize,
    /// Units that it has.
    pub outputs: usize,
}

impl Architecture {
    /// The layers, from the image to the reconstruction.
    pub fn layers(&self) -> Vec<Layer> {
        let outwards = [&[PIXELS], self.hidden.as_slice(), &[self.code]].concat();
        let back: Vec<_> = outwards.iter().rev().copied().collect();
        [half(Half::Encoder, &outwards), half(Half::Decoder, &back)].concat()
    }

    /// How many of [`Architecture::layers`] make up the encoder; the decoder has as many.
    pub fn layers_per_half(&self) -> usize {
        self.hidden.len() + 1
    }
}

fn half(half: Half, units: &[usize]) -> Vec<Layer> {
    let prefix = match half {
        Half::Encoder => "encoder",
        Half::Decoder => "decoder",
    };
    let last = units.len() - 1;
    let layer = |(at, pair): (usize, &[usize])| Layer {
        name: format!("{prefix}_dense_{}", at + 1),
        activation: match at + 1 {
            number if number == last => format!("{prefix}_output"),
            number => format!("{prefix}_leakyrelu_{number}"),
        },
        half,
        inputs: pair[0],
        outputs: pair[1],
    };
    units.windows(2).enumerate().map(layer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorials_layers_have_its_names_and_sizes() {
        let layers = Architecture::default().layers();
        let told: Vec<_> = layers
            .iter()
            .map(|layer| (layer.name.as_str(), layer.activation.as_str(), layer.inputs, layer.outputs))
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
        let architecture = Architecture { hidden: vec![512, 128], code: 3, slope: 0.3 };
        let units: Vec<_> = architecture.layers().iter().map(|layer| layer.outputs).collect();
        assert_eq!(units, [512, 128, 3, 128, 512, 784]);
        assert_eq!(architecture.layers_per_half(), 3);
    }
}
