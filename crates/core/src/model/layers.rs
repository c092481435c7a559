//! The layers of a model: its description lowered to a list of concrete layers with names, shapes and activations.

use super::{
    Activation, ActivationFunction, Convolution, ImageShape, LayerSpec, ModelSpec, Shape, half::HalfBuilder,
};

/// Which half of the autoencoder a layer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// From the image to the code.
    Encoder,
    /// From the code to the image.
    Decoder,
}

/// What a layer computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LayerKind {
    /// Every unit reads every value: kernel `[inputs, outputs]`.
    Dense,
    /// Reads the large map, gives the small one.
    Conv2d(Convolution),
    /// Reads the small map, gives the large one.
    Conv2dTranspose(Convolution),
    /// In training, each value becomes 0 with the probability `rate` and is divided by 1 − `rate` otherwise. It has no
    /// weights, and outside of training it does nothing.
    Dropout {
        /// The probability that a value becomes 0.
        rate: f32,
        /// What it reads and gives.
        shape: Shape,
    },
}

/// What a layer's outputs are to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What the next layer reads.
    Hidden,
    /// The code of a deterministic model.
    Code,
    /// The mean of the code's distribution, `z_mean`.
    Mean,
    /// The logarithm of the variance of the code's distribution, `z_log_var`. It reads what [`Role::Mean`] reads.
    LogVariance,
    /// The reconstruction.
    Reconstruction,
}

/// A layer with the activation behind it. It reads the outputs of the layer before it, with two exceptions:
/// [`Role::LogVariance`] reads what [`Role::Mean`] reads, and the decoder's first layer reads the code.
///
/// Values lie as in Keras: a feature map row by row, channels innermost, and flattened in that order.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The layer's name: `encoder_dense_1`, `encoder_conv2d_2`, `encoder_z_mean`, `decoder_conv2d_transpose_1` …
    pub name: String,
    /// The activation's name, if the layer has one: `encoder_leakyrelu_1` …, and `encoder_output`, `decoder_output` for a
    /// half's last.
    pub activation_name: Option<String>,
    /// The activation, as it was chosen. Linear for layers without one.
    pub activation: Activation,
    /// The function that the activation is.
    pub function: ActivationFunction,
    /// Which half it belongs to.
    pub half: Half,
    /// What its outputs are.
    pub role: Role,
    /// What it computes.
    pub kind: LayerKind,
    /// Values that it reads for an image.
    pub inputs: usize,
    /// Values that it gives for an image.
    pub outputs: usize,
}

impl Layer {
    /// What it reads.
    pub fn input_shape(&self) -> Shape {
        match self.kind {
            LayerKind::Dense => Shape::Flat(self.inputs),
            LayerKind::Conv2d(convolution) => Shape::Map(convolution.large),
            LayerKind::Conv2dTranspose(convolution) => Shape::Map(convolution.small),
            LayerKind::Dropout { shape, .. } => shape,
        }
    }

    /// What it gives.
    pub fn output_shape(&self) -> Shape {
        match self.kind {
            LayerKind::Dense => Shape::Flat(self.outputs),
            LayerKind::Conv2d(convolution) => Shape::Map(convolution.small),
            LayerKind::Conv2dTranspose(convolution) => Shape::Map(convolution.large),
            LayerKind::Dropout { shape, .. } => shape,
        }
    }

    /// Whether it has a kernel and a bias.
    pub fn has_weights(&self) -> bool {
        !matches!(self.kind, LayerKind::Dropout { .. })
    }

    /// The shapes of kernel and bias, if it has weights: `[inputs, outputs]`, or [`Convolution::kernel_shape`], and one value
    /// of the bias for each unit or channel.
    pub fn tensor_shapes(&self) -> Option<[Vec<usize>; 2]> {
        let (kernel, bias) = match self.kind {
            LayerKind::Dense => (vec![self.inputs, self.outputs], self.outputs),
            LayerKind::Conv2d(convolution) => (convolution.kernel_shape().into(), convolution.small.channels),
            LayerKind::Conv2dTranspose(convolution) => {
                (convolution.kernel_shape().into(), convolution.large.channels)
            }
            LayerKind::Dropout { .. } => return None,
        };
        Some([kernel, vec![bias]])
    }
}

