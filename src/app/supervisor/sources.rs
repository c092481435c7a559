//! What happens without the person: time passes, the page is hidden, another release arrives.

use super::Supervisor;
use crate::app::{own_images, release};
use latent_controller::Event;
use leptos::{ev, leptos_dom::helpers::set_interval, prelude::*, task::spawn_local};
use std::time::Duration;

impl Supervisor {
    /// Passes on from now on what happens without the person.
    pub(super) fn watch(&self) {
        let supervisor = *self;
        spawn_local(async move { supervisor.list_own_images().await });
        set_interval(move || supervisor.handle(Event::Tick), Duration::from_secs(1));
        release::when_one_waits(move || supervisor.handle(Event::ReleaseWaits));
        let hidden = window_event_listener(ev::Custom::new("visibilitychange"), move |_: web_sys::Event| {
            supervisor.handle(Event::Hidden(document().hidden()));
        });
        on_cleanup(move || hidden.remove());
    }

    /// Looks which sets of the person's own images the browser keeps.
    pub async fn list_own_images(&self) {
        let own = own_images::list().await;
        let sets = own.iter().map(|images| images.set).collect();
        self.state.own_images.set(own);
        self.handle(Event::OwnSets(sets));
    }
}
