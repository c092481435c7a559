//! The history of a run: its losses, as a chart of any width or a table reads them.

use super::{LossParts, StepLosses};
pub use super::{decimation::Column, series::Series, speedometer::Speedometer};
use crate::settings::Settings;
use serde::{Deserialize, Serialize};

/// The losses of a run so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Record", into = "Record")]
pub struct History {
    /// Of every step after those that were done before: none, unless the run went on from a model without its history.
    total: Series,
    /// Of a variational model, since they are known.
    parts: Option<Parts>,
    validation: Vec<Validation>,
    /// Steps after which another engine went on, the earliest first.
    interruptions: Vec<u64>,
}

/// The parts of a variational model's training loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// How far the reconstructions were from the images.
    pub reconstruction: Series,
    /// How far the codes' distributions were from the prior, unweighted.
    pub divergence: Series,
}

/// A history as it passes between page and workers, without what is computed from the losses.
#[derive(Serialize, Deserialize)]
struct Record {
    steps_before: u64,
    losses: StepLosses,
    validation: Vec<Validation>,
}

impl From<Record> for History {
    fn from(Record { steps_before, losses, validation }: Record) -> Self {
        Self::restored(steps_before, losses, validation)
    }
}

impl From<History> for Record {
    fn from(history: History) -> Self {
        let losses = StepLosses { totals: history.losses().to_vec(), parts: history.step_parts().collect() };
        Self { steps_before: history.steps_before(), losses, validation: history.validation }
    }
}

/// The validation loss after an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Steps done when it was taken.
    pub steps: u64,
    /// The loss over the test images.
    pub loss: f32,
    /// Its parts, of a variational model.
    pub parts: Option<LossParts>,
}

impl Parts {
    fn after(steps_before: u64) -> Self {
        Self { reconstruction: Series::after(steps_before), divergence: Series::after(steps_before) }
    }

    fn add(&mut self, parts: &[LossParts]) {
        self.reconstruction.add(&parts.iter().map(|parts| parts.reconstruction).collect::<Vec<_>>());
        self.divergence.add(&parts.iter().map(|parts| parts.divergence).collect::<Vec<_>>());
    }

    fn until(&self, steps: u64) -> Option<Self> {
        let known = Self {
            reconstruction: self.reconstruction.until(steps)?,
            divergence: self.divergence.until(steps)?,
        };
        (!known.divergence.losses().is_empty()).then_some(known)
    }
}

impl Validation {
    /// A loss without parts, taken after so many steps.
    pub fn total(steps: u64, loss: f32) -> Self {
        Self { steps, loss, parts: None }
    }
}

impl History {
    /// The history of a run that goes on after so many steps, of which nothing is known.
    pub fn resumed(steps_before: u64) -> Self {
        Self { total: Series::after(steps_before), ..Self::default() }
    }

    /// A history that was saved: the losses of the steps after `steps_before`, and the validation losses,
    /// the earliest first.
    pub fn restored(steps_before: u64, losses: impl Into<StepLosses>, validation: Vec<Validation>) -> Self {
        let mut history = Self { validation, ..Self::resumed(steps_before) };
        history.trained(losses);
        history
    }

    /// The history as it was when `steps` steps were done: what belongs to a snapshot that is older than the
    /// newest losses.
    pub fn until(&self, steps: u64) -> Self {
        Self {
            total: self.total.until(steps).unwrap_or_else(|| Series::after(steps)),
            parts: self.parts.as_ref().and_then(|parts| parts.until(steps)),
            validation: self.validation.iter().copied().filter(|taken| taken.steps <= steps).collect(),
            interruptions: self.interruptions.iter().copied().filter(|&at| at <= steps).collect(),
        }
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
        self.total.steps_before()
    }

    /// Steps done in all.
    pub fn steps(&self) -> u64 {
        self.total.steps()
    }

    /// Adds the training losses of the next steps.
    ///
    /// Parts belong to the last of these steps. They are kept without a gap up to the newest step: earlier ones are
    /// dropped where some steps in between have none.
    pub fn trained(&mut self, losses: impl Into<StepLosses>) {
        self.add(&losses.into());
    }

    fn add(&mut self, StepLosses { totals, parts }: &StepLosses) {
        if totals.is_empty() {
            return;
        }
        self.total.add(totals);
        let parts = &parts[parts.len().saturating_sub(totals.len())..];
        if parts.is_empty() {
            self.parts = None;
            return;
        }
        let steps_before = self.steps() - parts.len() as u64;
        let known = self.parts.take().filter(|known| known.divergence.steps() == steps_before);
        let mut known = known.unwrap_or_else(|| Parts::after(steps_before));
        known.add(parts);
        self.parts = Some(known);
    }

