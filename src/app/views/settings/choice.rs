//! A menu with a remark below it.

use super::fields::Remark;
use crate::app::state::State;
use leptos::{ev, prelude::*};
use web_sys::HtmlSelectElement;

/// A menu of options, given as pairs of value and label. An empty value cannot be chosen. `choose` takes the chosen value, and
/// gives a sentence if it is refused.
#[component]
pub(super) fn Choice(
    id: &'static str,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    value: Memo<String>,
    choose: Callback<String, Option<String>>,
    is_disabled: Memo<bool>,
    pending: Memo<bool>,
    #[prop(optional_no_strip)] note: Option<Memo<String>>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let problem = RwSignal::new(None::<String>);
    // A refused combination may fit after another field has changed, so the explanation goes then.
    Effect::new(move |_| {
        state.settings.track();
        problem.set(None);
    });
    let take = move |event: ev::Event| {
        let select: HtmlSelectElement = event_target(&event);
        if let Some(refusal) = choose.run(select.value()) {
            problem.set(Some(refusal));
            select.set_value(&value.get_untracked());
        }
    };
    let options = options.into_iter().map(|(name, label)| {
        let is_selected = move || value.with(|value| value == name);
        view! { <option value=name disabled=name.is_empty() prop:selected=is_selected>{label}</option> }
    });
    let remark = format!("{id}-remark");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select
                id=id
                disabled=is_disabled
                aria-invalid=move || problem.with(Option::is_some).to_string()
                aria-describedby=remark.clone()
                on:change=take
            >
                {options.collect_view()}
            </select>
            <Remark id=remark problem pending note />
        </div>
    }
}
