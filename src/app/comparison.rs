//! The pinned run, and the image that is marked on its plane and on that of the run under way.

use latent_controller::PinnedRun;
use latent_core::{data::DatasetId, plane::Cloud};
use latent_protocol::Pair;
use leptos::prelude::*;

/// The signals of the comparison. Copy: a part of [`State`](super::state::State).
#[derive(Clone, Copy)]
pub struct Comparison {
    /// The pinned run.
    pub pinned: RwSignal<Option<PinnedRun>>,
    /// The codes that it gives the plotted images.
    pub cloud: RwSignal<Cloud>,
    /// The marked image and what the pinned run makes of it.
    pub pair: RwSignal<Option<Pair>>,
    /// The marked image: the one under the pointer, or the nearest to the point. None without a pinned run on the same images.
    pub marked: Memo<Option<u32>>,
}

impl Comparison {
    /// Without a pinned run. The run under way is on this data set; one of these images is marked.
    pub fn new(
        dataset: Memo<DatasetId>,
        nearest: RwSignal<Option<u32>>,
        hovered: RwSignal<Option<u32>>,
    ) -> Self {
        let pinned = RwSignal::new(None::<PinnedRun>);
        let marked = Memo::new(move |_| {
            let data = pinned.with(|pinned| pinned.as_ref().map(|pinned| pinned.settings.data))?;
            (data == dataset.get()).then(|| hovered.get().or(nearest.get())).flatten()
        });
        Self { pinned, cloud: RwSignal::new(Cloud::empty(1)), pair: RwSignal::new(None), marked }
    }
}
