//! What a model costs: parameters, multiply-adds, and the memory of a step.

use super::{Layer, LayerKind, ModelSpec};

/// Bytes that the activations of a step and their gradients may take. A larger batch is trained by shards.
pub const MOST_STEP_BYTES: u64 = 512_000_000;
/// Parameters of a model. All dense networks within the limits on images of 32 × 32 × 3 have fewer.
pub const MOST_PARAMETERS: u64 = 128_000_000;

const BYTES_OF_FLOAT: u64 = size_of::<f32>() as u64;

impl Layer {
    /// Weights and biases of the layer.
    pub fn parameters(&self) -> u64 {
        let product = |shape: Vec<usize>| shape.into_iter().map(|side| side as u64).product::<u64>();
        self.tensor_shapes().map_or(0, |shapes| shapes.into_iter().map(product).sum())
    }

    /// Multiplications with weights for an image, forward.
    pub fn multiply_adds(&self) -> u64 {
        match self.kind {
            LayerKind::Dense => self.inputs as u64 * self.outputs as u64,
            LayerKind::Conv2d(convolution) | LayerKind::Conv2dTranspose(convolution) => {
                convolution.multiply_adds()
            }
            LayerKind::Dropout { .. } => 0,
        }
    }
}

impl ModelSpec {
    /// Weights and biases of all layers.
    pub fn parameters(&self) -> u64 {
        self.layers().iter().map(Layer::parameters).sum()
    }

    /// Multiplications with weights for so many images, forward. Training takes about three times as many: the gradients of
    /// activations and of weights cost as much as the activations.
    pub fn multiply_adds(&self, images: usize) -> u64 {
        let of_image: u64 = self.layers().iter().map(Layer::multiply_adds).sum();
        of_image.saturating_mul(images as u64)
    }

    /// Bytes that a step on so many images takes for the images, every layer's outputs and their gradients.
    pub fn step_bytes(&self, images: usize) -> u64 {
        let values: u64 = self.layers().iter().map(|layer| layer.outputs as u64).sum();
        // A variational code is sampled from the two heads.
        let sampled = if self.is_variational() { self.latent_units() as u64 } else { 0 };
        let of_image = 2 * (values + sampled) + self.input.values() as u64;
        (BYTES_OF_FLOAT * of_image).saturating_mul(images as u64)
    }

    /// How many images of a batch are trained at once so that a step stays within [`MOST_STEP_BYTES`]: all of them, or a
    /// half, a quarter and so on, rounded up. It depends on model and batch alone. At least 1, which [`ModelSpec::check`] makes
    /// sure is within.
    pub fn images_at_once(&self, batch: usize) -> usize {
        let mut images = batch.max(1);
        while images > 1 && self.step_bytes(images) > MOST_STEP_BYTES {
            images = images.div_ceil(2);
        }
        images
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presets;

    fn conv_vae() -> ModelSpec {
        presets::model("encoder=conv32k3s2,conv64k3s2,dense16&activation=relu&variational=1")
    }

    #[test]
    fn multiply_adds_count_each_position_of_a_kernel() {
        let expected = 196 * 9 * 32
            + 49 * 9 * 32 * 64
            + 3136 * 16
            + 2 * 16 * 2
            + 2 * 3136
            + 49 * 9 * 64 * 64
            + 196 * 9 * 64 * 32
            + 784 * 9 * 32;
        assert_eq!(conv_vae().multiply_adds(1), expected);
        assert_eq!(ModelSpec::default().multiply_adds(2), 2 * 2 * (784 * 300 + 300 * 2));
    }

    #[test]
    fn a_large_batch_is_trained_by_shards_that_fit() {
        let model = conv_vae();
        // The example: 1.6 GiB at once.
        assert!((1.6e9..1.8e9).contains(&(model.step_bytes(4096) as f64)));
        let images = model.images_at_once(4096);
        assert_eq!(images, 1024);
        assert!(model.step_bytes(images) <= MOST_STEP_BYTES);
        assert_eq!((model.images_at_once(128), model.images_at_once(96)), (128, 96));
    }

    #[test]
    fn sizes_beyond_32_bits_are_counted_in_full() {
        let mut model = ModelSpec::dense(&[4096], 2, 0.3);
        (model.input.height, model.input.width) = (1024, 1024);
        assert!(model.parameters() > 1 << 33);
        assert!(model.multiply_adds(4096) > 1 << 44);
    }
}
