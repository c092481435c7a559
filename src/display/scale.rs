//! How far the chart's axes go, and where epochs are marked on it.

use crate::{
    display::numbers::round_up,
    settings::Settings,
    training::history::{Column, History, Validation},
};

/// How far the axes go; both start at 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Steps of the planned run.
    pub steps: f64,
    /// The greatest loss in sight.
    pub loss: f64,
    steps_per_epoch: usize,
    epochs: u32,
}

/// An epoch's end.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochMark {
    /// Steps done by then.
    pub step: f64,
    /// The epoch's number.
    pub label: String,
}

/// The least distance of two marked epochs, in CSS pixels.
const MARK_DISTANCE: f64 = 34.0;
/// The share of columns whose losses must be in sight: the first steps fall from far above.
const IN_SIGHT: f64 = 0.98;
/// The axis before there are losses.
const EXPECTED_LOSS: f64 = 0.1;

impl Scale {
    /// The axes for a run with these settings, and the losses so far.
    pub fn of(settings: &Settings, columns: &[Column], validation: &[Validation]) -> Self {
        let trained = columns.iter().map(|column| column.greatest);
        let mut losses: Vec<_> = trained.filter(|loss| loss.is_finite()).collect();
        losses.sort_unstable_by(f32::total_cmp);
        let most = ((losses.len() as f64 * IN_SIGHT) as usize).min(losses.len().saturating_sub(1));
        let validated = validation.iter().map(|at| at.loss).filter(|loss| loss.is_finite());
        let greatest = losses.get(most).copied().into_iter().chain(validated).fold(0.0, f32::max);
        let greatest = if greatest > 0.0 { f64::from(greatest) } else { EXPECTED_LOSS };
        // The axis ends in a label, so that it moves in jumps.
        let tick = round_up(greatest / 5.0);
        let loss = (greatest / tick - 1e-6).ceil() * tick;
        let steps = settings.steps().max(1) as f64;
        Self { steps, loss, steps_per_epoch: settings.steps_per_epoch(), epochs: settings.epochs }
    }

    /// The training losses in columns of about a pixel, for a plot `width` CSS pixels wide.
    pub fn columns(history: &History, settings: &Settings, width: f64) -> Vec<Column> {
        let done = history.losses().len() as f64 / settings.steps().max(1) as f64;
        history.columns((done * width).ceil().max(1.0) as usize)
    }

    /// A loss, cut well above the plot, where pixels would not fit their numbers.
    pub fn shown(&self, loss: f32) -> f64 {
        f64::from(loss).min(10.0 * self.loss)
    }

    /// The epochs' ends, as many as have room.
    pub fn epoch_marks(&self, width: f64) -> Vec<EpochMark> {
        let room = (width / MARK_DISTANCE).max(1.0);
        let every = round_up(f64::from(self.epochs) / room).max(1.0) as u32;
        let mark = |epoch: u32| EpochMark {
            step: f64::from(epoch) * self.steps_per_epoch as f64,
            label: epoch.to_string(),
        };
        (1..=self.epochs / every).map(|at| mark(at * every)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(losses: &[f32]) -> History {
        let mut history = History::default();
        history.trained(losses);
        history
    }

    #[test]
    fn the_axes_go_to_the_planned_end_and_a_round_loss() {
        let settings = Settings::default();
        let columns = history(&[0.11, 0.07, 0.06]).columns(3);
        let scale = Scale::of(&settings, &columns, &[]);
        assert_eq!((scale.steps, scale.loss), (4_700.0, 0.15000000000000002));
        assert_eq!(Scale::of(&settings, &[], &[]).loss, 0.1);
    }

    #[test]
    fn a_spike_or_a_broken_loss_leaves_the_rest_in_sight() {
        let mut losses = vec![0.05; 200];
        losses[3] = 1e9;
        losses[4] = f32::NAN;
        let scale = Scale::of(&Settings::default(), &history(&losses).columns(200), &[]);
        assert_eq!(scale.loss, 0.05);
        assert_eq!(scale.shown(1e9), 0.5);
    }

    #[test]
    fn columns_are_about_a_pixel_wide() {
        let settings = Settings::default();
        assert_eq!(Scale::columns(&history(&[0.1; 470]), &settings, 500.0).len(), 47);
        assert_eq!(Scale::columns(&history(&[0.1]), &settings, 500.0).len(), 1);
        assert!(Scale::columns(&history(&[]), &settings, 500.0).is_empty());
        let mut went_on = History::resumed(4_230);
        went_on.trained(&[0.1; 470]);
        let columns = Scale::columns(&went_on, &settings, 500.0);
        assert_eq!((columns.len(), columns[0].step), (47, 4_231));
    }

    #[test]
    fn epochs_are_marked_as_far_as_there_is_room() {
        let marks = |epochs, width| {
            let settings = Settings { epochs, ..Settings::default() };
            Scale::of(&settings, &[], &[]).epoch_marks(width)
        };
        assert_eq!(marks(3, 500.0).len(), 3);
        assert_eq!(
            marks(20, 500.0).iter().map(|mark| mark.label.as_str()).take(2).collect::<Vec<_>>(),
            ["2", "4"]
        );
        assert!(marks(1000, 200.0).len() <= 6);
        assert_eq!(marks(1, 500.0), [EpochMark { step: 235.0, label: "1".into() }]);
    }
}
