//! The choice of the engine.

use super::fields::Remark;
use crate::app::{state::State, supervisor::Supervisor};
use latent_core::engine::{Engine, EngineChoice};
use leptos::{ev, prelude::*};

/// The menu of engines.
#[component]
pub(super) fn EngineField() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let take = move |event: ev::Event| {
        if let Some(choice) = EngineChoice::from_name(&event_target_value(&event)) {
            supervisor.choose_engine(choice);
        }
    };
    let options = EngineChoice::ALL.map(|choice| {
        let label = match choice {
            EngineChoice::Auto => "Automatic",
            EngineChoice::Cpu => Engine::Cpu.title(),
            EngineChoice::WebGpu => Engine::WebGpu.title(),
            EngineChoice::Burn => Engine::Burn.title(),
        };
        let is_chosen = move || state.engine_choice.get() == choice;
        view! { <option value=choice.name() prop:selected=is_chosen>{label}</option> }
    });
    // The choice with which the current run began.
    let chosen_for_run = RwSignal::new(state.engine_choice.get_untracked());
    Effect::new(move |_| {
        if state.steps.get() == 0 && !state.phase.get().is_active() {
            chosen_for_run.set(state.engine_choice.get());
        }
    });
    // After the engine of the run has failed, another one may be in use already.
    let is_in_use = move |choice: EngineChoice| {
        state
            .engine
            .with(|engine| engine.as_ref().is_some_and(|engine| engine.engine.name() == choice.name()))
    };
    let pending = Memo::new(move |_| {
        let choice = state.engine_choice.get();
        chosen_for_run.get() != choice && !is_in_use(choice)
    });
    view! {
        <div class="field">
            <label for="engine">"Engine"</label>
            <select id="engine" aria-describedby="engine-remark" on:change=take>{options}</select>
            <Remark id="engine-remark".into() problem=RwSignal::new(None) pending />
        </div>
    }
}
