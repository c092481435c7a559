//! The editor of a layer: its kind, its numbers, and a button that removes it.

use crate::{
    app::state::State,
    display::layer_edit::{LayerEdit, kind, of_kind},
};
use latent_core::{
    math::{read_decimal, read_whole},
    model::LayerSpec,
};
use leptos::{ev, prelude::*};

/// A number of a layer: what it is called, its value, and the layer with another value.
struct Number {
    label: &'static str,
    value: String,
    with: fn(LayerSpec, &str) -> Option<LayerSpec>,
}

/// The numbers of a layer.
fn numbers(layer: LayerSpec) -> Vec<Number> {
    let number = |label, value: String, with| Number { label, value, with };
    match layer {
        LayerSpec::Dense { units } => vec![number("Units", units.to_string(), |_, text| {
            Some(LayerSpec::Dense { units: read_whole(text)? })
        })],
        LayerSpec::Dropout { rate } => vec![number("Rate", rate.to_string(), |_, text| {
            Some(LayerSpec::Dropout { rate: read_decimal(text)? })
        })],
        LayerSpec::Conv2d { filters, kernel, stride } => vec![
            number("Filters", filters.to_string(), |layer, text| match layer {
                LayerSpec::Conv2d { kernel, stride, .. } => {
                    Some(LayerSpec::Conv2d { filters: read_whole(text)?, kernel, stride })
                }
                _ => None,
            }),
            number("Kernel", kernel.to_string(), |layer, text| match layer {
                LayerSpec::Conv2d { filters, stride, .. } => {
                    Some(LayerSpec::Conv2d { filters, kernel: read_whole(text)?, stride })
                }
                _ => None,
            }),
            number("Stride", stride.to_string(), |layer, text| match layer {
                LayerSpec::Conv2d { filters, kernel, .. } => {
                    Some(LayerSpec::Conv2d { filters, kernel, stride: read_whole(text)? })
                }
                _ => None,
            }),
        ],
    }
}

/// The editor of the layer at this index.
#[component]
pub(super) fn LayerEditor(
    at: usize,
    change: Callback<LayerEdit>,
    opened: RwSignal<Option<usize>>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let layer = Memo::new(move |_| state.settings.with(|settings| settings.model.encoder.get(at).copied()));
    let choose_kind = move |event: ev::Event| {
        if let Some(before) = layer.get_untracked() {
            change.run(LayerEdit::Replace(at, of_kind(&event_target_value(&event), before)));
        }
    };
    let field = move |number: Number| {
        let id = format!("layer-{at}-{}", number.label.to_lowercase());
        let take = move |event: ev::Event| {
            let entered = event_target_value(&event);
            if let Some(changed) =
                layer.get_untracked().and_then(|layer| (number.with)(layer, entered.trim()))
            {
                change.run(LayerEdit::Replace(at, changed));
            }
        };
        view! {
            <div class="field">
                <label for=id.clone()>{number.label}</label>
                <input id=id type="text" inputmode="decimal" autocomplete="off" prop:value=number.value on:change=take />
            </div>
        }
    };
    let remove = move |_| {
        opened.set(None);
        change.run(LayerEdit::Remove(at));
    };
    let kinds = [("dense", "Dense"), ("convolution", "Convolution"), ("dropout", "Dropout")];
    let id = format!("layer-{at}-kind");
    view! {
        <div class="layer-editor" role="group" aria-label=format!("Layer {} of the encoder", at + 1)>
            <div class="field">
                <label for=id.clone()>"Kind"</label>
                <select id=id on:change=choose_kind>
                    {kinds.map(|(name, label)| {
                        let is_selected = move || layer.get().is_some_and(|layer| kind(layer) == name);
                        view! { <option value=name prop:selected=is_selected>{label}</option> }
                    })}
                </select>
            </div>
            {move || layer.get().map(|layer| numbers(layer).into_iter().map(field).collect_view())}
            <button type="button" class="small" on:click=remove>"Remove layer"</button>
        </div>
    }
}
