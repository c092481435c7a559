//! What happens without the person: time passes, the page is hidden, another release arrives.

use super::Supervisor;
use crate::app::release;
use latent_controller::Event;
use leptos::{ev, leptos_dom::helpers::set_interval, prelude::*};
use std::time::Duration;

impl Supervisor {
    /// Passes on from now on what happens without the person.
    pub(super) fn watch(&self) {
        let supervisor = *self;
        set_interval(move || supervisor.handle(Event::Tick), Duration::from_secs(1));
        release::when_one_waits(move || supervisor.handle(Event::ReleaseWaits));
        let hidden = window_event_listener(ev::Custom::new("visibilitychange"), move |_: web_sys::Event| {
            supervisor.handle(Event::Hidden(document().hidden()));
        });
        on_cleanup(move || hidden.remove());
    }
}
