//! The screen: its theme's colours and font, and when they or its resolution change.

use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::CssStyleDeclaration;

thread_local! {
    /// The theme since the last change.
    static CURRENT: RefCell<Option<Theme>> = const { RefCell::new(None) };
}

/// Notifies when the theme or the screen's resolution may have changed, so that every canvas has to be redrawn.
#[derive(Clone, Copy)]
pub(super) struct Screen(RwSignal<()>);

impl Screen {
    /// Observes the screen until the page is closed.
    pub(super) fn observed() -> Self {
        let screen = Self(RwSignal::new(()));
        // Zooming the page, or moving the window to another screen, fires `resize` too.
        let _ = window_event_listener(leptos::ev::resize, move |_| screen.redraw_all());
        if let Ok(Some(dark)) = window().match_media("(prefers-color-scheme: dark)") {
            let listener = Closure::<dyn Fn()>::new(move || screen.redraw_all()).into_js_value();
            dark.set_onchange(listener.dyn_ref());
            // A browser may collect a media query list without references, and its listener with it.
            std::mem::forget(dark);
        }
        screen
    }

    /// Has every canvas redrawn.
    pub(super) fn redraw_all(&self) {
        CURRENT.take();
        self.0.set(());
    }

    /// Makes the calling effect run again at each change.
    pub(super) fn track(&self) {
        self.0.track();
    }
}

/// The theme's colours and font: the current custom properties of style/theme.css. Each is read once, because the browser may
/// have to compute styles for it.
#[derive(Clone)]
pub(super) struct Theme(Rc<Properties>);

struct Properties {
    style: Option<CssStyleDeclaration>,
    /// Names and values.
    read: RefCell<Vec<(String, String)>>,
}

impl Theme {
    pub(super) fn now() -> Self {
        CURRENT.with_borrow_mut(|current| current.get_or_insert_with(Self::computed).clone())
    }

    fn computed() -> Self {
        let root = document().document_element();
        let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
        Self(Rc::new(Properties { style, read: RefCell::default() }))
    }

    /// The value of `--name`.
    pub(super) fn get(&self, name: &str) -> String {
        let mut read = self.0.read.borrow_mut();
        if let Some((_, value)) = read.iter().find(|(known, _)| known == name) {
            return value.clone();
        }
        let value =
            self.0.style.as_ref().and_then(|style| style.get_property_value(&format!("--{name}")).ok());
        let value = value.unwrap_or_default().trim().to_owned();
        read.push((name.to_owned(), value.clone()));
        value
    }

    /// The colour `--name`, written `#rrggbb`, as red, green and blue.
    pub(super) fn rgb(&self, name: &str) -> [u8; 3] {
        let text = self.get(name);
        [1, 3, 5]
            .map(|at| text.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(128))
    }
}
