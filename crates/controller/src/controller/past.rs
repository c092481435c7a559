//! The moments of the run that the explorer keeps, and which of them is looked at.

use super::Controller;
use latent_protocol::ExplorerCommand;

impl Controller {
    /// Has the plane show the moment of a step, while training goes on; none: the newest network again. A step without a moment
    /// is ignored.
    pub(super) fn look_back(&mut self, to: Option<u64>) {
        let is_there = to.is_none_or(|steps| self.view.moments.contains(&steps));
        if is_there && self.view.looked_at != to {
            self.view.looked_at = to;
            self.explore(ExplorerCommand::LookBack(to));
        }
    }

    /// Takes the steps of the moments. A moment that was dropped among others is still shown. One that the run has gone back
    /// behind is not.
    pub(super) fn moments_changed(&mut self, steps: Vec<u64>) {
        self.view.moments = steps;
        let newest = self.view.moments.last();
        if self.view.looked_at.is_some_and(|at| newest.is_none_or(|&newest| newest < at)) {
            self.look_back(None);
        }
    }

    /// Forgets the moments: the explorer that keeps them is gone, or shows another run.
    pub(super) fn forget_moments(&mut self) {
        self.view.moments.clear();
        self.view.looked_at = None;
    }
}
