//! The editor of a layer: its kind, its numbers, and a button that removes it.

use crate::{
    app::state::State,
    display::layer_edit::{LayerEdit, kind, of_kind},
};
use latent_core::{math::shortest, model::LayerSpec};
use leptos::{ev, prelude::*};

/// The numbers of a layer, each with what it is called.
fn numbers(layer: LayerSpec) -> Vec<(&'static str, String)> {
    match layer {
        LayerSpec::Dense { units } => vec![("Units", units.to_string())],
        LayerSpec::Dropout { rate } => vec![("Rate", shortest(rate))],
        LayerSpec::Conv2d { filters, kernel, stride } => vec![
            ("Filters", filters.to_string()),
            ("Kernel", kernel.to_string()),
            ("Stride", stride.to_string()),
        ],
    }
}

/// The editor of the layer at this index.
#[component]
pub(in super::super) fn LayerEditor(
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
    let field = move |(number, (label, value)): (usize, (&'static str, String))| {
        let id = format!("layer-{at}-{}", label.to_lowercase());
        let take = move |event: ev::Event| {
            change.run(LayerEdit::Number { at, number, text: event_target_value(&event) });
        };
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input id=id type="text" inputmode="decimal" autocomplete="off" prop:value=value on:change=take />
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
            {move || layer.get().map(|layer| numbers(layer).into_iter().enumerate().map(field).collect_view())}
            <button type="button" class="small" on:click=remove>"Remove layer"</button>
        </div>
    }
}
