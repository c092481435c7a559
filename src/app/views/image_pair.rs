//! An image of the data set beside its reconstruction.

use super::image_canvas::ImageCanvas;
use crate::{app::state::State, display::structure_text};
use latent_core::model::Corruption;
use latent_protocol::Pair;
use leptos::prelude::*;

/// The error of the reconstruction, behind what the image is.
pub(super) fn error_of(pair: &Pair) -> String {
    structure_text::error_of(pair.original.as_deref(), &pair.copy)
}

/// The original and its reconstruction, and between them what a denoising model reads.
#[component]
pub(super) fn ImagePair(#[prop(into)] pair: Signal<Option<Pair>>) -> impl IntoView {
    let state = expect_context::<State>();
    let is_denoising =
        Memo::new(move |_| state.run_settings.with(|settings| settings.model.corruption != Corruption::None));
    let image = move |of: fn(&Pair) -> Option<&Vec<u8>>| {
        Signal::derive(move || pair.with(|pair| pair.as_ref().and_then(of).cloned()))
    };
    let label = move |kind: &'static str| {
        Signal::derive(move || {
            let label = pair.with(|pair| pair.as_ref().and_then(|pair| pair.label));
            label.map_or_else(|| kind.to_owned(), |label| format!("{kind} of {}", state.sample_of(label)))
        })
    };
    view! {
        <div class="image-pair">
            <ImageCanvas image=image(|pair| pair.original.as_ref()) label=label("Image") />
            {move || is_denoising.get().then(|| view! {
                <ImageCanvas image=image(|pair| pair.corrupted.as_ref()) label=label("Corrupted image") />
            })}
            <ImageCanvas image=image(|pair| Some(&pair.copy)) label=label("Reconstruction") />
        </div>
    }
}
