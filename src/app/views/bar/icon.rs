//! Icons of buttons, drawn as lines.

use leptos::prelude::*;

/// An icon of 24 × 24 units. The button that has it has a name.
#[component]
pub(in super::super) fn Icon(#[prop(into)] path: Signal<&'static str>) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=path /></svg> }
}
