//! The loss chart: training loss by step, validation loss by epoch, Keras' reference, and earlier runs.

mod drawing;
mod read_out;

use super::{
    canvas::{Layer, Surface, save_png},
    frames::Redraw,
    layout::{Layout, Tab},
    lazy::{Lazy, LazyView},
    pace::Pace,
    screen::{Screen, Theme},
    time::{Mark, Slider, TimeButtons},
    visibility::track_visibility,
};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::chart::{AxisKind, Curves, EarlierRun, KerasReference, Scale, description, keras_reference},
};
use latent_core::model::ModelSpec;
use leptos::prelude::*;

/// The canvases from bottom to top: axes and curves.
type Layers = [Layer; 2];

/// The panel.
#[component]
pub(super) fn ChartPanel() -> impl IntoView {
    let layout = expect_context::<Layout>();
    let is_shown = Signal::derive(move || layout.shows(Tab::Loss));
    view! {
        <section id="loss" class="panel chart" aria-label="Loss" hidden=move || !is_shown.get()>
            <Lazy view=LazyView::Chart when=is_shown />
        </section>
    }
}

/// What the panel shows.
#[component]
pub(super) fn Chart() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let pace = expect_context::<Pace>();
    let layers: Layers = [Layer::new(), Layer::new()];
    let kind = RwSignal::new(AxisKind::Linear);
    let scale = draw_when_due(state, layers, kind);
    let save = move |_| {
        if save_png(&layers, "panel", format!("loss-{}", supervisor.file_name("png"))).is_err() {
            supervisor.notify("The browser could not save an image of the chart.".into());
        }
    };
    let is_empty = Memo::new(move |_| state.steps.get() == 0);
    let label = Memo::new(move |_| {
        let (settings, kind) = (state.run_settings.get(), kind.get());
        pace.track();
        let describe =
            |history: &_| state.earlier.with(|earlier| description(history, &settings, kind, earlier));
        state.history.with_untracked(describe)
    });
    let is_variational = is_variational(state);
    let margins = move || {
        let [top, right, bottom, left] = drawing::margins(is_variational.get());
        format!(
            "--plot-top: {top}px; --plot-right: {right}px; --plot-bottom: {bottom}px; --plot-left: {left}px"
        )
    };
    view! {
        <div class="chart-head">
            <h2>"Loss"</h2>
            <AxisSwitch kind />
            <TimeButtons />
            <button type="button" class="small" disabled=is_empty on:click=save aria-label="Save the chart as PNG">"PNG"</button>
        </div>
        <ChartKey />
        <div class="over-time" style=margins>
            <div id="loss-chart">
                <div role="img" aria-label=label>
                    {layers.map(|layer| view! { <canvas node_ref=layer.canvas aria-hidden="true"></canvas> })}
                </div>
                <Mark />
                <read_out::ReadOut scale />
            </div>
            <Slider />
        </div>
    }
}

#[component]
fn AxisSwitch(kind: RwSignal<AxisKind>) -> impl IntoView {
    let take = move |event| {
        kind.set(if event_target_checked(&event) { AxisKind::Logarithmic } else { AxisKind::Linear });
    };
    view! {
        <label class="axis-switch">
            <input
                type="checkbox"
                role="switch"
                prop:checked=move || kind.get() == AxisKind::Logarithmic
                on:change=take
            />
            "Log scale"
        </label>
    }
}

