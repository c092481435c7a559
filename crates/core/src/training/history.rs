//! The history of a run: its losses, as a chart of any width or a table reads them.

use super::decimation::Bins;
pub use super::{decimation::Column, speedometer::Speedometer};
use crate::{settings::Settings, weights::floats};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// The losses of a run so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Record", into = "Record")]
pub struct History {
    /// Steps done before the first of `losses`: none, unless the run went on from a model without its history.
    steps_before: u64,
    losses: Vec<f32>,
    /// The same losses, ready to be drawn.
    bins: Bins,
    validation: Vec<Validation>,
    /// Steps after which another engine went on, the earliest first.
    interruptions: Vec<u64>,
}

/// A history as it passes between page and workers, without what is computed from the losses.
#[derive(Serialize, Deserialize)]
struct Record {
    steps_before: u64,
    #[serde(with = "floats")]
    losses: Vec<f32>,
    validation: Vec<Validation>,
}

impl From<Record> for History {
    fn from(Record { steps_before, losses, validation }: Record) -> Self {
        Self::restored(steps_before, losses, validation)
    }
}

impl From<History> for Record {
    fn from(History { steps_before, losses, validation, .. }: History) -> Self {
        Self { steps_before, losses, validation }
    }
}

/// The validation loss after an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Steps done when it was taken.
    pub steps: u64,
    /// The loss over the test images.
    pub loss: f32,
}

impl History {
    /// The history of a run that goes on after so many steps, of which nothing is known.
    pub fn resumed(steps_before: u64) -> Self {
        Self { steps_before, ..Self::default() }
    }

    /// A history that was saved: the losses of the steps after `steps_before`, and the validation losses,
    /// the earliest first.
    pub fn restored(steps_before: u64, losses: Vec<f32>, validation: Vec<Validation>) -> Self {
        let mut history = Self { steps_before, validation, ..Self::default() };
        history.trained(&losses);
        history
    }

    /// The history as it was when `steps` steps were done: what belongs to a snapshot that is older than the
    /// newest losses.
    pub fn until(&self, steps: u64) -> Self {
        let known = usize::try_from(steps.saturating_sub(self.steps_before)).unwrap_or(usize::MAX);
        let validation = self.validation.iter().copied().filter(|taken| taken.steps <= steps).collect();
        let losses = self.losses[..known.min(self.losses.len())].to_vec();
        let interruptions = self.interruptions.iter().copied().filter(|&at| at <= steps).collect();
        Self { interruptions, ..Self::restored(self.steps_before.min(steps), losses, validation) }
    }

    /// Records that another engine goes on from here. Files do not hold this.
    pub fn interrupted(&mut self) {
        if self.interruptions.last() != Some(&self.steps()) {
            self.interruptions.push(self.steps());
        }
    }

    /// Steps after which another engine went on, the earliest first.
    pub fn interruptions(&self) -> &[u64] {
        &self.interruptions
    }

    /// Steps done before the first that has a loss here.
    pub fn steps_before(&self) -> u64 {
        self.steps_before
    }

    /// Steps done in all.
    pub fn steps(&self) -> u64 {
        self.steps_before + self.losses.len() as u64
    }

    /// Adds the training losses of the next steps.
    pub fn trained(&mut self, losses: &[f32]) {
        self.losses.extend_from_slice(losses);
        self.bins.add(losses);
    }

    /// Adds a validation loss, taken now.
    ///
    /// A run that goes on from the end of an epoch validates it again, to the same loss: it is added once.
    /// Returns whether it is new.
    pub fn validated(&mut self, loss: f32) -> bool {
        let is_new = self.validation.last().is_none_or(|last| last.steps < self.steps());
        if is_new {
            self.validation.push(Validation { steps: self.steps(), loss });
        }
        is_new
    }

    /// Training loss by step; the first is that of the step after [`History::steps_before`].
    pub fn losses(&self) -> &[f32] {
        &self.losses
    }

    /// Validation losses, the earliest first.
    pub fn validation(&self) -> &[Validation] {
        &self.validation
    }

    /// The training loss of an epoch (1 is the first) as Keras reports it: the mean over its images, each with the
    /// loss of its step. `None` when no step of it is known.
    pub fn epoch_loss(&self, settings: &Settings, epoch: u32) -> Option<f32> {
        let steps = settings.steps_per_epoch() as u64;
        let end = u64::from(epoch) * steps;
        let last_batch = settings.training_images - (settings.steps_per_epoch() - 1) * settings.batch;
        let known = (self.steps_before + 1..).zip(&self.losses);
        let of_epoch = known.filter(|(step, _)| (end.saturating_sub(steps) + 1..=end).contains(step));
        let (images, sum) = of_epoch.fold((0.0, 0.0), |(images, sum), (step, &loss)| {
            let size = if step == end { last_batch } else { settings.batch } as f64;
            (images + size, sum + size * f64::from(loss))
        });
        (images > 0.0).then(|| (sum / images) as f32)
    }

    /// The training losses in at most `most` columns, so that any number of steps costs the chart the same and no
    /// spike gets lost.
    pub fn columns(&self, most: usize) -> Vec<Column> {
        self.bins.columns(most, self.steps_before)
    }

