//! A menu with a remark below it.

use super::fields::Remark;
use crate::app::state::State;
use crate::app::views::erased::text;
use leptos::{ev, prelude::*};
use web_sys::HtmlSelectElement;

/// Options that do not change.
pub(in super::super) fn fixed(
    options: impl IntoIterator<Item = (&'static str, &'static str)>,
) -> Signal<Vec<(String, String)>> {
    Signal::stored(options.into_iter().map(|(name, label)| (name.to_owned(), label.to_owned())).collect())
}

/// A menu of options, given as pairs of value and label. An empty value cannot be chosen. `choose` takes the chosen value, and
/// gives a sentence if it is refused.
#[component]
pub(in super::super) fn Choice(
    id: &'static str,
    label: &'static str,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    value: Memo<String>,
    choose: Callback<String, Option<String>>,
    is_disabled: Memo<bool>,
    pending: Memo<bool>,
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
    let options = move || {
        let options = options.get().into_iter().map(|(name, label)| {
            let (selected, is_empty) = (name.clone(), name.is_empty());
            let is_selected = move || value.with(|value| *value == selected);
            view! { <option value=name disabled=is_empty prop:selected=is_selected>{label}</option> }
        });
        options.collect_view()
    };
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
                {text(options)}
            </select>
            <Remark id=remark problem pending note=None />
        </div>
    }
}
