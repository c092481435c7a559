//! The speed of training: steps per second over the last seconds.

/// Steps per second over the last seconds.
#[derive(Clone, Debug, Default)]
pub struct Speedometer {
    /// When the count began or last changed, in milliseconds, and the steps that had been done by then.
    marks: std::collections::VecDeque<(f64, u64)>,
}

impl Speedometer {
    const WINDOW_MS: f64 = 2_000.0;
    /// Two reports that come at once say nothing about the speed.
    const LEAST_MS: f64 = 100.0;

    /// Notes that `steps` steps are done at `now_ms`.
    pub fn note(&mut self, now_ms: f64, steps: u64) {
        self.marks.push_back((now_ms, steps));
        // One mark beyond the window stays, so that slow engines have two to compare.
        while self.marks.len() > 2 && now_ms - self.marks[1].0 > Self::WINDOW_MS {
            self.marks.pop_front();
        }
    }

    /// The time since the last note counts for nothing: it was none of the training's.
    pub fn skip_to(&mut self, now_ms: f64) {
        let skipped_ms = self.marks.back().map_or(0.0, |(at_ms, _)| now_ms - at_ms);
        self.marks.iter_mut().for_each(|(at_ms, _)| *at_ms += skipped_ms);
    }

    /// Forgets everything: after a pause the time that passed must not count.
    pub fn stop(&mut self) {
        self.marks.clear();
    }

    /// The speed, once there are two marks. 0 where the run has gone back behind the first of them.
    pub fn steps_per_second(&self) -> Option<f64> {
        let (&(from_ms, from), &(to_ms, to)) = (self.marks.front()?, self.marks.back()?);
        (to_ms - from_ms >= Self::LEAST_MS).then(|| to.saturating_sub(from) as f64 / (to_ms - from_ms) * 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_told_once_there_is_time_to_divide_by() {
        let mut speedometer = Speedometer::default();
        speedometer.note(0.0, 10);
        speedometer.note(1.0, 15);
        assert_eq!(speedometer.steps_per_second(), None);
        speedometer.note(500.0, 60);
        assert_eq!(speedometer.steps_per_second(), Some(100.0));
    }

    #[test]
    fn what_is_no_training_does_not_count() {
        let mut speedometer = Speedometer::default();
        speedometer.skip_to(5.0);
        // Epochs of 60 ms, and validations of 40 ms.
        for epoch in 0..5 {
            let began_ms = 100.0 * f64::from(epoch);
            speedometer.skip_to(began_ms);
            speedometer.note(began_ms, 6 * epoch as u64);
            speedometer.note(began_ms + 60.0, 6 * (epoch as u64 + 1));
        }
        assert_eq!(speedometer.steps_per_second(), Some(100.0));
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
