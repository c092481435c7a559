//! The loss chart: training loss by step, validation loss by epoch.

mod drawing;

use super::canvas::{Redraw, Screen, Surface, Theme, picture_of};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{numbers, scale::Scale},
};
use leptos::{html, prelude::*};

/// At most ten drawings a second: losses come in faster than eyes follow.
const LEAST_MS: f64 = 100.0;

/// The panel.
#[component]
pub(super) fn Chart() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let [below, above] = [NodeRef::<html::Canvas>::new(), NodeRef::new()];
    draw_when_due(state, below, above);
    let save = move |_| {
        if picture_of(&[below, above], "panel", format!("loss-{}", supervisor.file_name("png"))).is_err() {
            supervisor.notify("The browser refused to make a picture of the chart.".into());
        }
    };
    let is_empty = Memo::new(move |_| state.steps.get() == 0);
    view! {
        <section class="panel chart" aria-labelledby="chart-title">
            <div class="chart-head">
                <h2 id="chart-title">"Loss"</h2>
                <ul class="series">
                    <li class="series-training">"training"</li>
                    <li class="series-validation">"validation"</li>
                </ul>
                <button type="button" class="small" disabled=is_empty on:click=save aria-label="Save the chart as PNG">"PNG"</button>
            </div>
            <div id="loss-chart" role="img" aria-label=move || description(state)>
                <canvas node_ref=below aria-hidden="true"></canvas>
                <canvas node_ref=above aria-hidden="true"></canvas>
                <Show when=move || is_empty.get()>
                    <p class="chart-wait">"The curve begins with the first step"</p>
                </Show>
            </div>
        </section>
    }
}

/// The chart in words.
fn description(state: State) -> String {
    let [training, validation] = [state.loss, state.validation_loss].map(|loss| numbers::loss(loss.get()));
    let step = numbers::grouped(state.steps.get());
    format!("Mean squared error by step. At step {step}: training {training}, validation {validation}.")
}

fn draw_when_due(state: State, below: NodeRef<html::Canvas>, above: NodeRef<html::Canvas>) {
    // What the axes were last drawn for: scale, size and screen.
    let drawn = StoredValue::new(None::<(Scale, [f64; 2], f64)>);
    let redraw = Redraw::new(LEAST_MS, move || {
        let Some(curves) = above.get_untracked().and_then(Surface::blank) else { return };
        let theme = Theme::now();
        let settings = state.run_settings.get_untracked();
        let result = state.history.with_untracked(|history| {
            let columns = Scale::columns(history, &settings, drawing::plot_width(&curves));
            let scale = Scale::of(&settings, &columns, history.validation());
            let wanted = Some((scale.clone(), curves.size, curves.density));
            if drawn.get_value() != wanted
                && let Some(axes) = below.get_untracked().and_then(Surface::blank)
            {
                drawing::axes(&axes, &theme, &scale)?;
                drawn.set_value(wanted);
            }
            drawing::curves(&curves, &theme, &scale, &columns, history.validation())
        });
        if let Err(failure) = result {
            leptos::logging::error!("the loss chart can't be drawn: {failure}");
        }
    });
    let sized = redraw.clone();
    Effect::new(move |_| {
        if let Some(canvas) = above.get() {
            sized.follow_size(&canvas);
        }
    });
    let screen = expect_context::<Screen>();
    let themed = redraw.clone();
    Effect::new(move |_| {
        screen.track();
        drawn.set_value(None);
        themed.ask();
    });
    Effect::new(move |_| {
        state.history.track();
        state.run_settings.track();
        redraw.ask();
    });
}
