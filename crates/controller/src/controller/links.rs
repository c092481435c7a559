//! Links that are opened while the page is there.

use super::Controller;
use crate::{Linked, Replay};
use latent_core::link::Link;

impl Controller {
    /// Goes by another link. Its run takes the place of the one under way, which can be opened again, unless it is the same.
    pub(super) fn open_link(&mut self, link: &Link) {
        drop(self.withdraw_resumable());
        let is_same = self.view.run_settings == link.settings && self.view.engine_choice == link.engine;
        if !is_same || link.step.is_some_and(|step| step != self.view.steps) {
            self.view.engine_choice = link.engine;
            self.begin(link.settings.clone(), None);
            self.offer_replay(link.step);
        }
        self.view.settings = self.view.run_settings.clone();
        self.view.linked = link.model.clone().map(|address| Linked { address, is_open: false });
    }

    /// Offers to replay the run up to this step, from where it is. Says how long that takes where a benchmark has timed the
    /// model.
    pub(super) fn offer_replay(&mut self, steps: Option<u64>) {
        let speed = self.benchmarks.cpu_speed(&self.benchmark_key());
        let seconds = |steps: u64| speed.map(|speed| steps.saturating_sub(self.view.steps) as f64 / speed);
        self.view.replay = steps.map(|steps| Replay { steps, seconds: seconds(steps) });
    }
}
