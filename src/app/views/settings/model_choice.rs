//! The models to choose from, as cards: a picture, a sentence, and how long an epoch takes on this device.

use crate::{
    app::{
        memory,
        state::State,
        supervisor::Supervisor,
        views::{
            bar::Icon,
            dialog::Dialog,
            erased::text,
            lazy::{Lazy, LazyView},
        },
    },
    display::{
        model_picture::{SIDES, picture},
        preset_speed::Speeds,
        preset_text::{CUSTOM, cost, description},
    },
};
use latent_core::model::{
    ModelSpec,
    presets::{self, Preset},
};
use latent_protocol::Phase;
use leptos::{ev, prelude::*};
use std::time::Duration;

/// The key under which speeds are remembered.
const SPEEDS: &str = "speeds";

/// The card of the model that is chosen, which opens the others, and a sentence on it and its cost.
#[component]
pub(super) fn ModelChoice() -> impl IntoView {
    let state = expect_context::<State>();
    let is_open = RwSignal::new(false);
    let speeds = RwSignal::new(Speeds::parse(&memory::recall(SPEEDS).unwrap_or_default()));
    measure(state, speeds);
    let model = Memo::new(move |_| state.settings.with(|settings| settings.model.clone()));
    let chosen = Memo::new(move |_| model.with(presets::of).map(|preset| preset.name));
    let name = move || chosen.get().unwrap_or(CUSTOM);
    let remark = move || format!("{} {}", description(name()), model.with(cost));
    view! {
        <div class="model-choice">
            <button
                type="button"
                id="model-preset"
                class="model-card"
                aria-haspopup="dialog"
                aria-label=move || format!("Model: {}", name())
                aria-describedby="model-preset-remark"
                title="Choose another model"
                on:click=move |_| is_open.set(true)
            >
                {move || model.with(drawn)}
                <strong>{text(name)}</strong>
                <Icon path="M9 6l6 6-6 6" />
            </button>
            <p id="model-preset-remark" class="remark" aria-live="polite">{text(remark)}</p>
            <Dialog is_open id="models" title="Models">
                <Lazy view=LazyView::Models(ModelChoices { chosen, speeds, is_open }) when=is_open />
            </Dialog>
        </div>
    }
}

/// What the cards show.
#[derive(Clone, Copy)]
pub(in super::super) struct ModelChoices {
    chosen: Memo<Option<&'static str>>,
    speeds: RwSignal<Speeds>,
    is_open: RwSignal<bool>,
}

/// The models of the menu.
#[component]
pub(in super::super) fn ModelCards(choices: ModelChoices) -> impl IntoView {
    view! {
        <div class="model-cards" role="radiogroup" aria-labelledby="models-title">
            {presets::ALL.iter().map(|preset| view! { <Card preset choices /> }).collect_view()}
        </div>
    }
}

/// A model of the menu.
#[component]
fn Card(preset: &'static Preset, choices: ModelChoices) -> impl IntoView {
    let ModelChoices { chosen, speeds, is_open } = choices;
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let model = preset.model();
    let id = |part: &str| format!("model-{}-{part}", preset.name.to_lowercase().replace(' ', "-"));
    let (title, described) = (id("title"), id("text"));
    let shape = drawn(&model);
    let speed = move || {
        let settings = state.settings.get();
        speeds.with(|speeds| speeds.sentence(&model, settings.data, settings.training_images))
    };
    // Arrow keys go from card to card; a pointer has chosen. The change is told after the click, and not of a card that is gone.
    let close = move |event: ev::MouseEvent| {
        if event.detail() > 0 {
            set_timeout(move || is_open.set(false), Duration::ZERO);
        }
    };
    view! {
        <label class="model-card" on:click=close>
            <input
                type="radio"
                name="model-preset"
                aria-labelledby=title.clone()
                aria-describedby=described.clone()
                prop:checked=move || chosen.get() == Some(preset.name)
                on:change=move |_| supervisor.choose_model(preset)
            />
            {shape}
            <strong id=title>{preset.name}</strong>
            <span id=described>{description(preset.name)} " " <em>{text(speed)}</em></span>
        </label>
    }
}

/// The picture of a model.
fn drawn(model: &ModelSpec) -> impl IntoView + use<> {
    let [width, height] = SIDES;
    view! { <svg class="model-picture" viewBox=format!("0 0 {width} {height}") aria-hidden="true" inner_html=picture(model)></svg> }
}

/// Notes how fast the run trains.
fn measure(state: State, speeds: RwSignal<Speeds>) {
    Effect::new(move |_| {
        let Some(speed) = state.steps_per_second.get() else { return };
        if state.phase.get_untracked() != Phase::Training {
            return;
        }
        let mut noted = speeds.get_untracked();
        if state.run_settings.with_untracked(|settings| noted.note(settings, speed)) {
            memory::remember(SPEEDS, &noted.text());
            speeds.set(noted);
        }
    });
}
