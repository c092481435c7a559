//! A network in training, as a trait.

use super::team_worker::TeamWorker;
use crate::{inference::Infer, thread_pool::ThreadPool};
use latent_core::{
    data::Images,
    noise::{Noise, NoiseError},
    training::{Losses, Progress},
};

/// A network in training, for any vectors.
pub(crate) trait Train {
    /// Where the random numbers of the steps come from.
    fn set_noise(&mut self, noise: Noise);
    /// One step on the images that `batch` names; gives their losses before it. Fails if the step lacks random numbers that are
    /// supplied.
    fn step(
        &mut self,
        pool: &mut ThreadPool,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<Losses, NoiseError>;
    /// A copy of all that training has changed.
    fn progress(&self) -> Progress;
    /// The network as it is now.
    fn network(&self) -> &dyn Infer;
    /// The share of units that were boundary units in the last batch, if the network has linear regions: what is left of the
    /// output layer's products.
    fn boundary_share(&self) -> Option<f64>;
    /// The phases of a step that several workers share.
    fn as_team_worker(&mut self) -> &mut dyn TeamWorker;
}
