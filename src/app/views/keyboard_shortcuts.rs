//! Handles the keyboard shortcuts and shows the list of them.

use crate::{
    app::{address, state::State, supervisor::Supervisor},
    display::keyboard_shortcuts::{Focus, KEYS, Shortcut, shortcut},
};
use leptos::{ev, html, prelude::*};
use web_sys::{Element, wasm_bindgen::JsCast};

/// The button that shows the list, and the list. The shortcuts work while this component is mounted.
#[component]
pub(super) fn KeyboardShortcuts() -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    listen(button);
    let rows = KEYS.map(|(key, effect)| {
        view! { <div><dt><kbd>{key}</kbd></dt><dd>{effect}</dd></div> }
    });
    view! {
        <button node_ref=button type="button" class="small" popovertarget="keys" title="Keyboard shortcuts: ?">"Keys"</button>
        <div id="keys" popover role="dialog" aria-labelledby="keys-title">
            <h2 id="keys-title">"Keys"</h2>
            <dl>{rows}</dl>
            <button type="button" class="small" popovertarget="keys" popovertargetaction="hide">"Close"</button>
        </div>
    }
}

fn listen(list_button: NodeRef<html::Button>) {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let focus = target.map_or(Focus::Elsewhere, |target| Focus::on(&target.tag_name()));
        let Some(shortcut) = shortcut(&event.key(), focus) else { return };
        event.prevent_default();
        let is_active = state.phase.get_untracked().is_active();
        match shortcut {
            // A key that is held down repeats. Only steps may repeat.
            _ if event.repeat() && shortcut != Shortcut::Step => {}
            Shortcut::Toggle if is_active => supervisor.pause(),
            Shortcut::Toggle => supervisor.train(),
            Shortcut::Step => supervisor.step(),
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
