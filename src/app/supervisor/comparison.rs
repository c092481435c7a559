//! The pinned run, whose plane stands beside that of the run under way.

use super::Supervisor;
use crate::app::comparison::Comparison;
use latent_controller::Action;
use latent_core::plane::Cloud;
use latent_protocol::{ExplorerCommand, ExplorerEvent};
use leptos::prelude::*;

impl Supervisor {
    /// Pins the run with this number, or none any more.
    pub fn pin(&self, run: Option<u32>) {
        self.act(Action::Pin(run));
        if run.is_some() {
            self.answer("Pinned. Its plane stands next to the latent plane.");
        }
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
