//! The page: one store, one supervisor that writes it, one view a panel.

mod address;
mod files;
mod memory;
mod preflight;
mod release;
pub mod state;
mod store;
pub mod supervisor;
mod theme;
mod views;

use latent_core::link::Link;
use leptos::prelude::*;
use state::State;
use supervisor::Supervisor;

/// Shows the page.
pub fn mount() {
    leptos::mount::mount_to_body(|| {
        let fragment = window().location().hash().unwrap_or_default();
        let (link, problems) = Link::parse(&fragment);
        let notices = problems.iter().map(ToString::to_string).collect();
        let state = State::new(link.clone());
        let supervisor = Supervisor::new(state, &link, notices);
        provide_context(state);
        provide_context(supervisor);
        address::follow(state, supervisor);
        view! { <views::Page /> }
    });
}