    /// Adds a validation loss with its parts, taken now.
    ///
    /// A run that goes on from the end of an epoch validates it again, to the same loss: it is added once.
    /// Returns whether it is new.
    pub fn validated(&mut self, loss: f32, parts: Option<LossParts>) -> bool {
        let is_new = self.validation.last().is_none_or(|last| last.steps < self.steps());
        if is_new {
            self.validation.push(Validation { steps: self.steps(), loss, parts });
        }
        is_new
    }

    /// Training loss by step; the first is that of the step after [`History::steps_before`].
    pub fn losses(&self) -> &[f32] {
        self.total.losses()
    }

    /// The training losses.
    pub fn total(&self) -> &Series {
        &self.total
    }

    /// The parts of the training losses, of a variational model.
    pub fn parts(&self) -> Option<&Parts> {
        self.parts.as_ref()
    }

    /// The parts of the last steps' training losses, step by step.
    pub(super) fn step_parts(&self) -> impl Iterator<Item = LossParts> {
        self.parts.iter().flat_map(|Parts { reconstruction, divergence }| {
            let both = reconstruction.losses().iter().zip(divergence.losses());
            both.map(|(&reconstruction, &divergence)| LossParts { reconstruction, divergence })
        })
    }

    /// Whether any loss has parts, as those of variational models.
    pub fn has_parts(&self) -> bool {
        self.parts.is_some() || self.validation.iter().any(|taken| taken.parts.is_some())
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
        let known = (self.steps_before() + 1..).zip(self.losses());
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
        self.total.columns(most)
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
        history.trained(vec![0.5; 100_001]);
        assert!(history.columns(600).len() <= 600);
    }

    #[test]
    fn validation_is_noted_at_the_step_where_it_was_taken() {
        let mut history = History::default();
        history.trained(&[0.1; 235]);
        history.validated(0.05, None);
        assert_eq!(history.validation(), [Validation::total(235, 0.05)]);
    }

    #[test]
    fn a_run_that_goes_on_without_its_history_counts_on() {
        let mut history = History::resumed(235);
        assert_eq!((history.steps(), history.columns(5)), (235, vec![]));
        history.trained(&[0.25; 235]);
        history.validated(0.125, None);
        assert_eq!((history.steps_before(), history.steps(), history.losses().len()), (235, 470, 235));
        assert_eq!(history.validation(), [Validation::total(470, 0.125)]);
        let steps: Vec<_> = history.columns(2).iter().map(|column| column.step).collect();
        assert_eq!(steps, [236, 354]);
    }

    #[test]
    fn a_history_can_be_cut_at_any_step() {
        let mut history = History::resumed(2);
        history.trained(&[0.3, 0.2]);
        history.validated(0.1, None);
        history.trained(&[0.1]);
        assert_eq!(history.until(9), history);
        let validation = vec![Validation::total(4, 0.1)];
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

    /// The losses of steps whose parts are these.
    fn with_parts(parts: &[(f32, f32)]) -> StepLosses {
        let parts: Vec<_> = parts
            .iter()
            .map(|&(reconstruction, divergence)| LossParts { reconstruction, divergence })
            .collect();
        let totals = parts.iter().map(|parts| parts.reconstruction + parts.divergence).collect();
        StepLosses { totals, parts }
    }

    #[test]
    fn the_parts_of_a_variational_loss_are_kept_step_by_step() {
        let mut history = History::resumed(4);
        history.trained(with_parts(&[(9.0, 1.0), (7.0, 2.0)]));
        history.trained(with_parts(&[(6.0, 3.0)]));
        let parts = history.parts().unwrap();
        assert_eq!(parts.divergence.losses(), [1.0, 2.0, 3.0]);
        assert_eq!([4, 5, 7].map(|step| parts.reconstruction.at(step)), [None, Some(9.0), Some(6.0)]);
        assert_eq!(history.until(6).step_parts().count(), 2);
        assert_eq!(history.until(4), History::resumed(4));
    }

    #[test]
    fn a_run_that_goes_on_without_parts_has_those_of_its_newest_steps() {
        let mut history = History::restored(0, vec![9.0, 8.0], vec![]);
        history.trained(with_parts(&[(6.0, 1.0)]));
        let parts = history.parts().unwrap();
        assert_eq!((parts.divergence.steps_before(), parts.divergence.losses()), (2, &[1.0][..]));
        // A gap would put later parts at the wrong steps.
        history.trained(&[5.0]);
        assert_eq!(history.parts(), None);
        history.trained(with_parts(&[(4.0, 1.0)]));
        assert_eq!(history.parts().map(|parts| parts.divergence.steps_before()), Some(4));
    }

    #[test]
    fn more_parts_than_steps_count_from_the_last() {
        let mut losses = with_parts(&[(9.0, 1.0), (7.0, 2.0)]);
        losses.totals = vec![9.0];
        let history = History::restored(0, losses, vec![]);
        assert_eq!(history.step_parts().map(|parts| parts.divergence).collect::<Vec<_>>(), [2.0]);
    }
}
