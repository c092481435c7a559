//! The history of losses as tensors of a file.

use super::{CheckpointError, reader::Reader, writer::Tensor};
use crate::training::{
    LossParts, StepLosses,
    history::{History, Validation},
};

const LOSS: &str = "history.loss";
const RECONSTRUCTION: &str = "history.reconstruction";
const DIVERGENCE: &str = "history.divergence";
const VALIDATION_LOSS: &str = "history.val_loss";
const VALIDATION_STEPS: &str = "history.val_loss_steps";
const VALIDATION_RECONSTRUCTION: &str = "history.val_reconstruction";
const VALIDATION_DIVERGENCE: &str = "history.val_divergence";

/// The losses in the types that a file has.
pub(super) struct Losses {
    training: Vec<f32>,
    training_parts: Parts,
    validation: Vec<f32>,
    validation_steps: Vec<i64>,
    validation_parts: Parts,
}

/// The parts of the last losses, of a variational model.
#[derive(Default)]
struct Parts {
    reconstruction: Vec<f32>,
    divergence: Vec<f32>,
}

impl Parts {
    fn of(parts: impl Iterator<Item = LossParts>) -> Self {
        let (reconstruction, divergence) =
            parts.map(|parts| (parts.reconstruction, parts.divergence)).unzip();
        Self { reconstruction, divergence }
    }

    fn take(file: &mut Reader<'_>, [reconstruction, divergence]: [&str; 2]) -> Result<Self, CheckpointError> {
        Ok(Self { reconstruction: file.take_list(reconstruction)?, divergence: file.take_list(divergence)? })
    }

    fn tensors<'a>(&'a self, [reconstruction, divergence]: [&'a str; 2]) -> Vec<Tensor<'a>> {
        if self.divergence.is_empty() {
            return Vec::new();
        }
        let of = |name, values: &'a Vec<f32>| Tensor::new(name, &[values.len()], values);
        vec![of(reconstruction, &self.reconstruction), of(divergence, &self.divergence)]
    }

    /// The parts of the last of so many losses.
    fn of_last(self, losses: usize) -> Result<Vec<LossParts>, CheckpointError> {
        let Self { reconstruction, divergence } = self;
        if reconstruction.len() != divergence.len() || divergence.len() > losses {
            let why = "there are not as many reconstructions and divergences as losses";
            return Err(CheckpointError::History(why.into()));
        }
        let both = reconstruction.into_iter().zip(divergence);
        Ok(both.map(|(reconstruction, divergence)| LossParts { reconstruction, divergence }).collect())
    }
}

impl From<&History> for Losses {
    fn from(history: &History) -> Self {
        let validation = history.validation();
        // The parts in a file are those of the last losses.
        let parts = validation.iter().rev().map_while(|taken| taken.parts).collect::<Vec<_>>();
        Self {
            training: history.losses().to_vec(),
            training_parts: Parts::of(history.step_parts()),
            validation: validation.iter().map(|taken| taken.loss).collect(),
            validation_steps: validation.iter().map(|taken| taken.steps as i64).collect(),
            validation_parts: Parts::of(parts.into_iter().rev()),
        }
    }
}

impl Losses {
    /// Takes the losses of a file; none where it has none.
    pub(super) fn take(file: &mut Reader<'_>) -> Result<Self, CheckpointError> {
        Ok(Self {
            training: file.take_list(LOSS)?,
            training_parts: Parts::take(file, [RECONSTRUCTION, DIVERGENCE])?,
            validation_steps: file.take_list(VALIDATION_STEPS)?,
            validation: file.take_list(VALIDATION_LOSS)?,
            validation_parts: Parts::take(file, [VALIDATION_RECONSTRUCTION, VALIDATION_DIVERGENCE])?,
        })
    }

    /// The tensors, the largest numbers first.
    pub(super) fn tensors(&self) -> Vec<Tensor<'_>> {
        let mut tensors = Vec::new();
        if !self.validation.is_empty() {
            let shape = [self.validation.len()];
            tensors.push(Tensor::new(VALIDATION_STEPS, &shape, &self.validation_steps));
            tensors.push(Tensor::new(VALIDATION_LOSS, &shape, &self.validation));
        }
        tensors.extend(self.validation_parts.tensors([VALIDATION_RECONSTRUCTION, VALIDATION_DIVERGENCE]));
        if !self.training.is_empty() {
            tensors.push(Tensor::new(LOSS, &[self.training.len()], &self.training));
        }
        tensors.extend(self.training_parts.tensors([RECONSTRUCTION, DIVERGENCE]));
        tensors
    }

    /// The fewest steps after which there can be these losses.
    pub(super) fn least_steps(&self) -> u64 {
        let validated = self.validation_steps.iter().filter_map(|&steps| steps.try_into().ok());
        validated.chain([self.training.len() as u64]).max().unwrap_or(0)
    }

    /// The history of a run that has done so many steps.
    pub(super) fn history(self, steps: u64) -> Result<History, CheckpointError> {
        let unsound = |why: String| CheckpointError::History(why);
        let known = self.training.len();
        let steps_before = steps.checked_sub(known as u64);
        let steps_before = steps_before
            .ok_or_else(|| unsound(format!("it holds {known} losses, and {steps} steps were done")))?;
        let parts = self.training_parts.of_last(known)?;
        let validation = validation(self.validation_steps, self.validation, self.validation_parts)?;
        Ok(History::restored(steps_before, StepLosses { totals: self.training, parts }, validation))
    }
}

/// The validation losses, of which the last ones have parts.
fn validation(steps: Vec<i64>, losses: Vec<f32>, parts: Parts) -> Result<Vec<Validation>, CheckpointError> {
    let unsound = |why: &str| CheckpointError::History(why.into());
    if losses.len() != steps.len() {
        return Err(unsound("there are not as many validation losses as steps where they were taken"));
    }
    let parts = parts.of_last(losses.len())?;
    let without = losses.len() - parts.len();
    let parts = std::iter::repeat_n(None, without).chain(parts.into_iter().map(Some));
    let taken = |((steps, loss), parts): ((i64, f32), _)| {
        Some(Validation { steps: steps.try_into().ok()?, loss, parts })
    };
    let validation = steps.into_iter().zip(losses).zip(parts).map(taken).collect::<Option<_>>();
    validation.ok_or_else(|| unsound("a validation was taken before step 0"))
}
