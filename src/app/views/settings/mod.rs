//! The settings form. A value that is refused is explained beside its field and changes nothing.

mod changes;
mod choice;
mod data;
mod engine;
mod fields;
mod model_choice;
mod model_fields;

use crate::app::state::State;
use changes::Changes;
pub(super) use choice::{Choice, fixed};
use data::DataChoice;
use engine::EngineField;
use fields::{NumberField, ShuffleField};
use latent_core::settings::Field;
use leptos::prelude::*;
use model_choice::ModelChoice;
use model_fields::ModelFields;

/// The fields for numbers: setting, label and keyboard.
const NUMBERS: [(Field, &str, &str); 8] = [
    (Field::Epochs, "Epochs", "numeric"),
    (Field::LearningRate, "Learning rate", "decimal"),
    (Field::Hidden, "Hidden layers", "text"),
    (Field::Code, "Code size", "numeric"),
    (Field::Slope, "Slope", "decimal"),
    (Field::Batch, "Batch size", "numeric"),
    (Field::TrainingImages, "Training images", "numeric"),
    (Field::Seed, "Seed", "numeric"),
];

/// The form.
#[component]
pub(super) fn Form() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <section class="panel settings" aria-labelledby="settings-title">
            <h2 id="settings-title">"Settings"</h2>
            <DataChoice />
            <ModelChoice />
            <div class="fields">
                {NUMBERS.map(|(field, label, keyboard)| view! { <NumberField field label keyboard /> })}
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
