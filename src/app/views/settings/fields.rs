//! What the form's fields share, and the fields for a choice and for a switch. Each has a remark below it.

use super::choice::{Choice, fixed};
use crate::{
    app::{state::State, supervisor::Supervisor, views::visibility::show_reason},
    display::{
        field_text::{FOR_NEW_RUN, refusal, sentence},
        learning_rate_text,
    },
};
use latent_core::settings::{Field, SettingError, Settings};
use leptos::{ev, prelude::*};

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
pub(super) fn written(state: State, part: Option<Part>, entered: &str) -> String {
    let write = |part: Part| state.settings.with_untracked(|settings| (part.write)(settings, entered));
    part.map_or_else(|| entered.to_owned(), write)
}

/// Applies a value that leaves a valid model. Otherwise nothing changes.
pub(super) fn set(
    state: State,
    supervisor: Supervisor,
    field: Field,
    text: &str,
) -> Result<(), SettingError> {
    let mut settings = state.settings.get_untracked();
    settings.set(field, text)?;
    settings.model.check()?;
    supervisor.set(field, text)
}

/// The field's value, or the part of it that is shown, in the form.
pub(super) fn value_of(state: State, field: Field, part: Option<Part>) -> Memo<String> {
    Memo::new(move |_| state.settings.with(|settings| shown(state, settings, field, part)))
}

pub(super) fn shown(state: State, settings: &Settings, field: Field, part: Option<Part>) -> String {
    // Only the learning rate depends on the step.
    let steps = if field == Field::LearningRate { state.steps.get() } else { 0 };
    part.map_or_else(|| learning_rate_text::value(settings, field, steps), |part| (part.read)(settings))
}

/// Whether the field's value applies only to a new run.
pub(super) fn is_pending(state: State, field: Field, part: Option<Part>) -> Memo<bool> {
    let value = value_of(state, field, part);
    Memo::new(move |_| state.run_settings.with(|settings| shown(state, settings, field, part)) != value.get())
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
        applied.err().map(|error| refusal(field, &error))
    });
    let is_disabled = Memo::new(move |_| {
        field == Field::CodeActivation && state.settings.with(|settings| settings.model.is_variational())
    });
    let (value, pending) = (value_of(state, field, part), is_pending(state, field, part));
    let note = Some(Memo::new(move |_| sentence(field, false).into()));
    let id = part.map_or(field.key(), |part| part.id);
    view! { <Choice id label options=fixed(options) value choose is_disabled pending note /> }
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

/// The text below a field: why its value was refused, that it applies to a new run, or a note on it. A reason that a bar covers
/// comes into sight.
#[component]
pub(super) fn Remark(
    id: String,
    problem: RwSignal<Option<String>>,
    pending: Memo<bool>,
    #[prop(optional_no_strip)] note: Option<Memo<String>>,
) -> impl IntoView {
    show_reason(format!("#{id}"), problem);
    view! {
        <p id=id class="remark" aria-live="polite" class:problem=move || problem.with(Option::is_some)>
            {move || match problem.get() {
                Some(problem) => problem,
                None if pending.get() => FOR_NEW_RUN.into(),
                None => note.map_or_else(String::new, |note| note.get()),
            }}
        </p>
    }
}
