//! Images that open at a press.

use super::is_entered;
use crate::{
    app::{exploration::Exploration, state::State, supervisor::Supervisor, views::markup::Markup},
    display::{markup, numbers::grouped, structure_text},
};
use latent_core::plane::errors::rank;
use leptos::prelude::*;

/// What is known of an image of the plotted set: its number, class and error.
fn describe(state: State, image: u32) -> String {
    let label = state.cloud.with(|cloud| cloud.labels.get(image as usize).copied());
    let label = label.map_or_else(String::new, |label| format!(": {}", state.sample_of(label)));
    let error = state.exploration.errors.with(|errors| errors.get(image as usize).copied());
    let error = error.map_or_else(String::new, |error| format!(", error {}", structure_text::error(error)));
    format!("{} image {image}{label}{error}", state.plotted.get().set().name())
}

/// A row of images.
pub(super) fn tiles(state: State, images: &[u32]) -> String {
    let Exploration { listed, inspected, .. } = state.exploration;
    let shape = state.run_settings.with(|settings| settings.model.input);
    let tile = |&image: &u32| {
        let (label, is_open) = (describe(state, image), inspected.get() == Some(image));
        listed.with(|listed| markup::tile(image, &label, is_open, listed.get(image), shape))
    };
    format!("<div class=\"thumbnails\">{}</div>", images.iter().map(tile).collect::<String>())
}

/// The image that was opened, beside its reconstruction. Empty before one is.
pub(super) fn opened(state: State) -> String {
    let Exploration { inspected, errors, .. } = state.exploration;
    let Some(image) = inspected.get() else { return String::new() };
    let shape = state.run_settings.with(|settings| settings.model.input);
    let pictures = state.pairs.with(|pairs| {
        let pair = pairs.iter().find(|pair| pair.image == image)?;
        let original = markup::picture(pair.original.as_deref(), shape, "Image");
        Some(original + &markup::picture(Some(&pair.copy), shape, "Reconstruction"))
    });
    let rank = errors.with(|errors| {
        rank(errors, image).map(|place| {
            format!(", number {} of {} by error", grouped(place as u64), grouped(errors.len() as u64))
        })
    });
    format!(
        "<figure class=\"inspected\" aria-label=\"Opened image\"><div class=\"image-pair\">{}</div><figcaption class=\"hint\">{}{}</figcaption>\
         </figure>",
        pictures.unwrap_or_default(),
        markup::escaped(&describe(state, image)),
        rank.unwrap_or_default()
    )
}

/// The image that a key opens.
pub(super) fn image_of(key: &str) -> Option<u32> {
    key.strip_prefix("open ")?.parse().ok()
}

/// A row of images that changes, with a name for those who do not see it.
#[component]
pub(in super::super) fn Tiles(
    #[prop(into)] images: Signal<Vec<u32>>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let listed = state.exploration.listed;
    // What was shown stays until all that takes its place is there, and while somebody is about to press one.
    let html = Memo::new(move |before: Option<&String>| {
        images.with(|images| {
            let waits = listed.with(|listed| {
                let is_missing = |image: &u32| !listed.images.contains(image);
                !listed.images.is_empty() && images.iter().any(is_missing)
            });
            let waits = waits || is_entered(state, ".nearest-five");
            before.filter(|_| waits).cloned().unwrap_or_else(|| tiles(state, images))
        })
    });
    let press = Callback::new(move |key: String| {
        image_of(&key).into_iter().for_each(|image| supervisor.inspect(image))
    });
    view! {
        <div class="nearest-five" role="group" aria-label=label hidden=move || images.with(Vec::is_empty)>
            <Markup html press />
        </div>
    }
}
