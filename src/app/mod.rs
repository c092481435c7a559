//! The page: one store, one supervisor that writes it, one view a panel.

mod address;
mod analyst;
mod clipboard;
mod comparison;
pub mod exploration;
pub mod exporter;
mod files;
mod importer;
mod lessons;
mod memory;
mod morph;
pub mod own_images;
mod preflight;
mod release;
pub mod state;
mod store;
pub mod supervisor;
mod theme;
mod travel;
mod views;

use analyst::Analyst;
use exporter::Exporter;
use importer::Importer;
use latent_controller::own_images::{missing_images, replace_missing_images};
use latent_core::link::Link;
use leptos::prelude::*;
use lessons::Lessons;
// Leptos has no executor before it is mounted.
use state::State;
use supervisor::Supervisor;
use wasm_bindgen_futures::spawn_local;

/// Shows the page.
pub fn mount() {
    spawn_local(async {
        let fragment = window().location().hash().unwrap_or_default();
        let (mut link, problems) = Link::parse(&fragment);
        // No other link has to wait for the sets.
        let own = if link.settings.data.is_own() { own_images::list().await } else { Vec::new() };
        let sets: Vec<_> = own.iter().map(|images| images.set).collect();
        let missing = replace_missing_images(&mut link, &sets);
        let notices = problems.iter().map(ToString::to_string).chain(missing.map(missing_images)).collect();
        leptos::mount::mount_to_body(move || {
            let state = State::new(link.clone(), own);
            state.missing_images.set(missing);
            let supervisor = Supervisor::new(state, &link, notices);
            provide_context(state);
            provide_context(supervisor);
            provide_context(Exporter::default());
            provide_context(Importer::new(state, supervisor, fragment, link.recipe));
            let lessons = Lessons::new(state, supervisor);
            provide_context(lessons);
            address::follow(state, supervisor, lessons);
            if let Some(lesson) = &link.lesson {
                lessons.open_named(lesson);
            }
            Analyst::follow(state, supervisor);
            travel::follow(state, supervisor);
            view! { <views::Page /> }
        });
    });
}
