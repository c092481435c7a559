//! Weights and codes in 16 bits, in which they are kept.

use half::f16;
use latent_core::{
    model::ModelSpec,
    weights::{Weights, tensor_shapes},
};

/// A network's weights, in the order of its layers.
#[derive(Debug)]
pub(super) struct HalfWeights(Vec<f16>);

impl HalfWeights {
    /// Rounds weights.
    pub(super) fn of(weights: &Weights) -> Self {
        Self(halves(weights.values()))
    }

    /// The bytes that the weights of a model take.
    pub(super) fn bytes_of(model: &ModelSpec) -> usize {
        let values = |(_, shape): (_, Vec<usize>)| shape.iter().product::<usize>();
        tensor_shapes(model).map(values).sum::<usize>() * size_of::<f16>()
    }

    /// The bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.0.as_slice())
    }

    /// The rounded weights as those of their model.
    pub(super) fn to_weights(&self, model: &ModelSpec) -> Weights {
        let mut weights = Weights::zeros(model);
        let places = weights.tensors.iter_mut().flat_map(|tensor| &mut tensor.values);
        places.zip(&self.0).for_each(|(place, value)| *place = value.to_f32());
        weights
    }
}

/// Rounds numbers. Those beyond the range of 16 bits become its ends, so that what is finite stays finite.
pub(super) fn halves(values: impl Iterator<Item = f32>) -> Vec<f16> {
    const MOST: f32 = 65_504.0;
    // Not `clamp`, which can panic with the numbers: the text of numbers would be 10 kB of the program.
    let limited = |value: f32| if value.abs() > MOST { MOST.copysign(value) } else { value };
    values.map(|value| f16::from_f32(limited(value))).collect()
}

/// The numbers in 32 bits.
pub(super) fn singles(halves: &[f16]) -> Vec<f32> {
    halves.iter().map(|half| half.to_f32()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::link::Link;

    #[test]
    fn weights_of_every_kind_of_model_come_back_within_a_thousandth() {
        for fragment in ["hidden=16,8", "encoder=conv4k3s2,dense8&variational=1&code=3"] {
            let model = Link::parse(fragment).0.settings.model;
            let weights = Weights::initial(&model, 1);
            let half = HalfWeights::of(&weights);
            assert_eq!(half.bytes(), 2 * weights.parameters());
            assert_eq!(half.bytes(), HalfWeights::bytes_of(&model));
            let back = half.to_weights(&model);
            assert_eq!(back.check(&model), Ok(()));
            for (exact, rounded) in weights.values().zip(back.values()) {
                assert!((exact - rounded).abs() <= exact.abs() / 1_000.0 + 1e-7, "{exact} {rounded}");
            }
        }
    }

    #[test]
    fn numbers_beyond_16_bits_stay_finite_and_what_is_no_number_stays_none() {
        let back = singles(&halves([1e9, -1e9, 65_504.0, 0.5, f32::NAN].into_iter()));
        assert_eq!(back[..4], [65_504.0, -65_504.0, 65_504.0, 0.5]);
        assert!(back[4].is_nan());
    }
}
