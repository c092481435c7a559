//! The settings that describe a model in detail, in a group that is closed at first.

use super::{
    fields::{Part, SelectField},
    number_field::NumberField,
};
use crate::display::{
    model_fields::{
        corruption_kind, corruption_strength, dropout_rate, with_corruption_kind, with_corruption_strength,
        with_dropout_rate,
    },
    model_text::INHERITED,
};
use latent_core::{
    model::{Activation, Loss},
    settings::{Field, Settings},
};
use leptos::prelude::*;

const DROPOUT: Part = Part { id: "dropout", read: dropout_rate, write: with_dropout_rate };
const CORRUPTION: Part = Part { id: "corruption", read: corruption_kind, write: with_corruption_kind };
const STRENGTH: Part =
    Part { id: "corruption-strength", read: corruption_strength, write: with_corruption_strength };
const CODE_ACTIVATION: Part = Part {
    id: "code-activation",
    // The mean of a distribution is linear, whatever the hidden layers are.
    read: |settings| match settings.model.is_variational() {
        true => Activation::Linear.name().into(),
        false => settings.get(Field::CodeActivation),
    },
    write: |_: &Settings, entered| entered.into(),
};

// The panel of the chart is called `loss`.
const LOSS: Part = Part {
    id: "loss-function",
    read: |settings| settings.get(Field::Loss),
    write: |_: &Settings, entered| entered.into(),
};

/// The fields for numbers: setting, label, and which part of the setting they show.
const NUMBERS: [(Field, &str, Option<Part>); 3] = [
    (Field::Corruption, "Strength", Some(STRENGTH)),
    (Field::Beta, "Divergence weight β", None),
    (Field::Hidden, "Dropout", Some(DROPOUT)),
];

/// The group.
#[component]
pub(super) fn ModelFields() -> impl IntoView {
    let activations = || Activation::ALL.map(|activation| (activation.name(), activation.title())).to_vec();
    let mut code_activations = activations();
    code_activations.insert(0, (INHERITED, "As hidden layers"));
    let losses = Loss::ALL.map(|loss| (loss.name(), loss.title())).to_vec();
    let kinds = vec![("0", "A point"), ("1", "A distribution (variational)")];
    let corruptions = vec![("none", "None"), ("gaussian", "Gaussian noise"), ("masking", "Masked pixels")];
    let choices = [
        (Field::Activation, "Hidden activation", activations(), None),
        (Field::CodeActivation, "Code activation", code_activations, Some(CODE_ACTIVATION)),
        (Field::Output, "Output activation", activations(), None),
        (Field::Loss, "Loss function", losses, Some(LOSS)),
        (Field::Variational, "Code of an image", kinds, None),
        (Field::Corruption, "Corruption", corruptions, Some(CORRUPTION)),
    ];
    view! {
        <details class="model-fields">
            <summary>"Model details"</summary>
            <p class="hint">
                "Hidden layers are units of dense layers, such as 512,128, or layers by name, such as \
                 conv8k3s2,conv16k3s2,dense16: convolutions of 8 and 16 filters, 3 × 3 with stride 2, and a dense layer of 16 \
                 units."
            </p>
            <div class="fields">
                {choices.map(|(field, label, options, part)| view! { <SelectField field label options part /> })}
                {NUMBERS.map(|(field, label, part)| view! { <NumberField field label keyboard="decimal" part /> })}
            </div>
        </details>
    }
}
