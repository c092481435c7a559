//! Images beside their reconstructions, and the loss of whole sets.

mod measures;

use super::{
    class_name::class_name,
    image_pair::{ImagePair, error_of, in_frames},
};
use crate::app::views::erased::text;
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{dataset, numbers::grouped},
};
use latent_core::model::Corruption;
use leptos::prelude::*;
use measures::Measures;

/// Images beside their reconstructions, as in the tutorial.
const EXAMPLES: usize = 5;

/// The contents of the tab.
#[component]
pub(super) fn Predictions() -> impl IntoView {
    view! {
        <div class="predictions">
            <Examples />
            <Measures />
        </div>
    }
}

/// Images beside their reconstructions.
#[component]
fn Examples() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let figure = move |at: usize| {
        let pair = Memo::new(move |_| {
            let chosen = *state.chosen.with(|chosen| chosen.get(at).copied()).as_ref()?;
            state.pairs.with(|pairs| pairs.iter().find(|pair| pair.image == chosen).cloned())
        });
        let pair = in_frames(pair);
        let label = move || pair.with(|pair| pair.as_ref().and_then(|pair| pair.label));
        let caption = move || {
            let name = label().map_or_else(
                || "…".into(),
                |label| state.classes.with(|classes| dataset::class_name(classes, label)),
            );
            class_name(&name)
        };
        let error =
            move || pair.with(|pair| pair.as_ref().map(error_of).unwrap_or_default().replace(", ", ""));
        view! {
            <figure>
                <ImagePair pair />
                <figcaption>{caption}<br />{text(error)}</figcaption>
            </figure>
        }
    };
    let heading = move || {
        let what = match state.run_settings.with(|settings| settings.model.corruption) {
            Corruption::None => "Originals above, reconstructions below",
            _ => "Originals, what the encoder reads, reconstructions",
        };
        let at = state.looked_at.get().map_or_else(String::new, |at| format!(", at step {}", grouped(at)));
        format!("{what}{at}")
    };
    view! {
        <div class="examples">
            <div class="examples-head">
                <h3>{text(heading)}</h3>
                <button type="button" class="small" on:click=move |_| supervisor.choose_others()>"Five others"</button>
            </div>
            <div class="figures">{(0..EXAMPLES).map(figure).collect_view()}</div>
        </div>
    }
}