    /// The losses as a table: a row a step, with the validation loss in the row of the step it was taken after.
    /// Numbers are as short as they can be and still read back to the same `f32`.
    pub fn to_csv(&self, steps_per_epoch: usize) -> String {
        let mut csv = String::from("step,epoch,loss,val_loss\n");
        let mut row = |step: u64, loss: Option<f32>, validation: Option<f32>| {
            let epoch = step.saturating_sub(1) / steps_per_epoch.max(1) as u64 + 1;
            let [loss, validation] =
                [loss, validation].map(|loss| loss.map_or(String::new(), |loss| loss.to_string()));
            // Writing to a string cannot fail.
            let _ = writeln!(csv, "{step},{epoch},{loss},{validation}");
        };
        let mut validation = self.validation.iter().peekable();
        while let Some(taken) = validation.next_if(|taken| taken.steps <= self.steps_before) {
            row(taken.steps, None, Some(taken.loss));
        }
        for (step, &loss) in (self.steps_before + 1..).zip(&self.losses) {
            row(step, Some(loss), validation.next_if(|taken| taken.steps == step).map(|taken| taken.loss));
        }
        csv
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_every_extreme() {
        let mut history = History::default();
        history.trained(&[3.0, 1.0, 2.0, 9.0, 4.0]);
        assert_eq!(history.columns(5).len(), 5);
        let columns = history.columns(2);
        assert_eq!(columns.len(), 2);
        assert_eq!(columns[0], Column { step: 1, last: 3, least: 1.0, greatest: 3.0, mean: 2.0 });
        assert_eq!(columns[1], Column { step: 4, last: 5, least: 4.0, greatest: 9.0, mean: 6.5 });
        assert!(History::default().columns(10).is_empty());
    }

    #[test]
    fn a_hundred_thousand_steps_make_no_more_columns_than_asked_for() {
        let mut history = History::default();
        history.trained(&vec![0.5; 100_001]);
        assert!(history.columns(600).len() <= 600);
    }

    #[test]
    fn validation_is_noted_at_the_step_where_it_was_taken() {
        let mut history = History::default();
        history.trained(&[0.1; 235]);
        history.validated(0.05);
        assert_eq!(history.validation(), [Validation { steps: 235, loss: 0.05 }]);
    }

    #[test]
    fn a_run_that_goes_on_without_its_history_counts_on() {
        let mut history = History::resumed(235);
        assert_eq!((history.steps(), history.columns(5)), (235, vec![]));
        history.trained(&[0.25; 235]);
        history.validated(0.125);
        assert_eq!((history.steps_before(), history.steps(), history.losses().len()), (235, 470, 235));
        assert_eq!(history.validation(), [Validation { steps: 470, loss: 0.125 }]);
        let steps: Vec<_> = history.columns(2).iter().map(|column| column.step).collect();
        assert_eq!(steps, [236, 354]);
    }

    #[test]
    fn a_history_can_be_cut_at_any_step() {
        let mut history = History::resumed(2);
        history.trained(&[0.3, 0.2]);
        history.validated(0.1);
        history.trained(&[0.1]);
        assert_eq!(history.until(9), history);
        let validation = vec![Validation { steps: 4, loss: 0.1 }];
        assert_eq!(history.until(4), History::restored(2, vec![0.3, 0.2], validation));
        assert_eq!(history.until(3), History::restored(2, vec![0.3], vec![]));
        assert_eq!(history.until(1), History::resumed(1));
    }

    #[test]
    fn interruptions_are_kept_as_far_as_the_history_goes() {
        let mut history = History::default();
        for losses in [[0.3, 0.2], [0.1, 0.1]] {
            history.trained(&losses);
            history.interrupted();
            history.interrupted();
        }
        assert_eq!(history.interruptions(), [2, 4]);
        assert_eq!(history.until(3).interruptions(), [2]);
    }

    #[test]
    fn an_epochs_loss_counts_every_image_once() {
        let settings = Settings { batch: 30, training_images: 70, ..Settings::default() };
        let mut history = History::default();
        history.trained(&[0.5, 0.5, 4.0, 1.0]);
        assert_eq!(history.epoch_loss(&settings, 1), Some(1.0));
        assert_eq!(history.epoch_loss(&settings, 2), Some(1.0));
        assert_eq!(history.epoch_loss(&settings, 3), None);
        let mut went_on = History::resumed(1);
        went_on.trained(&[0.5, 4.0]);
        assert_eq!(went_on.epoch_loss(&settings, 1), Some(1.375));
    }

    #[test]
    fn the_table_has_a_row_for_every_step_and_loses_no_digit() {
        let mut history = History::default();
        history.trained(&[0.1, 1.0 / 3.0]);
        history.validated(0.0625);
        history.trained(&[1e-7]);
        let expected = "step,epoch,loss,val_loss\n1,1,0.1,\n2,1,0.33333334,0.0625\n3,2,0.0000001,\n";
        assert_eq!(history.to_csv(2), expected);
        assert_eq!(History::default().to_csv(2), "step,epoch,loss,val_loss\n");
    }

    #[test]
    fn the_table_of_a_run_that_went_on_starts_where_its_losses_start() {
        let validation = vec![Validation { steps: 2, loss: 0.5 }, Validation { steps: 4, loss: 0.25 }];
        let history = History::restored(2, vec![0.75, 0.5], validation);
        assert_eq!(history.to_csv(2), "step,epoch,loss,val_loss\n2,1,,0.5\n3,2,0.75,\n4,2,0.5,0.25\n");
    }
}
