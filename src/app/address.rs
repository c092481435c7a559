//! The page's address: it always says how to come back to what the page shows, and can be given to others.

use super::{clipboard, lessons::Lessons, state::State, supervisor::Supervisor};
use crate::display::embed_text::LACKS_NETWORK;
use js_sys::Promise;
use latent_controller::own_images::{missing_images, replace_missing_images};
use latent_core::link::Link;
use leptos::{ev, prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = history, js_name = replaceState, catch)]
    fn replace_state(state: &JsValue, unused: &str, url: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = navigator, js_name = share, catch)]
    fn share_sheet(what: &JsValue) -> Result<Promise, JsValue>;
}

/// Browsers refuse an address that changes more than some hundred times in half a minute.
const SETTLES: Duration = Duration::from_millis(400);

/// Keeps the address up to date from now on, and goes by it when somebody else changes it.
pub(super) fn follow(state: State, supervisor: Supervisor, lessons: Lessons) {
    let is_due = StoredValue::new(false);
    Effect::new(move |before: Option<Link>| {
        let link = state.link();
        if before.is_some_and(|before| before != link) && !is_due.get_value() {
            is_due.set_value(true);
            set_timeout(
                move || {
                    is_due.set_value(false);
                    // An address that can't be written costs the link, which Share then shows to be copied.
                    let _ = replace_state(&JsValue::NULL, "", &of(&untrack(|| state.link())));
                },
                SETTLES,
            );
        }
        link
    });
    let listener = window_event_listener(ev::hashchange, move |_| open(state, supervisor, lessons));
    on_cleanup(move || listener.remove());
}

/// Goes by the link that somebody has put into the address.
fn open(state: State, supervisor: Supervisor, lessons: Lessons) {
    let (mut link, problems) = Link::parse(&window().location().hash().unwrap_or_default());
    if link.hidden != state.hidden.get_value() {
        // Parts of the page are left out when it is built.
        return drop(window().location().reload());
    }
    let own: Vec<_> = state.own_images.with_untracked(|sets| sets.iter().map(|images| images.set).collect());
    let missing = replace_missing_images(&mut link, &own);
    state.missing_images.set(missing);
    match &link.lesson {
        Some(lesson) => lessons.open_named(lesson),
        None => {
            lessons.close();
            supervisor.open_link(&link);
        }
    }
    let sentences = problems.iter().map(ToString::to_string).chain(missing.map(missing_images));
    sentences.for_each(|sentence| supervisor.notify(sentence));
}

/// The address of a link.
pub(super) fn of(link: &Link) -> String {
    let location = window().location();
    let page = |part: Result<String, JsValue>| part.unwrap_or_default();
    let base = format!("{}{}{}", page(location.origin()), page(location.pathname()), page(location.search()));
    match link.to_fragment() {
        fragment if fragment.is_empty() => base,
        fragment => format!("{base}#{fragment}"),
    }
}

/// The address of the whole page, where a link has left parts out.
pub(super) fn whole_page(state: State) -> String {
    of(&Link { hidden: Vec::new(), ..state.link() })
}

/// Gives the link away: by the system's share sheet where fingers rule, else to the clipboard, else to be copied.
pub(super) fn share(state: State, supervisor: Supervisor) {
    let link = untrack(|| state.link_to_share());
    if untrack(|| state.lacks_network(&link)) {
        supervisor.notify(LACKS_NETWORK.into());
    }
    let address = of(&link);
    spawn_local(async move {
        if has_share_sheet() && offer(&address).await {
            return;
        }
        let copied = clipboard::copy(&address).await;
        supervisor.shared(address, &link, copied);
    });
}

/// Whether the system has a sheet to share by, and the page is on a device whose people expect it.
fn has_share_sheet() -> bool {
    let can_share = js_sys::Reflect::has(&window().navigator(), &"share".into()).unwrap_or(false);
    let by_finger = window().match_media("(pointer: coarse)").ok().flatten();
    can_share && by_finger.is_some_and(|by_finger| by_finger.matches())
}

/// Whether the sheet was shown; the person may have closed it again, which is an answer too.
async fn offer(address: &str) -> bool {
    let what = js_sys::Object::new();
    for (key, value) in [("title", "Latent Playground"), ("url", address)] {
        if js_sys::Reflect::set(&what, &key.into(), &value.into()).is_err() {
            return false;
        }
    }
    match share_sheet(&what) {
        Ok(promise) => match JsFuture::from(promise).await {
            Ok(_) => true,
            Err(error) => js_sys::Reflect::get(&error, &"name".into()).is_ok_and(|name| name == "AbortError"),
        },
        Err(_) => false,
    }
}
