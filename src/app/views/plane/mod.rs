//! The latent plane. Dragging on it, or pressing keys, moves the point whose image is decoded.

mod axes;
mod axis_slider;
mod drawing;
mod film;
mod hovered;
mod input;
mod input_area;
mod legend;
mod options;
mod pinned;
mod plotted;
mod redraw;
mod zoom;

pub(super) use film::{SIDE as FILM_SIDE, picture as film_picture};
pub(super) use pinned::Pinned;

use super::{
    bar::Icon,
    canvas::{Layer, save_png},
    layout::{Layout, Tab},
    lazy::{Lazy, LazyView},
    time::LookedAt,
};
use crate::app::views::erased::{Shown, text};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::plane_text::{Shows, hint},
};
use latent_core::link::Part;
use leptos::prelude::*;

/// The canvases from bottom to top: manifold and grid, dots and labels, the point.
type Layers = [Layer; 3];

/// The panel: the plane and the legend of its colours.
#[component]
pub(super) fn Plane() -> impl IntoView {
    let (state, layout) = (expect_context::<State>(), expect_context::<Layout>());
    let is_empty = Memo::new(move |_| state.cloud.with(|cloud| cloud.is_empty()));
    let layers = [Layer::new(), Layer::new(), Layer::new()];
    let has_moments = Signal::derive(move || state.moments.with(|moments| moments.len() > 1));
    let is_replaying = Signal::derive(move || state.replays_to.with(Option::is_some));
    let hint = move || {
        let shows = Shows {
            manifold: state.shows_map.get(),
            contours: state.exploration.shows_contours.get(),
            prior: state.is_variational() && state.shows_prior.get(),
        };
        hint(state.words(), state.is_pretrained.get(), shows)
    };
    view! {
        <section id="explore" class="panel plane" aria-labelledby="plane-title" hidden=move || !layout.shows(Tab::Explore)>
            <div class="panel-head">
                <h2 id="plane-title" class="visually-hidden">"Latent plane"</h2>
                <Tools layers is_empty />
            </div>
            <axes::AxesMenus />
            <div class="plane-frame">
                <input_area::InputArea layers />
                <hovered::Hovered />
                <LookedAt />
                <Lazy view=LazyView::Replaying when=is_replaying />
                <Shown when=move || is_empty.get()>
                    <p class="plane-wait" role="status">{text(move || format!("Loading {}", state.words().samples))}</p>
                </Shown>
            </div>
            {state.shows(Part::Chart).then(|| view! { <Lazy view=LazyView::Scrubber when=has_moments /> })}
            <options::ErrorLegend />
            <legend::Legend is_empty />
            <div class="plane-foot">
                <plotted::PlottedMenu />
                <p class="hint">{text(hint)}</p>
            </div>
        </section>
    }
}

/// The buttons for the manifold, the prior and the PNG file.
#[component]
fn Tools(layers: Layers, is_empty: Memo<bool>) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let save = move |_| {
        if save_png(&layers, "plane", supervisor.plane_name("plane", "png")).is_err() {
            supervisor.notify("The browser could not save an image of the plane.".into());
        }
    };
    let shows_map = move || state.shows_map.get().to_string();
    view! {
        <div class="tools" role="group" aria-label="Plane">
            <options::Options />
            <button
                type="button"
                class="small"
                aria-pressed=shows_map
                title="Show decoded images all over the plane"
                on:click=move |_| supervisor.show_map(!state.shows_map.get_untracked())
            >
                "Manifold"
            </button>
            <button
                type="button"
                class="small"
                hidden=move || !state.is_variational()
                aria-pressed=move || state.shows_prior.get().to_string()
                title="Show one, two and three standard deviations of the prior"
                on:click=move |_| state.shows_prior.update(|shows| *shows = !*shows)
            >
                "Prior"
            </button>
            <button
                type="button"
                class="small"
                hidden=move || !state.is_variational()
                title="Move the point to a code drawn from the prior, and decode it"
                on:click=move |_| supervisor.sample_prior()
            >
                "Sample"
            </button>
            <zoom::Zoom />
            <button
                type="button"
                class="small square"
                disabled=is_empty
                on:click=save
                aria-label="Save the plane as PNG"
                title="Save the plane as PNG"
            >
                <Icon path="M12 4v11M8 11l4 4 4-4M5 19h14" />
            </button>
        </div>
    }
}
