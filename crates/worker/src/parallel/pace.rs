//! How long a step takes.

use web_time::Instant;

/// How fast a number of workers trains.
#[derive(Default)]
pub(super) struct Pace {
    /// Slices that were timed.
    pub(super) slices: usize,
    /// The shortest mean time of a step in a slice: what else the machine does only adds to it.
    pub(super) step_ms: Option<f64>,
}

impl Pace {
    /// Notes a slice of so many steps that has just ended.
    pub(super) fn note(&mut self, began: Instant, steps: usize) {
        let step_ms = began.elapsed().as_secs_f64() * 1e3 / steps as f64;
        self.step_ms = Some(self.step_ms.map_or(step_ms, |least| least.min(step_ms)));
        self.slices += 1;
    }
}
