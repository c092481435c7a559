//! Earlier moments of the run.

use super::Supervisor;
use futures_channel::oneshot;
use latent_controller::Action;
use latent_protocol::ExplorerCommand;
use leptos::prelude::*;

/// The step of a moment, and who waits for its codes: the numbers in a code, and the codes.
pub(super) type Waiting = (u64, oneshot::Sender<(usize, Vec<f32>)>);

impl Supervisor {
    /// Shows the network of an earlier step of the run, or the newest one again.
    pub fn look_back(&self, to: Option<u64>) {
        self.act(Action::LookBack(to));
    }

    /// The codes of the plotted images at a moment, and how many numbers each has; no codes if the moment was dropped, none at
    /// all if the run was replaced.
    pub async fn recall(&self, steps: u64) -> Option<(usize, Vec<f32>)> {
        let (sender, receiver) = oneshot::channel();
        // Whoever waited before waits no longer.
        self.recalled.set_value(Some((steps, sender)));
        if self.state.moments.with_untracked(Vec::is_empty) {
            self.recalled.set_value(None);
        }
        self.act(Action::Explore(ExplorerCommand::Recall(steps)));
        receiver.await.ok()
    }

    /// Passes on the codes of a moment.
    pub(super) fn recalled(&self, steps: u64, units: usize, codes: Vec<f32>) {
        let waiting =
            self.recalled.try_update_value(|waiting| waiting.take_if(|(of, _)| *of == steps)).flatten();
        if let Some((_, sender)) = waiting {
            // Whoever asked may be gone.
            let _ = sender.send((units, codes));
        }
    }

    /// Ends what waits for moments of a run, once that has none any more.
    pub(super) fn follow_moments(&self) {
        let (moments, recalled) = (self.state.moments, self.recalled);
        Effect::new(move |_| {
            if moments.with(Vec::is_empty) {
                recalled.set_value(None);
            }
        });
    }
}
