//! The settings form. A value that is refused is explained beside its field and changes nothing.

mod changes;
mod engine;
mod fields;

use crate::{app::state::State, display::model_text::has_leaky_relu};
use changes::Changes;
use engine::EngineField;
use fields::{NumberField, SelectField, ShuffleField};
use latent_core::{
    model::{Activation, Loss},
    settings::{Field, Settings},
};
use leptos::prelude::*;

/// The form.
#[component]
pub(super) fn Form() -> impl IntoView {
    let state = expect_context::<State>();
    let has_no_slope = Memo::new(move |_| state.settings.with(|settings| !has_leaky_relu(&settings.model)));
    view! {
        <section class="panel settings" aria-labelledby="settings-title">
            <h2 id="settings-title">"Settings"</h2>
            <div class="fields">
                <NumberField field=Field::Epochs label="Epochs" keyboard="numeric" />
                <NumberField field=Field::LearningRate label="Learning rate" keyboard="decimal" />
                <NumberField field=Field::Hidden label="Hidden units" keyboard="text" />
                <NumberField field=Field::Code label="Code size" keyboard="numeric" />
                <NumberField field=Field::Slope label="Slope" keyboard="decimal" is_disabled=has_no_slope />
                <NumberField field=Field::Batch label="Batch size" keyboard="numeric" />
                <NumberField field=Field::TrainingImages label="Training images" keyboard="numeric" />
                <NumberField field=Field::Seed label="Seed" keyboard="numeric" />
                <EngineField />
                <ShuffleField />
            </div>
            <ModelFields />
            <Changes />
            <p class="hint">
                {move || state.engine.with(|engine| engine.as_ref().and_then(|engine| engine.advice))}
            </p>
        </section>
    }
}

/// Activations and loss, in a group that is closed at first.
#[component]
fn ModelFields() -> impl IntoView {
    let activation = |activation: Activation| (activation.name().to_owned(), activation.title().to_owned());
    let activations = || Activation::ALL.map(activation).to_vec();
    // By default the code has the activation of the hidden layers.
    let inherited = (Settings::default().get(Field::CodeActivation), "As hidden layers".to_owned());
    let code_activations = [vec![inherited], activations()].concat();
    let losses = Loss::ALL.map(|loss| (loss.name().to_owned(), loss.title().to_owned())).to_vec();
    view! {
        <details class="model-fields">
            <summary>"Activations and loss"</summary>
            <div class="fields">
                <SelectField field=Field::Activation label="Hidden activation" options=activations() />
                <SelectField field=Field::CodeActivation label="Code activation" options=code_activations />
                <SelectField field=Field::Output label="Output activation" options=activations() />
                <SelectField field=Field::Loss label="Loss function" options=losses />
            </div>
        </details>
    }
}
