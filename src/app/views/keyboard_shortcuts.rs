//! Handles the keyboard shortcuts and shows the list of them.

use crate::{
    app::{address, memory, state::State, supervisor::Supervisor},
    display::keyboard_shortcuts::{Focus, KEYS, Shortcut, meaning, shortcut},
};
use leptos::{ev, html, prelude::*};
use web_sys::{Element, HtmlElement, wasm_bindgen::JsCast};

/// Under this key the device remembers whether the shortcuts work: some people speak to their computer, which types every word.
const REMEMBERED: &str = "keys";
const OFF: &str = "off";

/// The button that shows the list, and the list. The shortcuts work while this component is mounted.
#[component]
pub(super) fn KeyboardShortcuts() -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let is_on = RwSignal::new(memory::recall(REMEMBERED).as_deref() != Some(OFF));
    let switch = move |event: ev::Event| {
        is_on.set(event_target_checked(&event));
        memory::remember(REMEMBERED, if is_on.get_untracked() { "on" } else { OFF });
    };
    listen(button, is_on);
    let rows = KEYS.map(|(key, effect)| {
        view! { <div><dt><kbd>{key}</kbd></dt><dd>{effect}</dd></div> }
    });
    view! {
        <button node_ref=button type="button" class="small square keys" popovertarget="keys" aria-label="Keyboard shortcuts" title="Keyboard shortcuts: ?">"?"</button>
        <div id="keys" popover role="dialog" aria-labelledby="keys-title">
            <h2 id="keys-title">"Keyboard shortcuts"</h2>
            <dl>{rows}</dl>
            <label class="check"><input type="checkbox" prop:checked=is_on on:change=switch />"These keys work"</label>
            <button type="button" class="small" popovertarget="keys" popovertargetaction="hide">"Close"</button>
        </div>
    }
}

/// Whether a dialog is open, whose keys are its own.
fn has_dialog() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some())
}

fn focus_reset() {
    let button = document().query_selector("button[aria-label=Reset]").ok().flatten();
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        // It fails on a page that is being closed.
        let _ = button.focus();
    }
}

fn listen(list_button: NodeRef<html::Button>, is_on: RwSignal<bool>) {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let listener = window_event_listener(ev::keydown, move |event| {
        let is_modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if is_modified || event.default_prevented() || has_dialog() || !is_on.get_untracked() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let focus = target.map_or(Focus::Elsewhere, |target| Focus::on(&target.tag_name()));
        let Some(shortcut) = shortcut(&meaning(&event.key(), &event.code()), focus) else { return };
        event.prevent_default();
        let is_active = state.phase.get_untracked().is_active();
        match shortcut {
            // A key that is held down repeats. Only steps may repeat.
            _ if event.repeat() && shortcut != Shortcut::Step => {}
            Shortcut::Toggle if is_active => supervisor.pause(),
            Shortcut::Toggle => supervisor.train(),
            Shortcut::Step => supervisor.step(),
            // What was trained is not lost by a key alone.
            Shortcut::Reset if state.steps.get_untracked() > 0 || is_active => focus_reset(),
            Shortcut::Reset => supervisor.reset(),
            Shortcut::Share => address::share(state, supervisor),
            Shortcut::Keys => {
                if let Some(button) = list_button.get_untracked() {
                    button.click();
                }
            }
        }
    });
    on_cleanup(move || listener.remove());
}
