//! The tabs below the workbench. On a phone they are at the bottom of the window, and the workbench is a part of them.

use super::{
    layout::{Layout, Tab},
    lazy::{Lazy, LazyView},
    model::open_dropped_files,
};
use crate::app::state::State;
use latent_core::link::Part;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// The list of tabs.
#[component]
pub(super) fn TabList() -> impl IntoView {
    let layout = expect_context::<Layout>();
    let tab = move |tab: Tab| {
        let is_shown = move || layout.shown() == Some(tab);
        view! {
            <button
                type="button"
                role="tab"
                id=format!("tab-{}", tab.panel())
                aria-controls=tab.panel()
                aria-selected=move || is_shown().to_string()
                tabindex=move || if is_shown() { "0" } else { "-1" }
                on:click=move |_| show(layout, tab)
            >
                {tab.title()}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Parts of the page" on:keydown=move |event| move_by_key(layout, &event)>
            {move || layout.tabs().into_iter().map(tab).collect_view()}
        </div>
    }
}

/// Chooses a tab, and brings its panel into sight: in a wide window the row of tabs may be far above its place. On a phone a tab
/// begins at its top.
fn show(layout: Layout, tab: Tab) {
    layout.choose(tab);
    request_animation_frame(move || {
        if !layout.is_wide() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        } else if let Some(panel) = document().get_element_by_id(tab.panel()) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            panel.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Chooses the tab before or behind the shown one, as the pattern for tabs has it, and gives it the focus.
fn move_by_key(layout: Layout, event: &ev::KeyboardEvent) {
    let tabs = untrack(|| layout.tabs());
    let Some(at) = untrack(|| layout.shown()).and_then(|shown| tabs.iter().position(|&tab| tab == shown))
    else {
        return;
    };
    let last = tabs.len() - 1;
    let next = match event.key().as_str() {
        "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
        "ArrowRight" => (at + 1) % tabs.len(),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    if let Some(&tab) = tabs.get(next) {
        show(layout, tab);
        let button = document().get_element_by_id(&format!("tab-{}", tab.panel()));
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            // It fails on a page that is being closed.
            let _ = button.focus();
        }
    }
}

/// The panels of the tabs that have no column of their own.
#[component]
pub(super) fn Panels() -> impl IntoView {
    let state = expect_context::<State>();
    let [chart, predictions, model] =
        [Part::Chart, Part::Predictions, Part::Model].map(|part| state.shows(part));
    if model {
        open_dropped_files();
    }
    view! {
        {predictions.then(|| view! {
            <Panel tab=Tab::Reconstructions view=LazyView::Reconstructions />
            <Panel tab=Tab::Draw view=LazyView::Draw />
            <Panel tab=Tab::Morph view=LazyView::Morph />
            <Panel tab=Tab::Structure view=LazyView::Structure />
        })}
        {chart.then(|| view! { <Panel tab=Tab::Runs view=LazyView::Runs /> })}
        {model.then(|| view! {
            <Panel tab=Tab::Layers view=LazyView::Layers />
            <Panel tab=Tab::Files view=LazyView::Files />
        })}
    }
}

/// The panel of a tab. Its view is made when it is shown first, and stays in the page while it is hidden, so that what was opened
/// in it stays open.
#[component]
fn Panel(tab: Tab, view: LazyView) -> impl IntoView {
    let layout = expect_context::<Layout>();
    let is_shown = Signal::derive(move || layout.shows(tab));
    view! {
        <section
            id=tab.panel()
            class="panel"
            role="tabpanel"
            aria-labelledby=format!("tab-{}", tab.panel())
            tabindex="0"
            hidden=move || !is_shown.get()
        >
            <Lazy view when=is_shown />
        </section>
    }
}
