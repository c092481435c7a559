//! A slice of work: what it results in, and how long it takes.

use crate::training::Losses;
use web_time::Duration;

/// The duration of a slice whose end somebody may wait for. It is short enough to stop at once, and long enough that
/// waiting for a GPU in between does not count (Firefox notices finished GPU work only every 100 ms).
pub const SHORT_SLICE: Duration = Duration::from_millis(50);
/// The duration of any other slice. Every slice ends in a report, and all workers begin it together.
pub const LONG_SLICE: Duration = Duration::from_millis(100);
/// Steps in a slice at most, whatever their speed.
const MOST_STEPS: usize = 64;

/// The result of a slice of work.
#[derive(Clone, Debug, PartialEq)]
pub enum Slice {
    /// Steps were trained, all with the same learning rate.
    Trained {
        /// Steps done before these.
        steps_before: u64,
        /// Each step's losses before its update.
        losses: Vec<Losses>,
    },
    /// A part of the test images was evaluated.
    Validating,
    /// An epoch was validated.
    Validated {
        /// Epochs done.
        epochs: u32,
        /// Losses over the test images.
        losses: Losses,
    },
    /// All epochs are done and validated.
    Finished,
}

/// How many steps the next slice should have to take as long as `time`, after `steps` took `elapsed`: at most twice as
/// many.
pub(super) fn suited(steps: usize, elapsed: Duration, time: Duration) -> usize {
    let fitting = steps as f64 * time.as_secs_f64() / elapsed.as_secs_f64().max(1e-6);
    (fitting as usize).min(2 * steps).clamp(1, MOST_STEPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_grow_at_most_twofold_and_stay_short() {
        let suited = |steps, ms, time| super::suited(steps, Duration::from_millis(ms), time);
        assert_eq!(suited(4, 1, SHORT_SLICE), 8);
        assert_eq!(suited(10, 100, SHORT_SLICE), 5);
        assert_eq!(suited(10, 100, LONG_SLICE), 10);
        assert_eq!(suited(1, 3000, LONG_SLICE), 1);
        assert_eq!(suited(64, 1, SHORT_SLICE), MOST_STEPS);
    }
}
