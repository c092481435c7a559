//! Initial weights, drawn on the CPU from the run's seed, so that every engine starts from the same.

use super::Weights;
use crate::{
    model::ModelSpec,
    random::{Purpose, Random},
};

impl Weights {
    /// Keras' defaults for a dense layer: kernels uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio, 2010,
    /// equation 16; `keras.initializers.GlorotUniform`), biases zero.
    pub fn initial(model: &ModelSpec, seed: u64) -> Self {
        let mut random = Random::new(seed, Purpose::Initialisation);
        let mut weights = Self::zeros(model);
        for (dense, layer) in weights.layers.iter_mut().zip(model.layers()) {
            let limit = (6.0 / (layer.inputs + layer.outputs) as f32).sqrt();
            dense.kernel.fill_with(|| limit * random.symmetric());
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_fill_glorots_interval_and_biases_are_zero() {
        let model = ModelSpec::default();
        let weights = Weights::initial(&model, 3);
        assert_eq!(weights.check(&model), Ok(()));
        for (dense, layer) in weights.layers.iter().zip(model.layers()) {
            let limit = (6.0 / (layer.inputs + layer.outputs) as f32).sqrt();
            let largest = dense.kernel.iter().fold(0.0f32, |largest, w| largest.max(w.abs()));
            assert!(largest <= limit && largest > 0.98 * limit, "{}: {largest} of {limit}", dense.name);
            assert!(dense.bias.iter().all(|&b| b == 0.0));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_weights_and_another_gives_others() {
        let model = ModelSpec::default();
        let initial = |seed| Weights::initial(&model, seed);
        assert_eq!(initial(7), initial(7));
        assert_ne!(initial(7), initial(8));
    }
}
