//! The plane of the pinned run, beside that of the run under way.

use super::{Layers, drawing, redraw::redraw};
use crate::{
    app::{
        comparison::Comparison,
        state::State,
        supervisor::Supervisor,
        views::{
            canvas::Layer,
            erased::text,
            image_canvas::ImageCanvas,
            layout::{Layout, Tab},
            screen::Screen,
        },
    },
    display::{chart::comparison_text, class_colours::ClassColours, numbers::grouped},
};
use latent_core::plane::{Axes, Projection, Range};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The panel. It stays in the page while no run is pinned, because frames that are due may still draw on it.
#[component]
pub(in super::super) fn Pinned() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let layout = expect_context::<Layout>();
    let Comparison { pinned, cloud, pair, marked } = state.comparison;
    let plane = Memo::new(move |_| {
        cloud.with(|cloud| {
            let axes = Axes::of(cloud.units);
            let points: Vec<f32> = cloud.points().flat_map(|(_, code)| axes.point(code)).collect();
            Projection { axes, range: Range::fitting(&points).unwrap_or_default() }
        })
    });
    let layers = [Layer::new(), Layer::new(), Layer::new()];
    draw_when_due(state, plane, layers);
    let mark = move |event: ev::PointerEvent| {
        if event.buttons() & 1 == 0 {
            return;
        }
        let Some(area) = event.current_target().and_then(|area| area.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let area = area.get_bounding_client_rect();
        let place = [f64::from(event.client_x()) - area.left(), f64::from(event.client_y()) - area.top()]
            .map(|pixels| (pixels / area.width().max(1.0)) as f32);
        let plane = plane.get_untracked();
        let image = cloud.with_untracked(|cloud| plane.point_at(cloud, place, f32::INFINITY, None));
        // Without images in common, nothing is marked.
        if let Some(image) = image.filter(|_| marked.get_untracked().is_some()) {
            supervisor.hover(None);
            supervisor.inspect(image as u32);
        }
    };
    let is_hidden = move || pinned.with(Option::is_none) || !layout.shows(Tab::Explore);
    let name = Memo::new(move |_| {
        format!("Run {}", pinned.with(|pinned| pinned.as_ref().map_or(0, |pinned| pinned.run)))
    });
    let title = move || {
        let steps = pinned.with(|pinned| pinned.as_ref().map_or(0, |pinned| pinned.steps));
        format!("{}, step {}", name.get(), grouped(steps))
    };
    let differences = move || {
        let pinned = pinned.get()?;
        Some(state.run_settings.with(|settings| comparison_text(&pinned.settings, settings)))
    };
    let sample = move || {
        let label = pair.with(|pair| pair.as_ref().and_then(|pair| pair.label));
        label.map_or_else(|| state.words().sample.to_owned(), |label| state.sample_of(label))
    };
    let label = move || {
        format!("Latent plane of the pinned run. A ring marks the {}, as on the plane of this run.", sample())
    };
    let original = Signal::derive(move || pair.with(|pair| pair.as_ref()?.original.clone()));
    let theirs = Signal::derive(move || pair.with(|pair| pair.as_ref().map(|pair| pair.copy.clone())));
    let ours = Signal::derive(move || {
        let marked = marked.get()?;
        state.pairs.with(|pairs| pairs.iter().find(|pair| pair.image == marked).map(|pair| pair.copy.clone()))
    });
    let figure = move |image: Signal<Option<Vec<u8>>>, caption: Signal<String>| {
        let label = Signal::derive(move || format!("{}: {}", caption.get(), sample()));
        view! { <figure><ImageCanvas image label /><figcaption>{caption}</figcaption></figure> }
    };
    view! {
        <section class="panel pinned" aria-labelledby="pinned-title" hidden=is_hidden>
            <div class="panel-head">
                <h2 id="pinned-title">{text(title)}</h2>
                <button type="button" class="small" aria-label="Unpin the run" on:click=move |_| supervisor.pin(None)>"Unpin"</button>
            </div>
            <div class="plane-frame">
                <div class="pinned-plane" role="img" aria-label=label on:pointerdown=mark on:pointermove=mark>
                    {layers.map(|layer| view! { <canvas node_ref=layer.canvas aria-hidden="true"></canvas> })}
                </div>
            </div>
            <div class="compared" hidden=move || marked.get().is_none()>
                {figure(original, text(|| "Marked image".to_owned()))}
                {figure(ours, text(|| "This run".to_owned()))}
                {figure(theirs, text(move || name.get()))}
            </div>
            <p class="hint">{text(differences)}</p>
        </section>
    }
}

/// Draws the dots when they change, and the ring around the marked one.
fn draw_when_due(state: State, plane: Memo<Projection>, [below, middle, above]: Layers) {
    let screen = expect_context::<Screen>();
    let Comparison { pinned, cloud, marked, .. } = state.comparison;
    // The colours are those of this run where the images are the same.
    let classes = move || {
        let data = pinned.with_untracked(|pinned| pinned.as_ref().map(|pinned| pinned.settings.data));
        match data {
            Some(data) if data != state.dataset.get_untracked() => {
                let classes = untrack(|| state.classes_of(data));
                (ClassColours::first(classes.len()), classes)
            }
            _ => (state.colours.get_untracked(), state.classes.get_untracked()),
        }
    };
    let grid = redraw(below, move |surface, theme| {
        drawing::grid(surface, theme, plane.get_untracked());
        Ok(())
    });
    let dots = redraw(middle, move |surface, theme| {
        let (plane, (colours, classes)) = (plane.get_untracked(), classes());
        cloud.with_untracked(|cloud| {
            drawing::dots(surface, theme, &colours, plane, cloud, None)?;
            drawing::tick_labels(surface, theme, plane)?;
            drawing::class_names(surface, theme, &classes, &colours, plane, cloud, None)
        })
    });
    let ring = redraw(above, move |surface, theme| {
        let Some(marked) = marked.get_untracked() else { return Ok(()) };
        let (plane, (colours, _)) = (plane.get_untracked(), classes());
        cloud.with_untracked(|cloud| drawing::highlight(surface, theme, &colours, plane, cloud, marked))
    });
    let track = move || {
        screen.track();
        plane.track();
        cloud.track();
        state.colours.track();
        state.classes.track();
    };
    grid.follow(track);
    dots.follow(track);
    ring.follow(move || {
        track();
        marked.track();
    });
}
