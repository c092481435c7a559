//! The loss of the current model over both whole sets, and the data that a code saves.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        dataset::capitalized,
        loss_text::{abbreviation, rmse},
        model_text::{numbers, saved_share},
        numbers::{grouped, percent},
    },
};
use latent_core::{
    data::Split,
    model::{LossKind, ModelSpec},
};
use leptos::prelude::*;

/// The table, the button that measures, and the saved share.
#[component]
pub(super) fn Measures() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_under_way = move || state.measures.get().is_under_way;
    let can_measure = move || !is_under_way() && !state.is_pretrained.get();
    let title = move || match state.is_pretrained.get() {
        true => "The pretrained decoder has no encoder. Train a network to measure its loss.",
        false => "",
    };
    let saved = move || {
        state.run_settings.with(|settings| {
            let model = &settings.model;
            let (code, values) = (numbers(model.latent_units()), model.input.values());
            format!("{code} instead of {values}: {} of the data is saved.", percent(saved_share(model)))
        })
    };
    view! {
        <div class="measures">
            <MeasuresTable />
            <button type="button" class="small" disabled=move || !can_measure() title=title on:click=move |_| supervisor.measure()>
                {move || if is_under_way() { "Measuring" } else { "Measure both sets" }}
            </button>
            <p class="hint" id="saved">{saved}</p>
        </div>
    }
}

#[component]
fn MeasuresTable() -> impl IntoView {
    let state = expect_context::<State>();
    let loss = Memo::new(move |_| state.run_settings.with(|settings| settings.model.loss));
    let is_squared = Memo::new(move |_| loss.get().kind == LossKind::MeanSquaredError);
    view! {
        <table>
            <caption class="visually-hidden">{move || format!("{} of both sets", capitalized(loss.get().title()))}</caption>
            <thead>
                <tr>
                    <th scope="col">"images"</th>
                    <th scope="col"><abbr title=move || loss.get().title()>{move || abbreviation(loss.get())}</abbr></th>
                    <Show when=move || is_squared.get()>
                        <th scope="col"><abbr title="root of the mean squared error per pixel">"RMSE"</abbr></th>
                    </Show>
                    <th scope="col">"at step"</th>
                </tr>
            </thead>
            <tbody>
                <MeasuresRow set=Split::Test is_squared />
                <MeasuresRow set=Split::Training is_squared />
            </tbody>
        </table>
    }
}

#[component]
fn MeasuresRow(set: Split, is_squared: Memo<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let measured = move || state.measures.get().of(set);
    let cell = move |value: fn(&ModelSpec, f64) -> Option<f64>| {
        let value = measured()
            .and_then(|measured| state.run_settings.with(|settings| value(&settings.model, measured.loss)));
        value.map_or_else(|| "–".into(), |value| format!("{value:.5}"))
    };
    let step = move || measured().map_or_else(|| "–".into(), |measured| grouped(measured.steps));
    view! {
        <tr>
            <th scope="row">{format!("{} {}", grouped(set.images() as u64), set.name())}</th>
            <td>{move || cell(|_, loss| Some(loss))}</td>
            <Show when=move || is_squared.get()>
                <td>{move || cell(rmse)}</td>
            </Show>
            <td>{step}</td>
        </tr>
    }
}
