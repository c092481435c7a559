//! The views, one file a panel. They read the state and call the supervisor, and hold no state of the run.
#![expect(
    unreachable_pub,
    reason = "leptos' component macro generates `pub` items for components of any visibility"
)]

mod announcer;
mod article;
mod canvas;
mod chart;
mod class_name;
mod controls;
mod decoded_image;
mod image_canvas;
mod image_pair;
mod images;
mod keyboard_shortcuts;
mod linked_model;
mod model;
mod notices;
mod plane;
mod predictions;
mod resume;
mod run_state;
mod settings;
mod share;
mod status;
mod theme;
mod update;
mod visibility;

use crate::app::{address, state::State};
use canvas::Screen;
use latent_core::link::Part;
use leptos::prelude::*;

/// Everything below the page's header. The header is in index.html, so that it is shown before this program runs.
#[component]
pub(super) fn Page() -> impl IntoView {
    if let Some(placeholder) = document().get_element_by_id("boot") {
        placeholder.remove();
    }
    provide_context(Screen::observed());
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
                    <keyboard_shortcuts::KeyboardShortcuts />
                    <theme::ThemeMenu />
                </div>
            })}
            <update::Update />
            <notices::Notices />
            <linked_model::LinkedModel />
            <resume::Resume />
            {shows(Part::Controls).then(|| view! {
                <section class="panel controls" aria-label="Training">
                    <controls::Controls />
                    <status::Status />
                </section>
            })}
            <div class="workbench" class:without-chart=!shows(Part::Chart)>
                <plane::Plane />
                <decoded_image::DecodedImage />
                {shows(Part::Chart).then(|| view! { <chart::Chart /> })}
            </div>
            {shows(Part::Settings).then(|| view! { <settings::Form /> })}
            {shows(Part::Predictions).then(|| view! { <predictions::Predictions /> })}
            {shows(Part::Model).then(|| view! { <model::Model /> })}
        </main>
        {shows(Part::Article).then(|| view! { <article::Article /> })}
        {state.hidden.with_value(|hidden| !hidden.is_empty()).then(|| view! {
            <p class="way-out"><a href=move || address::whole_page(state) target="_blank">"Open the full page"</a></p>
        })}
        <images::ImagesDialog />
        <announcer::Announcer />
        <run_state::RunState />
    }
}
