//! The menu of models.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::preset_text::{CUSTOM, cost, description},
};
use latent_core::model::presets;
use leptos::{ev, prelude::*};

/// The menu, and a sentence on the chosen model and its cost.
#[component]
pub(super) fn ModelChoice() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let model = Memo::new(move |_| state.settings.with(|settings| settings.model.clone()));
    let preset = Memo::new(move |_| model.with(presets::of));
    let take = move |event: ev::Event| {
        let name = event_target_value(&event);
        if let Some(preset) = presets::ALL.iter().find(|preset| preset.name == name) {
            supervisor.choose_model(preset);
        }
    };
    let options = presets::ALL.iter().map(|option| {
        let is_chosen = move || preset.get() == Some(option);
        view! { <option value=option.name prop:selected=is_chosen>{option.name}</option> }
    });
    let text = move || {
        let what = description(preset.get().map_or(CUSTOM, |preset| preset.name));
        format!("{what} {}", model.with(cost))
    };
    view! {
        <div class="field model-choice">
            <label for="model-preset">"Model"</label>
            <select id="model-preset" aria-describedby="model-preset-text" on:change=take>
                {options.collect_view()}
                <option value="" disabled=true prop:selected=move || preset.get().is_none()>{CUSTOM}</option>
            </select>
            <p class="hint" id="model-preset-text" aria-live="polite">{text}</p>
        </div>
    }
}
