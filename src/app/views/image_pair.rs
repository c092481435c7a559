//! An image of the data set beside its reconstruction.

use super::{frames::Redraw, image_canvas::ImageCanvas, pace::Pace};
use crate::{app::state::State, display::structure_text};
use latent_core::model::Corruption;
use latent_protocol::Pair;
use leptos::prelude::*;

/// The error of the reconstruction, behind what the image is.
pub(super) fn error_of(pair: &Pair) -> String {
    structure_text::error_of(pair.original.as_deref(), &pair.copy)
}

/// A pair that changes in the frames in which images are drawn. Words about it that are read from here change with its images.
pub(super) fn in_frames(pair: Memo<Option<Pair>>) -> Signal<Option<Pair>> {
    let pace = expect_context::<Pace>();
    let shown = RwSignal::new(None::<Pair>);
    let redraw = Redraw::new(move || shown.set(pair.get_untracked()));
    Effect::new(move |_| {
        let is_gone_or_new = pair.with(Option::is_none) || shown.with_untracked(Option::is_none);
        if pace.is_answer_due() || is_gone_or_new {
            shown.set(pair.get_untracked());
        } else {
            redraw.request_soon();
        }
    });
    shown.into()
}

/// The original and its reconstruction, and between them what a denoising model reads. They are drawn at once: [`in_frames`]
/// gives the pair.
#[component]
pub(super) fn ImagePair(pair: Signal<Option<Pair>>) -> impl IntoView {
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
            <ImageCanvas image=image(|pair| pair.original.as_ref()) label=label("Image") at_once=true />
            {move || is_denoising.get().then(|| view! {
                <ImageCanvas image=image(|pair| pair.corrupted.as_ref()) label=label("Corrupted image") at_once=true />
            })}
            <ImageCanvas image=image(|pair| Some(&pair.copy)) label=label("Reconstruction") at_once=true />
        </div>
    }
}
