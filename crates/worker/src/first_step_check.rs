//! Checks a trainer's first step against the CPU engine. A GPU that computes wrongly reports no error.

use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, Progress, Tensors, Trainer, TrainerError, Wrapper, run::MOST_LOSS},
    weights::{Dense, Weights},
};
use latent_cpu::CpuTrainer;

/// How far the loss may be off, relative to the CPU's.
const LOSS_TOLERANCE: f64 = 1e-3;
/// How far a layer's weights and moments may be off, relative to what the step changes in them. Where a gradient is as
/// small as Adam's ε, rounding decides how far a weight goes.
const CHANGE_TOLERANCE: f64 = 0.1;
/// Larger networks, ten times the tutorial's, are not checked: the copy would take the memory that they train in.
const MOST_PARAMETERS: u64 = 5_000_000;
/// Larger steps, twenty times the tutorial's, are not checked either: the user would wait for the CPU.
const MOST_MULTIPLY_ADDS: u64 = 2_500_000_000;

/// A trainer whose first step is compared with the CPU's before its result is reported.
pub struct Checked<T> {
    trainer: T,
    /// The CPU's, until the first step.
    reference: Option<CpuTrainer>,
    parameters: u64,
}

impl<T: Trainer> Checked<T> {
    /// Trains a step on both, and returns the trainer's losses if they agree.
    async fn compare(
        &mut self,
        mut reference: CpuTrainer,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let before = reference.progress().await?;
        let expected = reference.train(images, &[batch], learning_rate).await?;
        let after = reference.progress().await?;
        let losses = self.trainer.train(images, &[batch], learning_rate).await?;
        // A loss that explodes on the CPU as well stops the run by itself, which says why.
        if expected.iter().all(|losses| losses.total <= f64::from(MOST_LOSS)) {
            let totals = losses.iter().zip(&expected).map(|(losses, due)| (losses.total, due.total));
            let is_near = |(loss, due): (f64, f64)| (loss - due).abs() <= LOSS_TOLERANCE * due;
            if let Some((loss, due)) = totals.into_iter().find(|&pair| !is_near(pair)) {
                return Err(TrainerError::Wrong(format!("loss {loss:.4} instead of {due:.4}")));
            }
            let found = self.trainer.progress().await?;
            if !is_same_step(&before, &after, &found) {
                return Err(TrainerError::Wrong("a step that leads elsewhere than the CPU's".into()));
            }
        }
        Ok(losses)
    }
}

/// Whether `found` is near enough to `expected`, where the CPU's step has led from `before`.
fn is_same_step(before: &Progress, expected: &Progress, found: &Progress) -> bool {
    let tensors: [fn(&Progress) -> &Weights; 3] =
        [|of| &of.weights, |of| &of.first_moment, |of| &of.second_moment];
    tensors.into_iter().all(|tensors| {
        let [before, expected, found] = [before, expected, found].map(|progress| &tensors(progress).layers);
        // False also where a value that was found is not a number.
        before.iter().zip(expected).zip(found).all(|((before, expected), found)| {
            distance(expected, found) <= CHANGE_TOLERANCE * distance(before, expected)
        })
    })
}

/// The Euclidean distance between the parameters of two layers.
fn distance(a: &Dense, b: &Dense) -> f64 {
    let pairs = a.kernel.iter().zip(&b.kernel).chain(a.bias.iter().zip(&b.bias));
    pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
}

/// How many multiply-adds one pass over a batch takes in a dense network. A user's choice of 4,096 images and 5 million
/// parameters is beyond a `usize` of 32 bits, which WebAssembly has.
fn multiply_adds(images: usize, parameters: u64) -> u64 {
    images as u64 * parameters
}

impl<T: Trainer> Wrapper for Checked<T> {
    type Inner = T;
    type Context = T::Context;

    async fn new(context: &T::Context, model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let trainer = T::new(context, model, progress).await?;
        let parameters = model.layers().iter().map(|layer| layer.parameters() as u64).sum();
        let reference = match parameters <= MOST_PARAMETERS {
            true => Some(CpuTrainer::new(&(), model, progress).await?),
            false => None,
        };
        Ok(Self { trainer, reference, parameters })
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        if let [first, others @ ..] = batches
            && let Some(reference) = self.reference.take()
            && multiply_adds(first.len(), self.parameters) <= MOST_MULTIPLY_ADDS
        {
            let mut losses = self.compare(reference, images, first, learning_rate).await?;
            losses.extend(self.trainer.train(images, others, learning_rate).await?);
            return Ok(losses);
        }
        self.trainer.train(images, batches, learning_rate).await
    }

    async fn up_to_date(&mut self, _: Tensors) -> Result<&mut T, TrainerError> {
        Ok(&mut self.trainer)
    }

    fn workers(&self) -> usize {
        self.trainer.workers()
    }

    fn description(&self) -> String {
        self.trainer.description()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_step_is_counted_in_full() {
        // In 32 bits this product is 0, which is below any limit.
        assert_eq!(multiply_adds(4_096, 4_194_304), 1 << 34);
        assert!(multiply_adds(4_096, MOST_PARAMETERS) > MOST_MULTIPLY_ADDS);
        assert!(multiply_adds(256, 472_000) <= MOST_MULTIPLY_ADDS);
    }
}
