//! The canary: what a GPU computes wrongly it computes in silence, so a trainer's first step is taken on the CPU as well.

use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported, run::MOST_LOSS},
    weights::{Dense, Weights},
};
use latent_cpu::CpuTrainer;
use std::ops::Range;

/// How far the loss may be off, relative to the CPU's.
const LOSS_OFF: f64 = 1e-3;
/// How far a layer's weights and moments may be off, relative to what the step changes in them. Where a gradient is as
/// small as Adam's ε, rounding decides how far a weight goes.
const CHANGE_OFF: f64 = 0.1;
/// A larger network, ten times the tutorial's, isn't checked: its copy would take the memory that it trains in.
const MOST_PARAMETERS: usize = 5_000_000;
/// Neither is a larger step, images times weights and twenty times the tutorial's: one would wait for it.
const MOST_WORK: usize = 2_500_000_000;

/// A trainer whose first step is compared with the CPU's before anyone hears of it.
pub struct Checked<T> {
    trainer: T,
    /// The CPU's, until the first step.
    canary: Option<CpuTrainer>,
    parameters: usize,
}

impl<T: Trainer> Checked<T> {
    /// Trains a step on both, and gives its loss if they agree.
    async fn compare(
        &mut self,
        mut canary: CpuTrainer,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let before = canary.progress().await?;
        let expected = canary.train(images, &[batch], learning_rate).await?;
        let due = canary.progress().await?;
        let losses = self.trainer.train(images, &[batch], learning_rate).await?;
        // What explodes on the CPU as well stops the run by itself, which says why.
        if expected.iter().all(|losses| losses.total <= f64::from(MOST_LOSS)) {
            let is_near = |(loss, due): (f64, f64)| (loss - due).abs() <= LOSS_OFF * due;
            let totals = losses.iter().zip(&expected).map(|(losses, due)| (losses.total, due.total));
            if let Some((loss, due)) = totals.into_iter().find(|&pair| !is_near(pair)) {
                return Err(TrainerError::Wrong(format!("loss {loss:.4} instead of {due:.4}")));
            }
            let done = self.trainer.progress().await?;
            if !leads_to(&before, &due, &done) {
                return Err(TrainerError::Wrong("a step that leads elsewhere than the CPU's".into()));
            }
        }
        Ok(losses)
    }
}

/// Whether a step from `before` that should lead to `due` leads there: `done` is what it came to.
fn leads_to(before: &Progress, due: &Progress, done: &Progress) -> bool {
    let parts: [fn(&Progress) -> &Weights; 3] =
        [|of| &of.weights, |of| &of.first_moment, |of| &of.second_moment];
    parts.into_iter().all(|part| {
        let layers = part(before).layers.iter().zip(&part(due).layers).zip(&part(done).layers);
        // Also where what was done is no number.
        layers
            .into_iter()
            .all(|((before, due), done)| distance(due, done) <= CHANGE_OFF * distance(before, due))
    })
}

fn distance(a: &Dense, b: &Dense) -> f64 {
    let pairs = a.kernel.iter().zip(&b.kernel).chain(a.bias.iter().zip(&b.bias));
    pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
}

impl<T: Trainer> Trainer for Checked<T> {
    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        // The first step is computed on the CPU as well.
        T::supports(model).and_then(|()| CpuTrainer::supports(model))
    }

    async fn new(model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let trainer = T::new(model, progress).await?;
        let parameters = progress.weights.parameters();
        let canary = match parameters <= MOST_PARAMETERS {
            true => Some(CpuTrainer::new(model, progress).await?),
            false => None,
        };
        Ok(Self { trainer, canary, parameters })
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        if let [first, others @ ..] = batches
            && let Some(canary) = self.canary.take()
            && first.len() * self.parameters <= MOST_WORK
        {
            let mut losses = self.compare(canary, images, first, learning_rate).await?;
            losses.extend(self.trainer.train(images, others, learning_rate).await?);
            return Ok(losses);
        }
        self.trainer.train(images, batches, learning_rate).await
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        self.trainer.evaluate(images, which).await
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        self.trainer.encode(images, which).await
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        self.trainer.decode(codes).await
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        self.trainer.weights().await
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        self.trainer.progress().await
    }

    fn workers(&self) -> usize {
        self.trainer.workers()
    }
}
