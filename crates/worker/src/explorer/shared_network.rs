//! A network that several tasks use while its weights change.

use latent_core::{data::Images, model::ModelSpec, training::TrainerError, weights::Weights};
use latent_cpu::Inference;
use std::{cell::RefCell, ops::Range, rc::Rc};

/// Multiply-adds of a piece of work at most, the pointer may have to wait for it: some milliseconds of the dense kernels, 50 of
/// those of convolutions. The tutorial's network takes as many for 254 images.
const MOST_MULTIPLY_ADDS: u64 = 120_000_000;

/// A network that tasks clone when they begin. Newer weights do not reach the clones, so a task ends with the weights
/// that it began with.
pub(super) struct SharedNetwork<N> {
    network: Rc<RefCell<N>>,
    affordable: usize,
}

impl<N> Clone for SharedNetwork<N> {
    fn clone(&self) -> Self {
        Self { network: self.network.clone(), affordable: self.affordable }
    }
}

impl<N: Inference> SharedNetwork<N> {
    /// A network with these weights. Fails if they are not the model's.
    pub(super) fn new(model: &ModelSpec, weights: &Weights) -> Result<Self, TrainerError> {
        let network = Rc::new(RefCell::new(N::new(model, weights)?));
        Ok(Self { network, affordable: affordable(model) })
    }

    /// Takes other weights of the same model. The memory is used again unless a task needs the weights before.
    pub(super) fn load(&mut self, model: &ModelSpec, weights: &Weights) -> Result<(), TrainerError> {
        match Rc::get_mut(&mut self.network) {
            Some(network) => network.get_mut().load(weights),
            None => Self::new(model, weights).map(|network| *self = network),
        }
    }

    /// How many of `most` images are computed in one piece.
    pub(super) fn images_at_once(&self, most: usize) -> usize {
        most.min(self.affordable)
    }

    /// The codes of these images, of a variational model their means: `[which, units]`.
    pub(super) fn encode(&self, images: &Images, which: Range<usize>) -> Vec<f32> {
        self.network.borrow_mut().encode(images, which)
    }

    /// The logarithms of the variances of these images' codes, `[which, units]`. None where codes are points.
    pub(super) fn log_variances(&self, images: &Images, which: Range<usize>) -> Option<Vec<f32>> {
        self.network.borrow_mut().log_variances(images, which)
    }

    /// An image as validation corrupts it, a byte a value. None where the model corrupts nothing.
    pub(super) fn corrupted(&self, images: &Images, image: usize) -> Option<Vec<u8>> {
        self.network.borrow().corrupted(images, image)
    }

    /// The images at these codes, as bytes: `[n, height, width, channels]`. Values beyond black and white are clipped.
    pub(super) fn decode(&self, codes: &[f32]) -> Vec<u8> {
        self.network.borrow_mut().decode(codes).iter().map(|shade| (shade * 255.0).round() as u8).collect()
    }

    /// The mean squared errors of what the network makes of these images' codes.
    pub(super) fn errors(&self, codes: &[f32], images: &Images, which: Range<usize>) -> Vec<f32> {
        let (copies, values) = (self.network.borrow_mut().decode(codes), images.shape().values());
        let error = |(copy, image): (&[f32], usize)| {
            let pairs = copy.iter().zip(images.get(image));
            pairs.map(|(copy, &value)| (copy - f32::from(value) / 255.0).powi(2)).sum::<f32>() / values as f32
        };
        copies.chunks_exact(values).zip(which).map(error).collect()
    }

    /// The loss over these images.
    pub(super) fn evaluate(&self, images: &Images, which: Range<usize>) -> f64 {
        self.network.borrow_mut().evaluate(images, which).total
    }
}

/// Images for which a model takes [`MOST_MULTIPLY_ADDS`], one at least.
fn affordable(model: &ModelSpec) -> usize {
    let images = MOST_MULTIPLY_ADDS / model.multiply_adds(1).max(1);
    usize::try_from(images).unwrap_or(usize::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::link::Link;

    #[test]
    fn a_piece_of_work_is_short_whatever_the_model_costs() {
        let of = |fragment| affordable(&Link::parse(fragment).0.settings.model);
        assert_eq!(of(""), 254);
        assert_eq!(of("encoder=conv32k3s2,conv64k3s2,dense16&variational=1"), 18);
        assert_eq!(of("encoder=conv512k7s1,conv512k7s1"), 1);
    }
}
