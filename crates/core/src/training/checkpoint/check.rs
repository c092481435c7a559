//! Whether a checkpoint is sound. It is asked before one is written, and after one was read.

use super::{
    Checkpoint, CheckpointError,
    layers::{MOMENTUM, VELOCITY, is_zero},
};
use crate::{settings::MOST_STEPS, training::history::History};

impl Checkpoint {
    /// Whether the parts are sound, and are parts of the same run.
    pub(super) fn check(&self) -> Result<(), CheckpointError> {
        self.settings.check()?;
        let (model, progress) = (&self.settings.model, &self.progress);
        progress.weights.check(model)?;
        for (moment, values) in [(MOMENTUM, &progress.first_moment), (VELOCITY, &progress.second_moment)] {
            values.check(model).map_err(|error| CheckpointError::Moments { moment, error })?;
        }
        if progress.second_moment.values().any(|value| value < 0.0) {
            return Err(CheckpointError::Optimizer("its velocity, a mean of squares, is below zero"));
        }
        if progress.steps > MOST_STEPS {
            return Err(CheckpointError::Steps(progress.steps.to_string()));
        }
        if progress.steps == 0 && !(is_zero(&progress.first_moment) && is_zero(&progress.second_moment)) {
            return Err(CheckpointError::Optimizer("it is that of a run, and no step was done"));
        }
        if self.history.has_parts() && !model.is_variational() {
            let why = "it has the divergences of a variational model, and the model is none";
            return Err(CheckpointError::History(why.into()));
        }
        check_history(&self.history, progress.steps)
    }
}

fn check_history(history: &History, steps: u64) -> Result<(), CheckpointError> {
    let unsound = |why: String| Err(CheckpointError::History(why));
    if history.steps() != steps {
        return unsound(format!("it ends after step {}, and {steps} steps were done", history.steps()));
    }
    let validated = history.validation();
    let parts = history.step_parts().chain(validated.iter().filter_map(|taken| taken.parts));
    let parts = parts.flat_map(|parts| [parts.reconstruction, parts.divergence]);
    let mut losses =
        history.losses().iter().copied().chain(validated.iter().map(|taken| taken.loss)).chain(parts);
    if !losses.all(f32::is_finite) {
        return unsound("a loss is not finite".into());
    }
    let in_order = validated.is_sorted_by_key(|taken| taken.steps);
    if !in_order || validated.last().is_some_and(|last| last.steps > steps) {
        return unsound("a validation was taken before its predecessor, or after the last step".into());
    }
    Ok(())
}
