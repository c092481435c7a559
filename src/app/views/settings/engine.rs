//! The choice of the engine.

use super::choice::{Choice, fixed};
use crate::app::{state::State, supervisor::Supervisor};
use latent_core::engine::{Engine, EngineChoice};
use leptos::prelude::*;

/// The menu of engines.
#[component]
pub(super) fn EngineField() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let choose = Callback::new(move |name: String| {
        supervisor.choose_engine(EngineChoice::from_name(&name)?);
        None
    });
    let options = EngineChoice::ALL.map(|choice| match choice {
        EngineChoice::Auto => (choice.name(), "Automatic"),
        EngineChoice::Cpu => (choice.name(), Engine::Cpu.title()),
        EngineChoice::WebGpu => (choice.name(), Engine::WebGpu.title()),
        EngineChoice::Burn => (choice.name(), Engine::Burn.title()),
    });
    let value = Memo::new(move |_| state.engine_choice.get().name().to_owned());
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
    let never = Memo::new(|_| false);
    view! { <Choice id="engine" label="Engine" options=fixed(options) value choose is_disabled=never pending /> }
}
