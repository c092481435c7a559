//! One file a panel. Views hold no logic of the run: they read the state and call the supervisor.
#![expect(
    unreachable_pub,
    reason = "what leptos' component macro makes of a component is `pub`, whatever it says"
)]

mod about;
mod announcer;
mod canvas;
mod chart;
mod controls;
mod digit;
mod keys;
mod linked;
mod model;
mod notices;
mod picture;
mod plane;
mod predictions;
mod resume;
mod run_state;
mod settings;
mod share;
mod sight;
mod status;
mod theme;
mod update;

use crate::app::{address, state::State};
use canvas::Screen;
use latent_core::link::Part;
use leptos::prelude::*;

/// Everything below the page's header, which is in index.html so that it is there before this program is.
#[component]
pub(super) fn Page() -> impl IntoView {
    if let Some(placeholder) = document().get_element_by_id("boot") {
        placeholder.remove();
    }
    provide_context(Screen::watched());
    let state = expect_context::<State>();
    let shows = move |part: Part| !state.hidden.with_value(|hidden| hidden.contains(&part));
    if !shows(Part::Header)
        && let Ok(Some(header)) = document().query_selector(".masthead")
    {
        header.remove();
    }
    view! {
        <main>
            {shows(Part::Header).then(|| view! {
                <div class="page-tools">
                    <share::Share />
                    <keys::Keys />
                    <theme::Choice />
                </div>
            })}
            <update::Update />
            <notices::Notices />
            <linked::LinkedModel />
            <resume::Resume />
            {shows(Part::Controls).then(|| view! {
                <section class="panel controls" aria-label="Training">
                    <controls::Controls />
                    <status::Status />
                </section>
            })}
            <div class="workbench" class:without-chart=!shows(Part::Chart)>
                <plane::Plane />
                <digit::Digit />
                {shows(Part::Chart).then(|| view! { <chart::Chart /> })}
            </div>
            {shows(Part::Settings).then(|| view! { <settings::Form /> })}
            {shows(Part::Predictions).then(|| view! { <predictions::Predictions /> })}
            {shows(Part::Model).then(|| view! { <model::Model /> })}
        </main>
        {shows(Part::Article).then(|| view! { <about::About /> })}
        {state.hidden.with_value(|hidden| !hidden.is_empty()).then(|| view! {
            <p class="way-out"><a href=move || address::whole_page(state) target="_blank">"Open the full page"</a></p>
        })}
        <announcer::Announcer />
        <run_state::RunState />
    }
}
