//! A network in training, as a trait.

use super::{inference::Infer, workspace::Workspace};
use latent_core::{
    data::Images,
    noise::{Noise, NoiseError},
    training::{Losses, Progress},
};
use std::ops::Range;

/// A network in training, for any vectors.
///
/// A step is [`Train::gradients`] of the own shards and [`Train::update`]. Where workers share it, each one sends what
/// [`Train::read_sums`] gives, and takes the others' with [`Train::write_sums`] in between.
pub(super) trait Train {
    /// How many shards a batch of so many images has.
    fn shards(&self, images: usize) -> usize;
    /// Computes the gradients of these shards of a batch.
    fn gradients(
        &mut self,
        workspace: &mut Workspace,
        images: &Images,
        batch: &[u32],
        own: Range<usize>,
        noise: &Noise,
    ) -> Result<(), NoiseError>;
    /// Adds up these subtrees of the shards, and gives their sums as bytes.
    fn read_sums(&mut self, workspace: &mut Workspace, subtrees: &[Range<usize>]) -> Vec<u8>;
    /// Takes such sums of another worker. Fails with the length that was expected.
    fn write_sums(&mut self, subtrees: &[Range<usize>], bytes: &[u8]) -> Result<(), usize>;
    /// Adds up all shards of a batch of so many images, of which these subtrees have been, and updates the weights. Gives the
    /// losses before that.
    fn update(
        &mut self,
        workspace: &mut Workspace,
        images: usize,
        done: &[Range<usize>],
        learning_rate: f32,
    ) -> Losses;
    /// A copy of all that training has changed.
    fn progress(&self) -> Progress;
    /// The network as it is now.
    fn network(&self) -> &dyn Infer;
}
