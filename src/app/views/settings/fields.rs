//! The kinds of fields: text, choice, and check box. Each has a remark below it.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{learning_rate_text::learning_rate, model_text::has_leaky_relu},
};
use latent_core::settings::{Field, SettingError};
use leptos::{ev, prelude::*};
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// Applies a value that leaves a valid model. Otherwise nothing changes.
fn set(state: State, supervisor: Supervisor, field: Field, text: &str) -> Result<(), SettingError> {
    let mut settings = state.settings.get_untracked();
    settings.set(field, text)?;
    settings.model.check()?;
    supervisor.set(field, text)
}

/// The field's value in the form.
fn value_of(state: State, field: Field) -> Memo<String> {
    Memo::new(move |_| state.settings.with(|settings| settings.get(field)))
}

/// Whether the field's value applies only to the next run.
fn is_pending(state: State, field: Field) -> Memo<bool> {
    let value = value_of(state, field);
    Memo::new(move |_| state.run_settings.with(|settings| settings.get(field)) != value.get())
}

/// A field for a number, or for several numbers. The slope can be changed only while a layer has a LeakyReLU. A learning
/// rate holds from the next step on, and the field shows all rates with their steps.
#[component]
pub(super) fn NumberField(field: Field, label: &'static str, keyboard: &'static str) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let value = value_of(state, field);
    let problem = RwSignal::new(None::<String>);
    // `change` fires on Enter and when the field is left: a number that is half typed is not applied.
    let take = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        match set(state, supervisor, field, &input.value()) {
            Ok(()) => {
                problem.set(None);
                input.set_value(&value.get_untracked());
            }
            Err(error) => problem.set(Some(error.to_string())),
        }
    };
    let is_disabled =
        move || field == Field::Slope && state.settings.with(|settings| !has_leaky_relu(&settings.model));
    // A keyboard for decimals has no `@`.
    let keyboard = move || if value.with(|value| value.contains('@')) { "text" } else { keyboard };
    let note = (field == Field::LearningRate).then(|| {
        Memo::new(move |_| {
            let steps = state.steps.get();
            state.settings.with(|settings| learning_rate(&settings.learning_rates, steps))
        })
    });
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
                disabled=is_disabled
                aria-invalid=move || problem.with(Option::is_some).to_string()
                aria-describedby=remark.clone()
                on:change=take
            />
            <Remark id=remark problem pending=is_pending(state, field) note />
        </div>
    }
}

/// A field with one of several values, given as pairs of value and label.
#[component]
pub(super) fn SelectField(
    field: Field,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let value = value_of(state, field);
    let problem = RwSignal::new(None::<String>);
    // A refused combination may fit after another field has changed, so the explanation goes then.
    Effect::new(move |_| {
        state.settings.track();
        problem.set(None);
    });
    let take = move |event: ev::Event| {
        let select: HtmlSelectElement = event_target(&event);
        if let Err(error) = set(state, supervisor, field, &select.value()) {
            problem.set(Some(error.to_string()));
            select.set_value(&value.get_untracked());
        }
    };
    let options = options.into_iter().map(|(name, label)| {
        let is_selected = move || value.with(|value| value == name);
        view! { <option value=name prop:selected=is_selected>{label}</option> }
    });
    let remark = format!("{}-remark", field.key());
    view! {
        <div class="field">
            <label for=field.key()>{label}</label>
            <select
                id=field.key()
                aria-invalid=move || problem.with(Option::is_some).to_string()
                aria-describedby=remark.clone()
                on:change=take
            >
                {options.collect_view()}
            </select>
            <Remark id=remark problem pending=is_pending(state, field) />
        </div>
    }
}

/// Whether every epoch has an order of its own.
#[component]
pub(super) fn ShuffleField() -> impl IntoView {
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
            <Remark id="shuffle-remark".into() problem pending=is_pending(state, Field::Shuffle) />
        </div>
    }
}

/// The text below a field: why its value was refused, that it applies to the next run, or a note on it.
#[component]
pub(super) fn Remark(
    id: String,
    problem: RwSignal<Option<String>>,
    pending: Memo<bool>,
    #[prop(optional_no_strip)] note: Option<Memo<String>>,
) -> impl IntoView {
    view! {
        <p id=id class="remark" aria-live="polite" class:problem=move || problem.with(Option::is_some)>
            {move || match problem.get() {
                Some(problem) => problem,
                None if pending.get() => "applies to the next run".into(),
                None => note.map_or_else(String::new, |note| note.get()),
            }}
        </p>
    }
}
