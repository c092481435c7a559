//! The menu of the images that lie on the plane.

use crate::app::views::erased::text;
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::numbers::grouped,
};
use latent_core::plane::Plotted;
use leptos::{ev, prelude::*};

/// The menu, and how many of the images have been encoded.
#[component]
pub(super) fn PlottedMenu() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let options = Plotted::ALL.map(|plotted| {
        let label = move || {
            let (dataset, set) = (state.dataset.get(), plotted.set().name());
            let (count, samples) = (grouped(plotted.count(dataset) as u64), dataset.words().samples);
            match plotted {
                Plotted::Sample => format!("{count} {set} {samples}"),
                Plotted::Test | Plotted::Training => format!("all {count} {set} {samples}"),
            }
        };
        view! {
            <option
                value=plotted.name()
                prop:selected=move || state.plotted.get() == plotted
                // The pretrained decoder comes with the codes of these images, and has no encoder for others.
                disabled=move || plotted != Plotted::Sample && state.is_pretrained.get()
            >
                {text(label)}
            </option>
        }
    });
    let take = move |event: ev::Event| {
        let name = event_target_value(&event);
        if let Some(plotted) = Plotted::ALL.into_iter().find(|plotted| plotted.name() == name) {
            supervisor.plot(plotted);
        }
    };
    let remark = move || {
        let (encoded, all) =
            (state.cloud.with(|cloud| cloud.len()), state.plotted.get().count(state.dataset.get()));
        (encoded < all && !state.is_pretrained.get())
            .then(|| format!("{} of {} encoded", grouped(encoded as u64), grouped(all as u64)))
    };
    view! {
        <label for="plotted" class="visually-hidden">"On the plane"</label>
        <select id="plotted" class="small" on:change=take>{options}</select>
        <span class="hint" role="status">{text(remark)}</span>
    }
}
