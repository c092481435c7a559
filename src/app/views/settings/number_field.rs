//! A field for a number, or for several numbers. Arrow keys and buttons step a single number.

use super::fields::{Part, Remark, is_pending, set, value_of, written};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        field_text::{refusal, sentence},
        learning_rate_text,
        model_text::has_leaky_relu,
        step_of_field::{has_steps, stepped},
    },
};
use latent_core::{model::Corruption, settings::Field};
use leptos::{ev, html, prelude::*};

/// The field. The slope can be changed only while a layer has a LeakyReLU, and the weight of the divergence only while there is
/// one. A learning rate holds from the next step on: the field shows that step's, and the text below it how it changes.
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
    let id = part.map_or(field.key(), |part| part.id);
    let input = NodeRef::<html::Input>::new();
    let note_refused = move |is_refused: bool| {
        if state.refused.with_untracked(|refused| refused.contains(&id)) != is_refused {
            state.refused.update(|refused| match is_refused {
                true => refused.push(id),
                false => refused.retain(|other| *other != id),
            });
        }
    };
    Effect::new(move |_| note_refused(problem.with(Option::is_some)));
    on_cleanup(move || note_refused(false));
    let show = move || {
        if let Some(input) = input.get_untracked() {
            input.set_value(&value.get_untracked());
        }
    };
    // A text that was refused gives way to the setting when any setting changes, or a run begins: what is shown is what is
    // trained.
    Effect::new(move |_| {
        state.settings.track();
        state.run_settings.track();
        if problem.with_untracked(Option::is_some) {
            problem.set(None);
            show();
        }
    });
    let take = move |text: &str| match set(state, supervisor, field, &written(state, part, text)) {
        Ok(()) => {
            problem.set(None);
            show();
        }
        Err(error) => problem.set(Some(refusal(field, &error))),
    };
    let is_disabled = Signal::derive(move || {
        state.settings.with(|settings| match (field, part) {
            (Field::Slope, _) => !has_leaky_relu(&settings.model),
            (Field::Beta, _) => !settings.model.is_variational(),
            (Field::Corruption, Some(_)) => settings.model.corruption == Corruption::None,
            _ => false,
        })
    });
    let has_steps = has_steps(field, part.is_some());
    let step = move |is_up| {
        let next =
            state.settings.with_untracked(|settings| stepped(settings, field, &value.get_untracked(), is_up));
        // Beyond the field's limits there is nothing to step to.
        if next.is_some_and(|next| set(state, supervisor, field, &written(state, part, &next)).is_ok()) {
            problem.set(None);
            show();
        }
    };
    let step_by_key = move |event: ev::KeyboardEvent| {
        let is_up = match event.key().as_str() {
            "ArrowUp" => true,
            "ArrowDown" => false,
            _ => return,
        };
        if has_steps {
            event.prevent_default();
            step(is_up);
        }
    };
    let note = Memo::new(move |_| {
        let rates = match field {
            Field::LearningRate => {
                let steps = state.steps.get();
                state.settings.with(|settings| learning_rate_text::changes(&settings.learning_rates, steps))
            }
            _ => String::new(),
        };
        if rates.is_empty() { sentence(field, part.is_some()).into() } else { rates }
    });
    let remark = format!("{id}-remark");
    // Arrow keys do the same, so that the buttons are no stops of the Tab key.
    let button = move |is_up: bool| {
        let (sign, name) = if is_up { ("+", "Increase") } else { ("−", "Decrease") };
        view! {
            <button
                type="button"
                class="step"
                tabindex="-1"
                aria-label=format!("{name} {}", label.to_lowercase())
                disabled=is_disabled
                on:click=move |_| step(is_up)
            >
                {sign}
            </button>
        }
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <div class="number">
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
                    // `change` fires on Enter and when the field is left: a number that is half typed is not applied.
                    on:change=move |event| take(&event_target_value(&event))
                    on:keydown=step_by_key
                />
                {has_steps.then(|| [false, true].map(button))}
            </div>
            <Remark id=remark problem pending=is_pending(state, field, part) note=Some(note) />
        </div>
    }
}
