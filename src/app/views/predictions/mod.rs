//! The predictions panel: the images on the plane, five of them beside their reconstructions, and the loss of whole sets.

mod measures;

use super::{class_name::class_name, image_pair::ImagePair};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{dataset, numbers::grouped},
};
use latent_core::{model::Corruption, plane::Plotted};
use leptos::prelude::*;
use measures::Measures;

/// Images beside their reconstructions, as in the tutorial.
const EXAMPLES: usize = 5;

/// The panel.
#[component]
pub(super) fn Predictions() -> impl IntoView {
    view! {
        <section class="panel predictions" aria-labelledby="predictions-title">
            <h2 id="predictions-title">"Predictions"</h2>
            <PlottedChoice />
            <Examples />
            <Measures />
        </section>
    }
}

/// Which images are on the plane.
#[component]
fn PlottedChoice() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let choices = Plotted::ALL.map(|plotted| {
        let label = move || {
            let (dataset, set) = (state.dataset.get(), plotted.set().name());
            let (count, samples) = (grouped(plotted.count(dataset) as u64), dataset.words().samples);
            match plotted {
                Plotted::Sample => format!("{count} {set} {samples}"),
                Plotted::Test | Plotted::Training => format!("all {count} {set} {samples}"),
            }
        };
        view! {
            <label>
                <input
                    type="radio"
                    name="plotted"
                    prop:checked=move || state.plotted.get() == plotted
                    disabled=move || plotted != Plotted::Sample && state.is_pretrained.get()
                    on:change=move |_| supervisor.plot(plotted)
                />
                {label}
            </label>
        }
    });
    let remark = move || {
        let (encoded, all) =
            (state.cloud.with(|cloud| cloud.len()), state.plotted.get().count(state.dataset.get()));
        match encoded {
            _ if state.is_pretrained.get() => {
                format!(
                    "The pretrained decoder comes with these {} codes. A network that you train encodes any {}.",
                    grouped(all as u64),
                    state.words().sample
                )
            }
            _ if encoded < all => format!("{} of {} encoded", grouped(encoded as u64), grouped(all as u64)),
            _ => format!("{} encoded", grouped(all as u64)),
        }
    };
    view! {
        <fieldset class="choice">
            <legend>"On the plane"</legend>
            {choices}
            <p class="hint" role="status">{remark}</p>
        </fieldset>
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
        let label = move || pair.with(|pair| pair.as_ref().and_then(|pair| pair.label));
        let caption = move || {
            let name = label().map_or_else(
                || "…".into(),
                |label| state.classes.with(|classes| dataset::class_name(classes, label)),
            );
            class_name(&name)
        };
        view! {
            <figure>
                <ImagePair pair />
                <figcaption>{caption}</figcaption>
            </figure>
        }
    };
    let heading = move || match state.run_settings.with(|settings| settings.model.corruption) {
        Corruption::None => "Originals above, reconstructions below",
        _ => "Originals, what the encoder reads, reconstructions",
    };
    view! {
        <div class="examples">
            <div class="examples-head">
                <h3>{heading}</h3>
                <button type="button" class="small" on:click=move |_| supervisor.choose_others()>"Five others"</button>
            </div>
            <div class="figures">{(0..EXAMPLES).map(figure).collect_view()}</div>
        </div>
    }
}