impl ModelSpec {
    /// The layers, from the image to the reconstruction. A variational model has [`Role::Mean`] and [`Role::LogVariance`]
    /// where another has [`Role::Code`].
    ///
    /// The decoder mirrors a dense encoder. With convolutions it is a dense layer to the last feature map, then a transposed
    /// convolution for each convolution in reverse order (its filters, kernel and stride), then one with the image's
    /// channels, the first kernel and stride 1. Dense layers between convolutions and code, and dropout, have no
    /// counterpart.
    pub fn layers(&self) -> Vec<Layer> {
        let (mut encoder, code) = self.encoder_layers();
        encoder.extend(self.decoder_layers(code));
        encoder
    }

    /// How many of [`ModelSpec::layers`] make up the encoder.
    pub fn layers_of_encoder(&self) -> usize {
        self.encoder.len() + if self.is_variational() { 2 } else { 1 }
    }

    fn encoder_layers(&self) -> (Vec<Layer>, usize) {
        let mut half = HalfBuilder::new(self, Half::Encoder, Shape::Map(self.input));
        for layer in &self.encoder {
            match *layer {
                LayerSpec::Dense { units } => half.dense(units, Role::Hidden),
                LayerSpec::Conv2d { filters, kernel, stride } => half.convolution(filters, kernel, stride),
                LayerSpec::Dropout { rate } => half.dropout(rate),
            }
        }
        let units = self.latent_units();
        match self.is_variational() {
            true => half.heads(units),
            false => half.dense(units, Role::Code),
        }
        (half.layers, units)
    }

    fn decoder_layers(&self, code: usize) -> Vec<Layer> {
        let mut half = HalfBuilder::new(self, Half::Decoder, Shape::Flat(code));
        let convolutions = self.convolutions();
        let (Some(first), Some(last)) = (convolutions.first(), convolutions.last()) else {
            self.hidden().iter().rev().for_each(|&units| half.dense(units, Role::Hidden));
            half.dense(self.input.values(), Role::Reconstruction);
            return half.layers;
        };
        half.dense(last.small.values(), Role::Hidden);
        let mut channels = last.small.channels;
        for convolution in convolutions.iter().rev() {
            let filters = convolution.small.channels;
            let large = ImageShape { channels: filters, ..convolution.large };
            half.transpose(
                Convolution::new(large, channels, convolution.kernel, convolution.stride),
                Role::Hidden,
            );
            channels = filters;
        }
        half.transpose(Convolution::new(self.input, channels, first.kernel, 1), Role::Reconstruction);
        half.layers
    }

    /// The encoder's convolutions, from the image on.
    pub fn convolutions(&self) -> Vec<Convolution> {
        let mut large = self.input;
        let convolution = |layer: &LayerSpec| match *layer {
            LayerSpec::Conv2d { filters, kernel, stride } => {
                let convolution = Convolution::new(large, filters, kernel, stride);
                large = convolution.small;
                Some(convolution)
            }
            LayerSpec::Dense { .. } | LayerSpec::Dropout { .. } => None,
        };
        self.encoder.iter().filter_map(convolution).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Latent, presets};

    fn names(layers: &[Layer]) -> Vec<(&str, String, u64)> {
        layers
            .iter()
            .map(|layer| (layer.name.as_str(), layer.output_shape().to_string(), layer.parameters()))
            .collect()
    }

