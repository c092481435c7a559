//! What a run leaves behind: its losses, made ready for a chart of any width.

/// The losses of a run so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    losses: Vec<f32>,
    validation: Vec<Validation>,
}

/// The validation loss after an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Validation {
    /// Steps done when it was taken.
    pub steps: u64,
    /// Mean squared error over the test images.
    pub loss: f32,
}

/// Training losses that share a column of the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// The first step in the column (1 is the run's first).
    pub step: u64,
    /// The least loss among them.
    pub least: f32,
    /// The greatest.
    pub greatest: f32,
    /// Their mean.
    pub mean: f32,
}

impl History {
    /// Adds the training losses of the next steps.
    pub fn trained(&mut self, losses: &[f32]) {
        self.losses.extend_from_slice(losses);
    }

    /// Adds a validation loss, taken now.
    pub fn validated(&mut self, loss: f32) {
        self.validation.push(Validation { steps: self.losses.len() as u64, loss });
    }

    /// Training loss by step, the first step's first.
    pub fn losses(&self) -> &[f32] {
        &self.losses
    }

    /// Validation losses, the earliest first.
    pub fn validation(&self) -> &[Validation] {
        &self.validation
    }

    /// The training losses in at most `most` columns, so that any number of steps costs the chart the same and no
    /// spike gets lost.
    pub fn columns(&self, most: usize) -> Vec<Column> {
        let width = self.losses.len().div_ceil(most.max(1)).max(1);
        let column = |(at, losses): (usize, &[f32])| Column {
            step: (at * width) as u64 + 1,
            least: losses.iter().copied().fold(f32::INFINITY, f32::min),
            greatest: losses.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            mean: losses.iter().sum::<f32>() / losses.len() as f32,
        };
        self.losses.chunks(width).enumerate().map(column).collect()
    }
}

/// Steps per second over the last seconds.
#[derive(Clone, Debug, Default)]
pub struct Speedometer {
    /// When the count began or last changed, in milliseconds, and the steps that had been done by then.
    marks: std::collections::VecDeque<(f64, u64)>,
}

impl Speedometer {
    const WINDOW_MS: f64 = 2_000.0;

    /// Notes that `steps` steps are done at `now_ms`.
    pub fn note(&mut self, now_ms: f64, steps: u64) {
        self.marks.push_back((now_ms, steps));
        // One mark beyond the window stays, so that slow engines have two to compare.
        while self.marks.len() > 2 && now_ms - self.marks[1].0 > Self::WINDOW_MS {
            self.marks.pop_front();
        }
    }

    /// Forgets everything: after a pause the time that passed must not count.
    pub fn stop(&mut self) {
        self.marks.clear();
    }

    /// The speed, once there are two marks.
    pub fn steps_per_second(&self) -> Option<f64> {
        let (&(from_ms, from), &(to_ms, to)) = (self.marks.front()?, self.marks.back()?);
        (to_ms > from_ms).then(|| (to - from) as f64 / (to_ms - from_ms) * 1e3)
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
        assert_eq!(columns[0], Column { step: 1, least: 1.0, greatest: 3.0, mean: 2.0 });
        assert_eq!(columns[1], Column { step: 4, least: 4.0, greatest: 9.0, mean: 6.5 });
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
    fn speed_follows_the_last_seconds_only() {
        let mut speedometer = Speedometer::default();
        assert_eq!(speedometer.steps_per_second(), None);
        for (second, steps) in [(0, 0), (1, 10), (2, 20), (3, 120), (4, 220), (5, 320)] {
            speedometer.note(f64::from(second) * 1e3, steps);
        }
        assert_eq!(speedometer.steps_per_second(), Some(100.0));
        speedometer.stop();
        assert_eq!(speedometer.steps_per_second(), None);
    }
}
