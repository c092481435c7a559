//! A network that several tasks use while its weights change.

use latent_core::{data::Images, model::ModelSpec, training::TrainerError, weights::Weights};
use latent_cpu::DenseNetwork;
use std::{cell::RefCell, ops::Range, rc::Rc};

/// A network that tasks clone when they begin. Newer weights do not reach the clones, so a task ends with the weights
/// that it began with.
#[derive(Clone)]
pub(super) struct SharedNetwork(Rc<RefCell<DenseNetwork>>);

impl SharedNetwork {
    /// A network with these weights. Fails if they are not the model's.
    pub(super) fn new(model: &ModelSpec, weights: &Weights) -> Result<Self, TrainerError> {
        Ok(Self(Rc::new(RefCell::new(DenseNetwork::new(model, weights)?))))
    }

    /// Takes other weights of the same model. The memory is used again unless a task needs the weights before.
    pub(super) fn load(&mut self, model: &ModelSpec, weights: &Weights) -> Result<(), TrainerError> {
        match Rc::get_mut(&mut self.0) {
            Some(network) => network.get_mut().load(weights),
            None => Self::new(model, weights).map(|network| *self = network),
        }
    }

    /// The codes of these images: `[which, units]`.
    pub(super) fn encode(&self, images: &Images, which: Range<usize>) -> Vec<f32> {
        self.0.borrow_mut().encode(images, which)
    }

    /// The images at these codes, as bytes: `[n, height, width, channels]`. Values beyond black and white are clipped.
    pub(super) fn decode(&self, codes: &[f32]) -> Vec<u8> {
        self.0.borrow_mut().decode(codes).iter().map(|shade| (shade * 255.0).round() as u8).collect()
    }

    /// The mean error over these images.
    pub(super) fn evaluate(&self, images: &Images, which: Range<usize>) -> f64 {
        self.0.borrow_mut().evaluate(images, which)
    }
}
