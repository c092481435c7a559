//! The settings: the model as a diagram, and the fields. A value that is refused is explained beside its field and changes
//! nothing.

mod choice;
mod engine;
mod fields;
mod learning_rate;
mod model_choice;
mod model_fields;
mod number_field;

use super::{
    diagram::Diagram,
    layout::{Layout, Tab},
};
use crate::app::state::State;
use crate::app::views::erased::text;
use crate::display::field_text::rule;
pub(super) use choice::{Choice, fixed};
use engine::EngineField;
use fields::ShuffleField;
use latent_core::settings::Field;
use learning_rate::LearningRateSlider;
use leptos::prelude::*;
use model_choice::ModelChoice;
pub(super) use model_choice::{ModelCards, ModelChoices};
use model_fields::ModelFields;
use number_field::NumberField;

/// A field for a number: setting, label and keyboard.
type Number = (Field, &'static str, &'static str);

/// The fields of the model, which apply to a new run.
const MODEL: [Number; 2] = [(Field::Hidden, "Hidden layers", "text"), (Field::Code, "Code size", "numeric")];

/// The fields that a run under way takes at once.
const AT_ONCE: [Number; 2] =
    [(Field::LearningRate, "Learning rate", "decimal"), (Field::Epochs, "Epochs", "numeric")];

/// The fields that apply to a new run.
const NEW_RUN: [Number; 2] = [(Field::Batch, "Batch size", "numeric"), (Field::Seed, "Seed", "numeric")];

/// The fields that are rarely needed.
const RARE: [Number; 2] =
    [(Field::TrainingImages, "Training images", "numeric"), (Field::Slope, "Slope", "decimal")];

fn number_fields(numbers: [Number; 2]) -> impl IntoView {
    numbers.map(|(field, label, keyboard)| view! { <NumberField field label keyboard /> })
}

/// The form.
#[component]
pub(super) fn Form() -> impl IntoView {
    let state = expect_context::<State>();
    let layout = expect_context::<Layout>();
    let has_begun = Memo::new(move |_| state.steps.get() > 0 || state.phase.get().is_active());
    let told = move || {
        let steps = state.steps.get();
        state.run_settings.with(|run| state.settings.with(|form| rule(run, form, steps)))
    };
    view! {
        <section
            id="settings"
            class="panel settings"
            aria-labelledby="settings-title"
            hidden=move || !layout.shows(Tab::Settings)
        >
            <h2 id="settings-title">"Network and training"</h2>
            <ModelChoice />
            <Diagram />
            <div class="fields">{number_fields(MODEL)}</div>
            <h3>"Training"</h3>
            <div class="fields">{number_fields(AT_ONCE)}</div>
            <LearningRateSlider />
            <div class="fields">{number_fields(NEW_RUN)}</div>
            <p class="hint" hidden=move || !has_begun.get()>
                {text(told)}
            </p>
            <details class="more">
                <summary>"More settings"</summary>
                <div class="fields">
                    {number_fields(RARE)}
                    <EngineField />
                    <ShuffleField />
                </div>
                <p class="hint">
                    {text(move || state.engine.with(|engine| engine.as_ref().and_then(|engine| engine.advice)))}
                </p>
            </details>
            <ModelFields />
        </section>
    }
}
