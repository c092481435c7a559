//! One of a run's losses by step, ready to be read at any step and drawn at any width.

use super::decimation::{Bins, Column};

/// Losses of consecutive steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Steps done before the first of `losses`.
    steps_before: u64,
    losses: Vec<f32>,
    /// The same losses, ready to be drawn.
    bins: Bins,
}

impl Series {
    /// A series without losses, of which the first will be that of the step after `steps_before`.
    pub(super) fn after(steps_before: u64) -> Self {
        Self { steps_before, ..Self::default() }
    }

    /// Adds the losses of the next steps.
    pub(super) fn add(&mut self, losses: &[f32]) {
        self.losses.extend_from_slice(losses);
        self.bins.add(losses);
    }

    /// The series as it was when `steps` steps were done. `None` if it began later.
    pub(super) fn until(&self, steps: u64) -> Option<Self> {
        let known = usize::try_from(steps.checked_sub(self.steps_before)?).unwrap_or(usize::MAX);
        let mut series = Self::after(self.steps_before);
        series.add(&self.losses[..known.min(self.losses.len())]);
        Some(series)
    }

    /// Steps done before the first that has a loss here.
    pub fn steps_before(&self) -> u64 {
        self.steps_before
    }

    /// Steps done in all.
    pub fn steps(&self) -> u64 {
        self.steps_before + self.losses.len() as u64
    }

    /// The losses by step; the first is that of the step after [`Series::steps_before`].
    pub fn losses(&self) -> &[f32] {
        &self.losses
    }

    /// Where the loss of a step (1 is the first) stands among [`Series::losses`], if it is there.
    pub fn index_of(&self, step: u64) -> Option<usize> {
        let index = usize::try_from(step.checked_sub(self.steps_before + 1)?).ok()?;
        (index < self.losses.len()).then_some(index)
    }

    /// The loss of a step, if it is known.
    pub fn at(&self, step: u64) -> Option<f32> {
        self.index_of(step).map(|index| self.losses[index])
    }

    /// The losses in at most `most` columns, so that any number of steps costs the chart the same and no spike gets lost.
    pub fn columns(&self, most: usize) -> Vec<Column> {
        self.bins.columns(most, self.steps_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_found_by_its_step() {
        let mut series = Series::after(3);
        series.add(&[0.5, 0.25]);
        assert_eq!([3, 4, 5, 6].map(|step| series.at(step)), [None, Some(0.5), Some(0.25), None]);
        assert_eq!((series.steps(), series.until(4).map(|it| it.steps())), (5, Some(4)));
        assert_eq!(series.until(2), None);
    }
}