/// The key of the lines.
#[component]
fn ChartKey() -> impl IntoView {
    let state = expect_context::<State>();
    let reference = Memo::new(move |_| state.run_settings.with(keras_reference));
    let is_variational = is_variational(state);
    let was_interrupted =
        Memo::new(move |_| state.history.with(|history| !history.interruptions().is_empty()));
    let lines = move || {
        let mut lines = vec![
            ("series-raw".to_owned(), None, "training".to_owned()),
            ("series-training".into(), None, "smoothed".into()),
            ("series-validation".into(), None, "validation".into()),
        ];
        if is_variational.get() {
            let (images, codes) = ("Compares images, smoothed", "Unweighted and smoothed");
            lines.push(("series-reconstruction".into(), Some(images), "reconstruction".into()));
            lines.push((
                "series-divergence".into(),
                Some(codes),
                "divergence from normal (right axis)".into(),
            ));
        }
        lines.extend(
            reference
                .get()
                .map(|reference| ("series-reference".into(), Some(reference.explanation), reference.label())),
        );
        if state.run_settings.with(|settings| !settings.learning_rates.changes().is_empty()) {
            lines.push(("series-interruption".into(), None, "learning rate changed".into()));
        }
        if was_interrupted.get() {
            lines.push(("series-interruption".into(), None, "another engine took over".into()));
        }
        state.earlier.with(|earlier| {
            let runs = state.run_settings.with(|settings| earlier.comparable(settings));
            let line =
                |run: &EarlierRun| (format!("run line-{}", run.style), None, format!("Run {}", run.number));
            lines.extend(runs.into_iter().map(line));
        });
        lines
    };
    let line = |(class, title, name)| view! { <li class=class title=title>{name}</li> };
    view! {
        <ul class="series" aria-label="Lines of the chart">{move || lines().into_iter().map(line).collect_view()}</ul>
    }
}

/// Whether the run's model is variational, so that its loss has parts.
fn is_variational(state: State) -> Memo<bool> {
    Memo::new(move |_| state.run_settings.with(|settings| settings.model.is_variational()))
}

/// Redraws after each change while the chart is visible. Returns the axes as they were last drawn.
fn draw_when_due(state: State, layers: Layers, kind: RwSignal<AxisKind>) -> RwSignal<Option<Scale>> {
    let scale = RwSignal::new(None);
    // What the axes were last drawn from.
    let drawn = StoredValue::new(None);
    let redraw = Redraw::new(move || match draw(state, layers, kind.get_untracked(), drawn) {
        Ok(Some(now)) if scale.with_untracked(|before| before.as_ref() != Some(&now)) => {
            scale.set(Some(now));
        }
        Ok(_) => {}
        Err(failure) => leptos::logging::error!("the loss chart could not be drawn: {failure}"),
    });
    let is_visible = RwSignal::new(true);
    for layer in layers {
        layer.redraw_when_resized(&redraw);
    }
    Effect::new(move |_| {
        if let Some(canvas) = layers[1].canvas.get() {
            track_visibility(&canvas, is_visible);
        }
    });
    let screen = expect_context::<Screen>();
    redraw.follow(move || {
        screen.track();
        drawn.set_value(None);
    });
    redraw.follow_training(move || {
        if is_visible.get() {
            state.history.track();
        }
    });
    redraw.follow(move || {
        if is_visible.get() {
            state.run_settings.track();
            state.earlier.track();
            kind.track();
        }
    });
    scale
}

/// What the axes are drawn from: their bounds, the model, the reference, and the canvas' size and density.
type AxesDrawn = (Scale, ModelSpec, Option<KerasReference>, [f64; 2], f64);

fn draw(
    state: State,
    [below, above]: Layers,
    kind: AxisKind,
    drawn: StoredValue<Option<AxesDrawn>>,
) -> Result<Option<Scale>, drawing::Failure> {
    let Some(surface) = Surface::blank(above) else { return Ok(None) };
    let (theme, settings) = (Theme::now(), state.run_settings.get_untracked());
    let (history, earlier) = (state.history.read_untracked(), state.earlier.read_untracked());
    let model = settings.model.clone();
    let width = drawing::plot_width(&surface, model.is_variational());
    let curves = Curves::of(&history, &settings, &earlier, width);
    let scale = Scale::of(&settings, kind, &curves);
    let current = Some((scale.clone(), model, curves.reference, surface.size, surface.density));
    if drawn.get_value() != current
        && let Some(axes) = Surface::blank(below)
    {
        drawing::axes(&axes, &theme, &scale, &settings.model, curves.reference)?;
        drawn.set_value(current);
    }
    drawing::curves(&surface, &theme, &scale, &curves)?;
    Ok(Some(scale))
}
