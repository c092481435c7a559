//! A part of the page that is made as text (`display::markup`).

use leptos::{ev, html, prelude::*};
use web_sys::{Element, HtmlElement, wasm_bindgen::JsCast};

/// Shows the text. `press` gets the key of what was pressed. What has the focus keeps it when the text changes.
#[component]
pub(super) fn Markup(
    #[prop(into)] html: Signal<String>,
    press: Callback<String>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let part = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let Some(part) = part.get() else { return };
        let focused =
            part.query_selector(":focus").ok().flatten().and_then(|it| it.get_attribute("data-key"));
        html.with(|html| part.set_inner_html(html));
        let again =
            focused.and_then(|key| part.query_selector(&format!("[data-key=\"{key}\"]")).ok().flatten());
        if let Some(again) = again.and_then(|again| again.dyn_into::<HtmlElement>().ok()) {
            // It fails on a page that is being closed.
            let _ = again.focus();
        }
    });
    let pressed = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let key = target.and_then(|target| target.closest("[data-key]").ok().flatten());
        if let Some(key) = key.and_then(|key| key.get_attribute("data-key")) {
            press.run(key);
        }
    };
    view! { <div node_ref=part class=class on:click=pressed></div> }
}
