//! The run's settings. A value that isn't taken is told beside its field, and nothing changes.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::chart::changes,
};
use latent_core::{engine::EngineChoice, settings::Field};
use leptos::{ev, prelude::*};
use web_sys::HtmlInputElement;

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
            <Changes />
            <p class="hint">
                {move || state.engine.with(|engine| engine.as_ref().and_then(|engine| engine.advice))}
            </p>
        </section>
    }
}

/// Whether the form's value of a field waits for a reset.
fn waits(state: State, field: Field) -> Memo<bool> {
    let value = move || state.settings.with(|settings| settings.get(field));
    Memo::new(move |_| state.run_settings.with(|settings| settings.get(field)) != value())
}

#[component]
fn NumberField(field: Field, label: &'static str, keyboard: &'static str) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let value = Memo::new(move |_| state.settings.with(|settings| settings.get(field)));
    let problem = RwSignal::new(None::<String>);
    // At the change's end, by Enter or by leaving the field: half a number is no wish.
    let take = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        match supervisor.set(field, &input.value()) {
            Ok(()) => {
                problem.set(None);
                input.set_value(&value.get_untracked());
            }
            Err(error) => problem.set(Some(error.to_string())),
        }
    };
    let remark = format!("{}-remark", field.key());
    view! {
        <div class="field">
            <label for=field.key()>{label}</label>
            <input
                id=field.key()
                type="text"
                inputmode=keyboard
                autocomplete="off"
                spellcheck="false"
                prop:value=value
                aria-invalid=move || problem.with(Option::is_some).to_string()
                aria-describedby=remark.clone()
                on:change=take
            />
            <Remark id=remark problem waits=waits(state, field) />
        </div>
    }
}

/// What waits for a new run, and the choice: begin it, or leave the run as it is.
#[component]
fn Changes() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let changes = Memo::new(move |_| changes(&state.run_settings.get(), &state.settings.get()));
    view! {
        <Show when=move || !changes.with(Vec::is_empty)>
            <div class="question" role="status">
                <p>
                    "Another run: " {move || changes.get().join(", ")} ". It starts anew; until then this one goes on as it is."
                </p>
                <button type="button" class="small" on:click=move |_| supervisor.reset()>"Restart with these"</button>
                <button type="button" class="small" on:click=move |_| supervisor.keep_settings()>"Keep this run's"</button>
            </div>
        </Show>
    }
}

/// What is to say about a field: its error, or that it waits.
#[component]
fn Remark(id: String, problem: RwSignal<Option<String>>, waits: Memo<bool>) -> impl IntoView {
    view! {
        <p id=id class="remark" aria-live="polite" class:problem=move || problem.with(Option::is_some)>
            {move || match problem.get() {
                Some(problem) => problem,
                None if waits.get() => "with the next run".into(),
                None => String::new(),
            }}
        </p>
    }
}

#[component]
fn ShuffleField() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let problem = RwSignal::new(None::<String>);
    let take = move |event: ev::Event| {
        let text = if event_target_checked(&event) { "1" } else { "0" };
        problem.set(supervisor.set(Field::Shuffle, text).err().map(|error| error.to_string()));
    };
    view! {
        <div class="field check">
            <label>
                <input
                    type="checkbox"
                    prop:checked=move || state.settings.with(|settings| settings.shuffle)
                    aria-describedby="shuffle-remark"
                    on:change=take
                />
                "Shuffle"
            </label>
            <Remark id="shuffle-remark".into() problem waits=waits(state, Field::Shuffle) />
        </div>
    }
}

#[component]
fn EngineField() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let take = move |event: ev::Event| {
        if let Some(choice) = EngineChoice::from_name(&event_target_value(&event)) {
            supervisor.choose_engine(choice);
        }
    };
    let options = EngineChoice::ALL.map(|choice| {
        let label = match choice {
            EngineChoice::Auto => "Automatic",
            EngineChoice::Cpu => "CPU",
            EngineChoice::WebGpu => "WebGPU",
        };
        let is_chosen = move || state.engine_choice.get() == choice;
        view! { <option value=choice.name() prop:selected=is_chosen>{label}</option> }
    });
    // The choice that the run under way began with.
    let chosen_for_run = RwSignal::new(state.engine_choice.get_untracked());
    Effect::new(move |_| {
        if state.steps.get() == 0 && !state.phase.get().is_active() {
            chosen_for_run.set(state.engine_choice.get());
        }
    });
    // Not an engine that is at work already, since the chosen one was given up.
    let works = move |choice: EngineChoice| {
        state
            .engine
            .with(|engine| engine.as_ref().is_some_and(|engine| engine.engine.name() == choice.name()))
    };
    let waits = Memo::new(move |_| {
        let choice = state.engine_choice.get();
        chosen_for_run.get() != choice && !works(choice)
    });
    view! {
        <div class="field">
            <label for="engine">"Engine"</label>
            <select id="engine" aria-describedby="engine-remark" on:change=take>{options}</select>
            <Remark id="engine-remark".into() problem=RwSignal::new(None) waits />
        </div>
    }
}
