//! The history of losses as tensors of a file.

use super::{CheckpointError, reader::Reader, writer::Tensor};
use crate::training::history::{History, Validation};

const LOSS: &str = "history.loss";
const VALIDATION_LOSS: &str = "history.val_loss";
const VALIDATION_STEPS: &str = "history.val_loss_steps";

/// The losses in the types that a file has.
pub(super) struct Losses {
    training: Vec<f32>,
    validation: Vec<f32>,
    validation_steps: Vec<i64>,
}

impl From<&History> for Losses {
    fn from(history: &History) -> Self {
        let validation = history.validation();
        Self {
            training: history.losses().to_vec(),
            validation: validation.iter().map(|taken| taken.loss).collect(),
            validation_steps: validation.iter().map(|taken| taken.steps as i64).collect(),
        }
    }
}

impl Losses {
    /// Takes the losses of a file; none where it has none.
    pub(super) fn take(file: &mut Reader<'_>) -> Result<Self, CheckpointError> {
        Ok(Self {
            training: file.take_list(LOSS)?,
            validation_steps: file.take_list(VALIDATION_STEPS)?,
            validation: file.take_list(VALIDATION_LOSS)?,
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
        if !self.training.is_empty() {
            tensors.push(Tensor::new(LOSS, &[self.training.len()], &self.training));
        }
        tensors
    }

    /// The fewest steps after which there can be these losses.
    pub(super) fn least_steps(&self) -> u64 {
        let validated = self.validation_steps.iter().filter_map(|&steps| steps.try_into().ok());
        validated.chain([self.training.len() as u64]).max().unwrap_or(0)
    }

    /// The history of a run that has done so many steps.
    pub(super) fn history(self, steps: u64) -> Result<History, CheckpointError> {
        let Self { training, validation, validation_steps } = self;
        let unsound = |why: String| CheckpointError::History(why);
        if validation.len() != validation_steps.len() {
            let why = "there are not as many validation losses as steps where they were taken";
            return Err(unsound(why.into()));
        }
        let steps_before = steps.checked_sub(training.len() as u64);
        let steps_before = steps_before.ok_or_else(|| {
            unsound(format!("it holds {} losses, and {steps} steps were done", training.len()))
        })?;
        let taken = |(steps, loss): (i64, f32)| Some(Validation { steps: steps.try_into().ok()?, loss });
        let validation = validation_steps.into_iter().zip(validation).map(taken).collect::<Option<_>>();
        let validation = validation.ok_or_else(|| unsound("a validation was taken before step 0".into()))?;
        Ok(History::restored(steps_before, training, validation))
    }
}
