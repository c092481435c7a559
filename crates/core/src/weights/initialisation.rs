//! Initial weights, drawn on the CPU from the run's seed, so that every engine starts from the same.

use super::Weights;
use crate::{
    model::{Layer, LayerKind, ModelSpec},
    random::{Purpose, Random},
};

impl Weights {
    /// Keras' defaults: kernels uniform in ±√(6 / (fan in + fan out)) (Glorot and Bengio, 2010, equation 16;
    /// `keras.initializers.GlorotUniform`), biases zero.
    ///
    /// The kernels of a deterministic dense network are drawn one after another from one stream. In any other model each
    /// kernel has a stream of its own.
    pub fn initial(model: &ModelSpec, seed: u64) -> Self {
        let layers = model.layers();
        let is_dense = |layer: &Layer| matches!(layer.kind, LayerKind::Dense | LayerKind::Dropout { .. });
        let shares_a_stream = layers.iter().all(is_dense) && !model.is_variational();
        let mut random = Random::new(seed, Purpose::Initialisation);
        let mut weights = Self::zeros(model);
        let with_weights = layers.iter().filter(|layer| layer.has_weights());
        for (number, (tensors, layer)) in weights.layers_mut().zip(with_weights).enumerate() {
            if !shares_a_stream {
                random = Random::new(seed, Purpose::Kernel(number as u32));
            }
            let limit = (6.0 / fans(layer) as f32).sqrt();
            tensors.kernel.values.fill_with(|| limit * random.symmetric());
        }
        weights
    }
}

/// What Keras takes for the sum of a kernel's fan in and fan out: inputs and outputs, of a convolution and its transpose the
/// channels times the positions of the kernel.
fn fans(layer: &Layer) -> usize {
    match layer.kind {
        LayerKind::Dense | LayerKind::Dropout { .. } => layer.inputs + layer.outputs,
        LayerKind::Conv2d(convolution) | LayerKind::Conv2dTranspose(convolution) => {
            let [rows, columns, large, small] = convolution.kernel_shape();
            rows * columns * (large + small)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presets;

    #[test]
    fn kernels_fill_glorots_interval_and_biases_are_zero() {
        for model in
            [ModelSpec::default(), presets::model("encoder=conv32k3s2,conv64k5s2,dense16&variational=1")]
        {
            let weights = Weights::initial(&model, 3);
            assert_eq!(weights.check(&model), Ok(()));
            for (tensors, layer) in weights.layers().zip(model.layers()) {
                let limit = (6.0 / fans(&layer) as f32).sqrt();
                let largest = tensors.kernel.values.iter().fold(0.0f32, |largest, w| largest.max(w.abs()));
                // The smallest kernel has 32 values.
                let is_filled = largest <= limit && largest > 0.85 * limit;
                assert!(is_filled, "{}: {largest} of {limit}", tensors.kernel.name);
                assert!(tensors.bias.values.iter().all(|&b| b == 0.0));
            }
        }
    }

    #[test]
    fn a_transpose_has_the_receptive_field_of_its_convolution() {
        let layers = presets::model("encoder=conv32k3s2,dense16").layers();
        let fans: Vec<_> = layers.iter().map(fans).collect();
        assert_eq!(fans, [9 * (1 + 32), 6272 + 16, 16 + 2, 2 + 6272, 9 * (32 + 32), 9 * (32 + 1)]);
    }

    #[test]
    fn the_same_seed_gives_the_same_weights_and_another_gives_others() {
        for model in [ModelSpec::default(), presets::model("encoder=conv8k3s2,dense16")] {
            let initial = |seed| Weights::initial(&model, seed);
            assert_eq!(initial(7), initial(7));
            assert_ne!(initial(7), initial(8));
        }
    }

    #[test]
    fn no_two_kernels_of_a_convolutional_model_share_their_numbers() {
        let weights = Weights::initial(&presets::model("encoder=conv8k3s2,conv8k3s2,conv8k3s2"), 1);
        let [second, third] = [2, 4].map(|tensor| &weights.tensors[tensor]);
        assert_eq!(second.shape, third.shape);
        assert_ne!(second.values, third.values);
    }
}
