//! The settings form. A value that is refused is explained beside its field and changes nothing.

mod changes;
mod engine;
mod fields;
mod model_choice;
mod model_fields;

use crate::app::state::State;
use changes::Changes;
use engine::EngineField;
use fields::{NumberField, ShuffleField};
use latent_core::settings::Field;
use leptos::prelude::*;
use model_choice::ModelChoice;
use model_fields::ModelFields;

/// The form.
#[component]
pub(super) fn Form() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <section class="panel settings" aria-labelledby="settings-title">
            <h2 id="settings-title">"Settings"</h2>
            <ModelChoice />
            <div class="fields">
                <NumberField field=Field::Epochs label="Epochs" keyboard="numeric" />
                <NumberField field=Field::LearningRate label="Learning rate" keyboard="decimal" />
                <NumberField field=Field::Hidden label="Hidden layers" keyboard="text" />
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
