//! The pinned run, whose plane stands beside that of the run under way.

use super::Supervisor;
use crate::{app::comparison::Comparison, display::numbers::grouped};
use latent_controller::{Action, PinnedRun};
use latent_core::plane::Cloud;
use latent_protocol::{ExplorerCommand, ExplorerEvent};
use leptos::prelude::*;

impl Supervisor {
    /// Pins the run with this number, or none any more.
    pub fn pin(&self, run: Option<u32>) {
        self.act(Action::Pin(run));
        let Some(run) = run else { return };
        let pinned = self.state.comparison.pinned.get_untracked().filter(|pinned| pinned.run == run);
        self.answer(match pinned {
            Some(PinnedRun { steps, .. }) => {
                format!(
                    "Pinned: run {run} at step {}. Its plane stands next to the latent plane.",
                    grouped(steps)
                )
            }
            // There is no network, which is told in words, or one is to come.
            None if self.state.steps.get_untracked() == 0 || self.state.run.get_untracked() != run => return,
            None => {
                "The run is pinned as soon as its network is kept, in some seconds. Pause keeps it at once."
                    .into()
            }
        });
    }

    /// Follows the pinned run, and the image that is marked on both planes.
    pub(super) fn follow_comparison(&self) {
        let (supervisor, state) = (*self, self.state);
        let Comparison { pinned, cloud, pair, marked } = state.comparison;
        Effect::new(move |_| {
            let units =
                pinned.with(|pinned| pinned.as_ref().map(|pinned| pinned.settings.model.latent_units()));
            cloud.set(Cloud::empty(units.unwrap_or(1)));
            pair.set(None);
        });
        Effect::new(move |_| {
            // A run that is pinned now is told of the marked image, too.
            pinned.track();
            let images = marked.get().into_iter().collect();
            supervisor.act(Action::ExplorePinned(ExplorerCommand::Follow(images)));
        });
        Effect::new(move |_| {
            supervisor.act(Action::ExplorePinned(ExplorerCommand::Plot(state.plotted.get())));
        });
    }

    /// Shows what the explorer of the pinned run answered.
    pub(super) fn explored_pinned(&self, event: ExplorerEvent) {
        let Comparison { cloud, pair, .. } = self.state.comparison;
        match event {
            ExplorerEvent::Labels(labels) => cloud.update(|cloud| {
                cloud.labels = labels;
                cloud.codes.clear();
            }),
            ExplorerEvent::Codes { units, codes, .. } => {
                cloud.update(|cloud| (cloud.units, cloud.codes) = (units, codes));
            }
            ExplorerEvent::Pairs(pairs) => pair.set(pairs.into_iter().next()),
            _ => {}
        }
    }
}