    #[test]
    fn the_tutorials_layers_have_its_names_and_sizes() {
        let layers = ModelSpec::default().layers();
        let told: Vec<_> = layers
            .iter()
            .map(|layer| (layer.name.as_str(), layer.activation_name.as_deref(), layer.inputs, layer.outputs))
            .collect();
        let expected = [
            ("encoder_dense_1", Some("encoder_leakyrelu_1"), 784, 300),
            ("encoder_dense_2", Some("encoder_output"), 300, 2),
            ("decoder_dense_1", Some("decoder_leakyrelu_1"), 2, 300),
            ("decoder_dense_2", Some("decoder_output"), 300, 784),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_deeper_network_is_mirrored_at_the_code() {
        let model = ModelSpec::dense(&[512, 128], 3, 0.3);
        let units: Vec<_> = model.layers().iter().map(|layer| layer.outputs).collect();
        assert_eq!(units, [512, 128, 3, 128, 512, 784]);
        assert_eq!(model.layers_of_encoder(), 3);
    }

    #[test]
    fn the_variational_convolutional_model_is_that_of_keras() {
        let layers = presets::model("encoder=conv32k3s2,conv64k3s2,dense16&activation=relu&variational=1");
        let expected = [
            ("encoder_conv2d_1", "(None, 14, 14, 32)", 320),
            ("encoder_conv2d_2", "(None, 7, 7, 64)", 18_496),
            ("encoder_dense_1", "(None, 16)", 50_192),
            ("encoder_z_mean", "(None, 2)", 34),
            ("encoder_z_log_var", "(None, 2)", 34),
            ("decoder_dense_1", "(None, 3136)", 9_408),
            ("decoder_conv2d_transpose_1", "(None, 14, 14, 64)", 36_928),
            ("decoder_conv2d_transpose_2", "(None, 28, 28, 32)", 18_464),
            ("decoder_conv2d_transpose_3", "(None, 28, 28, 1)", 289),
        ];
        let layers = layers.layers();
        let found = names(&layers);
        assert_eq!(found, expected.map(|(name, shape, parameters)| (name, shape.to_owned(), parameters)));
        // Both heads read the dense layer, the decoder reads the code.
        assert_eq!([layers[3].inputs, layers[4].inputs, layers[5].inputs], [16, 16, 2]);
    }

    #[test]
    fn dropout_has_no_weights_and_no_counterpart() {
        let model = ModelSpec {
            encoder: vec![LayerSpec::Dense { units: 30 }, LayerSpec::Dropout { rate: 0.2 }],
            ..ModelSpec::default()
        };
        let layers = model.layers();
        let found: Vec<_> = layers.iter().map(|layer| (layer.name.as_str(), layer.has_weights())).collect();
        let expected = [
            ("encoder_dense_1", true),
            ("encoder_dropout_1", false),
            ("encoder_dense_2", true),
            ("decoder_dense_1", true),
            ("decoder_dense_2", true),
        ];
        assert_eq!(found, expected);
        assert_eq!((layers[1].inputs, layers[1].outputs, layers[1].parameters()), (30, 30, 0));
    }

    #[test]
    fn maps_of_odd_sizes_come_back_to_their_size() {
        let input = ImageShape { height: 7, width: 13, channels: 3 };
        let convolution = LayerSpec::Conv2d { filters: 4, kernel: 5, stride: 2 };
        let latent = Latent::Deterministic { units: 3, activation: None };
        let model = ModelSpec { input, encoder: vec![convolution; 2], latent, ..ModelSpec::default() };
        let layers = model.layers();
        let shapes: Vec<_> = layers.iter().map(|layer| layer.output_shape().to_string()).collect();
        let expected = [
            "(None, 4, 7, 4)",
            "(None, 2, 4, 4)",
            "(None, 3)",
            "(None, 32)",
            "(None, 4, 7, 4)",
            "(None, 7, 13, 4)",
            "(None, 7, 13, 3)",
        ];
        assert_eq!(shapes, expected);
        for pair in layers.windows(2).filter(|pair| pair[1].role != Role::LogVariance) {
            assert_eq!(pair[0].outputs, pair[1].inputs);
        }
    }
}
