//! The loss of the current model over both whole sets, and the data that a code saves.

use crate::app::views::erased::text;
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        loss_text::{abbreviation, abbreviations, rmse},
        model_text::{numbers, saved_share},
        numbers::{grouped, percent},
    },
};
use latent_core::{data::Split, model::ModelSpec};
use leptos::prelude::*;

/// The table, the button that measures, and the saved share.
#[component]
pub(super) fn Measures() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let is_under_way = move || state.measures.get().is_under_way;
    let can_measure = move || !is_under_way() && !state.is_pretrained.get();
    let title = move || match state.is_pretrained.get() {
        true => "The pretrained network is not measured. Train a network to measure its loss.",
        false => "",
    };
    let saved = move || {
        state.run_settings.with(|settings| {
            let model = &settings.model;
            let (code, values) = (numbers(model.latent_units()), model.input.values());
            format!(
                "{code} instead of {values}: the code is {} smaller than the image.",
                percent(saved_share(model))
            )
        })
    };
    let meaning = move || state.run_settings.with(|settings| abbreviations(&settings.model));
    let loss = move || state.run_settings.with(|settings| abbreviation(&settings.model));
    view! {
        <div class="measures">
            <table>
                <caption class="visually-hidden">"Loss of both sets"</caption>
                <thead>
                    <tr>
                        <th scope="col">"images"</th>
                        <th scope="col">{text(loss)}</th>
                        <th scope="col">"RMSE"</th>
                        <th scope="col">"at step"</th>
                    </tr>
                </thead>
                <tbody>{row(state, Split::Test)} {row(state, Split::Training)}</tbody>
            </table>
            <button type="button" class="small" disabled=move || !can_measure() title=title on:click=move |_| supervisor.measure()>
                {text(move || if is_under_way() { "Measuring" } else { "Measure both sets" })}
            </button>
            <p class="hint">{text(meaning)}</p>
            <p class="hint" id="saved">{text(saved)}</p>
        </div>
    }
}

/// The row of a set. A dash stands for a value that is not measured, or that the loss does not have.
fn row(state: State, set: Split) -> impl IntoView {
    let measured = move || state.measures.get().of(set);
    let cell = move |value: fn(&ModelSpec, f64) -> Option<f64>| {
        let value = measured()
            .and_then(|measured| state.run_settings.with(|settings| value(&settings.model, measured.loss)));
        value.map_or_else(|| "–".into(), |value| format!("{value:.5}"))
    };
    let step = move || measured().map_or_else(|| "–".into(), |measured| grouped(measured.steps));
    view! {
        <tr>
            <th scope="row">{move || format!("{} {}", grouped(state.dataset.get().images(set) as u64), set.name())}</th>
            <td>{text(move || cell(|_, loss| Some(loss)))}</td>
            <td>{text(move || cell(rmse))}</td>
            <td>{text(step)}</td>
        </tr>
    }
}
