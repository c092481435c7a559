//! The settings that describe a model in detail, in a group that is closed at first.

use super::fields::{NumberField, Part, SelectField};
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

/// The group.
#[component]
pub(super) fn ModelFields() -> impl IntoView {
    let activations = || Activation::ALL.map(|activation| (activation.name(), activation.title())).to_vec();
    let mut code_activations = activations();
    code_activations.insert(0, (INHERITED, "As hidden layers"));
    let losses = Loss::ALL.map(|loss| (loss.name(), loss.title())).to_vec();
    let kinds = vec![("0", "A point"), ("1", "A distribution (variational)")];
    let corruptions = vec![("none", "None"), ("gaussian", "Gaussian noise"), ("masking", "Masked pixels")];
    view! {
        <details class="model-fields">
            <summary>"Model details"</summary>
            <p class="hint">
                "Hidden layers are units of dense layers, such as " <code>"512,128"</code>
                ", or layers by name, such as " <code>"conv8k3s2,conv16k3s2,dense16"</code>
                ": convolutions of 8 and 16 filters, 3 × 3 with stride 2, and a dense layer of 16 units."
            </p>
            <div class="fields">
                <SelectField field=Field::Activation label="Hidden activation" options=activations() />
                <SelectField field=Field::CodeActivation label="Code activation" options=code_activations part=CODE_ACTIVATION />
                <SelectField field=Field::Output label="Output activation" options=activations() />
                <SelectField field=Field::Loss label="Loss function" options=losses />
                <NumberField field=Field::Hidden label="Dropout" keyboard="decimal" part=DROPOUT />
                <SelectField field=Field::Variational label="Code of an image" options=kinds />
                <NumberField field=Field::Beta label="Divergence weight β" keyboard="decimal" />
                <SelectField field=Field::Corruption label="Corruption" options=corruptions part=CORRUPTION />
                <NumberField field=Field::Corruption label="Strength" keyboard="decimal" part=STRENGTH />
            </div>
        </details>
    }
}
