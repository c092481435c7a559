//! The kinds of fields: text, choice, and check box. Each has a remark below it.

use super::choice::{Choice, fixed};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{learning_rate_text::learning_rate, model_text::has_leaky_relu},
};
use latent_core::{
    model::Corruption,
    settings::{Field, SettingError, Settings},
};
use leptos::{ev, html, prelude::*};
use web_sys::HtmlInputElement;

/// What a field shows and changes, where that is a part of a setting.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// The element's id.
    pub(super) id: &'static str,
    /// The part, from the settings.
    pub(super) read: fn(&Settings) -> String,
    /// The setting's text with what was entered as its part.
    pub(super) write: fn(&Settings, &str) -> String,
}

/// The text of the setting that was meant by what was entered.
fn written(state: State, part: Option<Part>, entered: &str) -> String {
    let write = |part: Part| state.settings.with_untracked(|settings| (part.write)(settings, entered));
    part.map_or_else(|| entered.to_owned(), write)
}

/// Applies a value that leaves a valid model. Otherwise nothing changes.
fn set(state: State, supervisor: Supervisor, field: Field, text: &str) -> Result<(), SettingError> {
    let mut settings = state.settings.get_untracked();
    settings.set(field, text)?;
    settings.model.check()?;
    supervisor.set(field, text)
}

/// The field's value, or the part of it that is shown, in the form.
fn value_of(state: State, field: Field, part: Option<Part>) -> Memo<String> {
    Memo::new(move |_| state.settings.with(|settings| shown(settings, field, part)))
}

fn shown(settings: &Settings, field: Field, part: Option<Part>) -> String {
    part.map_or_else(|| settings.get(field), |part| (part.read)(settings))
}

/// Whether the field's value applies only to the next run.
fn is_pending(state: State, field: Field, part: Option<Part>) -> Memo<bool> {
    let value = value_of(state, field, part);
    Memo::new(move |_| state.run_settings.with(|settings| shown(settings, field, part)) != value.get())
}

/// A field for a number, or for several numbers. The slope can be changed only while a layer has a LeakyReLU, and the weight
/// of the divergence only while there is one. A learning rate holds from the next step on, and the field shows all rates
/// with their steps.
#[component]
pub(super) fn NumberField(
    field: Field,
    label: &'static str,
    keyboard: &'static str,
    #[prop(optional_no_strip)] part: Option<Part>,
) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let value = value_of(state, field, part);
    let problem = RwSignal::new(None::<String>);
    let input = NodeRef::<html::Input>::new();
    // A text that was refused gives way to the setting when any setting changes, or a run begins: what is shown is what is trained.
    Effect::new(move |_| {
        state.settings.track();
        state.run_settings.track();
        if problem.with_untracked(Option::is_some) {
            problem.set(None);
            if let Some(input) = input.get_untracked() {
                input.set_value(&value.get_untracked());
            }
        }
    });
    // `change` fires on Enter and when the field is left: a number that is half typed is not applied.
    let take = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        match set(state, supervisor, field, &written(state, part, &input.value())) {
            Ok(()) => {
                problem.set(None);
                input.set_value(&value.get_untracked());
            }
            Err(error) => problem.set(Some(error.to_string())),
        }
    };
    let is_disabled = move || {
        state.settings.with(|settings| match (field, part) {
            (Field::Slope, _) => !has_leaky_relu(&settings.model),
            (Field::Beta, _) => !settings.model.is_variational(),
            (Field::Corruption, Some(_)) => settings.model.corruption == Corruption::None,
            _ => false,
        })
    };
    // A keyboard for decimals has no `@`.
    let keyboard = move || if value.with(|value| value.contains('@')) { "text" } else { keyboard };
    let note = (field == Field::LearningRate).then(|| {
        Memo::new(move |_| {
            let steps = state.steps.get();
            state.settings.with(|settings| learning_rate(&settings.learning_rates, steps))
        })
    });
    let id = part.map_or(field.key(), |part| part.id);
    let remark = format!("{id}-remark");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                node_ref=input
                id=id
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
            <Remark id=remark problem pending=is_pending(state, field, part) note />
        </div>
    }
}

/// A field with one of several values, given as pairs of value and label. The code's activation can be changed only while the
/// code is a point: the mean of a distribution is linear.
#[component]
pub(super) fn SelectField(
    field: Field,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    #[prop(optional_no_strip)] part: Option<Part>,
) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let choose = Callback::new(move |chosen: String| {
        let applied = set(state, supervisor, field, &written(state, part, &chosen));
        applied.err().map(|error| error.to_string())
    });
    let is_disabled = Memo::new(move |_| {
        field == Field::CodeActivation && state.settings.with(|settings| settings.model.is_variational())
    });
    let (value, pending) = (value_of(state, field, part), is_pending(state, field, part));
    view! { <Choice id=part.map_or(field.key(), |part| part.id) label options=fixed(options) value choose is_disabled pending /> }
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
            <Remark id="shuffle-remark".into() problem pending=is_pending(state, Field::Shuffle, None) />
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
