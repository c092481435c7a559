//! The settings form. A value that is refused is explained beside its field and changes nothing.

mod changes;
mod engine;
mod fields;

use crate::{app::state::State, display::model_text::INHERITED};
use changes::Changes;
use engine::EngineField;
use fields::{NumberField, SelectField, ShuffleField};
use latent_core::{
    model::{Activation, Loss},
    settings::Field,
};
use leptos::prelude::*;

/// The form.
#[component]
pub(super) fn Form() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <section class="panel settings" aria-labelledby="settings-title">
            <h2 id="settings-title">"Settings"</h2>
            <div class="fields">
                <NumberField field=Field::Epochs label="Epochs" keyboard="numeric" />
                <NumberField field=Field::LearningRate label="Learning rate" keyboard="decimal" />
                <NumberField field=Field::Hidden label="Hidden units" keyboard="text" />
                <NumberField field=Field::Code label="Code size" keyboard="numeric" />
                <NumberField field=Field::Slope label="Slope" keyboard="decimal" />
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
    let activations = || Activation::ALL.map(|activation| (activation.name(), activation.title())).to_vec();
    let mut code_activations = activations();
    code_activations.insert(0, (INHERITED, "As hidden layers"));
    let losses = Loss::ALL.map(|loss| (loss.name(), loss.title())).to_vec();
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
