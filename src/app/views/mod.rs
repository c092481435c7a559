//! One file a panel. Views hold no logic of the run: they read the state and call the supervisor.
#![expect(
    unreachable_pub,
    reason = "what leptos' component macro makes of a component is `pub`, whatever it says"
)]

mod about;
mod canvas;
mod chart;
mod controls;
mod digit;
mod model;
mod notices;
mod picture;
mod plane;
mod predictions;
mod run_state;
mod settings;
mod status;
mod update;

use canvas::Screen;
use leptos::prelude::*;

/// Everything below the page's header, which is in index.html so that it is there before this program is.
#[component]
pub(super) fn Page() -> impl IntoView {
    if let Some(placeholder) = document().get_element_by_id("boot") {
        placeholder.remove();
    }
    provide_context(Screen::watched());
    view! {
        <main>
            <update::Update />
            <notices::Notices />
            <section class="panel controls" aria-label="Training">
                <controls::Controls />
                <status::Status />
            </section>
            <div class="workbench">
                <plane::Plane />
                <digit::Digit />
                <chart::Chart />
            </div>
            <settings::Form />
            <predictions::Predictions />
            <model::Model />
        </main>
        <about::About />
        <run_state::RunState />
    }
}
