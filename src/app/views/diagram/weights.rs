//! The weights of the layer that is opened in the diagram, as small images.

use super::tile_canvas::TileCanvas;
use crate::{
    app::{state::State, views::erased::text},
    display::weight_text::{hint, label},
};
use latent_core::trace::Weighed;
use leptos::prelude::*;

/// Images in a row.
const COLUMNS: usize = 8;

/// The weights, and what they show.
#[component]
pub(super) fn WeightImages(weighed: Weighed) -> impl IntoView {
    let state = expect_context::<State>();
    let tiles = Signal::derive(move || state.trace.with(|trace| trace.weights.clone()));
    let shown = move || state.trace.with(|trace| trace.weights.as_ref().map_or(0, |tiles| tiles.count()));
    let is_missing = move || shown() == 0 && state.is_pretrained.get();
    let label = text(move || label(weighed, shown()));
    view! {
        <div class="weights">
            <TileCanvas tiles columns=COLUMNS class="weight-images" label=Some(label) />
            <p class="hint">{text(move || hint(weighed, is_missing()))}</p>
        </div>
    }
}
