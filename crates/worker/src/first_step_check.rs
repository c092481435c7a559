//! Checks a trainer's first step against the CPU engine. A GPU that computes wrongly reports no error.

use latent_core::{
    data::Images,
    model::ModelSpec,
    noise::Noise,
    training::{Losses, Progress, Tensors, Trainer, TrainerError, Wrapper},
    weights::{LayerTensors, Weights},
};
use latent_cpu::CpuTrainer;

/// How far the loss may be off, relative to the CPU's.
const LOSS_TOLERANCE: f64 = 1e-3;
/// How far a layer's weights and moments may be off, relative to what the step changes in them. Where a gradient is as
/// small as Adam's ε, rounding decides how far a weight goes.
const CHANGE_TOLERANCE: f64 = 0.1;
/// Beyond this loss a sum of squares in 32 bits may overflow on one engine alone.
const MOST_LOSS: f64 = 1e9;
/// Larger networks, ten times the tutorial's, are not checked: the copy would take the memory that they train in.
const MOST_PARAMETERS: u64 = 5_000_000;
/// Larger steps, twenty times the tutorial's, are not checked either: the user would wait for the CPU.
const MOST_MULTIPLY_ADDS: u64 = 2_500_000_000;

/// A trainer whose first step is compared with the CPU's before its result is reported.
pub struct Checked<T> {
    trainer: T,
    /// The CPU's, until the first step.
    reference: Option<CpuTrainer>,
    model: ModelSpec,
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
        if expected.iter().all(|losses| losses.total <= MOST_LOSS) {
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
        let [before, expected, found] = [before, expected, found].map(|progress| tensors(progress).layers());
        // False also where a value that was found is not a number.
        before.zip(expected).zip(found).all(|((before, expected), found)| {
            distance(expected, found) <= CHANGE_TOLERANCE * distance(before, expected)
        })
    })
}

/// The Euclidean distance between the parameters of two layers.
fn distance(a: LayerTensors<'_>, b: LayerTensors<'_>) -> f64 {
    let tensors = [(a.kernel, b.kernel), (a.bias, b.bias)];
    let pairs = tensors.iter().flat_map(|(a, b)| a.values.iter().zip(&b.values));
    pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
}

impl<T: Trainer> Wrapper for Checked<T> {
    type Inner = T;
    type Context = T::Context;

    async fn new(context: &T::Context, model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let trainer = T::new(context, model, progress).await?;
        let is_checked = model.parameters() <= MOST_PARAMETERS && CpuTrainer::supports(model).is_ok();
        let reference = match is_checked {
            true => Some(CpuTrainer::new(&(), model, progress).await?),
            false => None,
        };
        Ok(Self { trainer, reference, model: model.clone() })
    }

    fn set_noise(&mut self, noise: Noise) {
        if let Some(reference) = &mut self.reference {
            reference.set_noise(noise.clone());
        }
        self.trainer.set_noise(noise);
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        if let [first, others @ ..] = batches
            && let Some(reference) = self.reference.take()
            && self.model.multiply_adds(first.len()) <= MOST_MULTIPLY_ADDS
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
        // In 32 bits these products would wrap around, below any limit.
        let largest = ModelSpec::dense(&[1024, 1024, 1024, 512], 32, 0.3);
        assert!(largest.parameters() <= MOST_PARAMETERS + 2_500_000);
        assert!(largest.multiply_adds(4_096) > MOST_MULTIPLY_ADDS);
        assert!(ModelSpec::default().multiply_adds(256) <= MOST_MULTIPLY_ADDS);
    }
}
