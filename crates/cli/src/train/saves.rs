//! When a run saves its model on the way.

use std::time::{Duration, Instant};

/// Saves that are due every so many seconds.
pub(super) struct Saves {
    every: Option<Duration>,
    last: Instant,
}

impl Saves {
    /// Saves every so many seconds from now on, or none.
    pub(super) fn every(seconds: Option<u32>) -> Self {
        Self { every: seconds.map(|seconds| Duration::from_secs(seconds.into())), last: Instant::now() }
    }

    /// Whether it is time for one.
    pub(super) fn are_due(&self) -> bool {
        self.every.is_some_and(|every| self.last.elapsed() >= every)
    }

    /// One was done.
    pub(super) fn note(&mut self) {
        self.last = Instant::now();
    }
}
