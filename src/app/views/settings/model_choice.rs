//! The menu of models.

use super::choice::{Choice, fixed};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::preset_text::{CUSTOM, cost, description},
};
use latent_core::model::presets;
use leptos::prelude::*;

/// The menu, with a sentence on the chosen model and its cost.
#[component]
pub(super) fn ModelChoice() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let model = Memo::new(move |_| state.settings.with(|settings| settings.model.clone()));
    // Empty for a model that is no preset.
    let value = Memo::new(move |_| model.with(presets::of).map_or("", |preset| preset.name).to_owned());
    let choose = Callback::new(move |name: String| {
        let preset = presets::ALL.iter().find(|preset| preset.name == name)?;
        supervisor.choose_model(preset);
        None
    });
    let mut options: Vec<_> = presets::ALL.iter().map(|preset| (preset.name, preset.name)).collect();
    options.push(("", CUSTOM));
    let text = Memo::new(move |_| format!("{} {}", value.with(|name| description(name)), model.with(cost)));
    // The question below says what applies to the next run.
    let never = Memo::new(|_| false);
    view! {
        <div class="model-choice">
            <Choice id="model-preset" label="Model" options=fixed(options) value choose is_disabled=never pending=never note=Some(text) />
        </div>
    }
}
