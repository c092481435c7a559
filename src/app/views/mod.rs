//! The views, one file a panel. They read the state and call the supervisor, and hold no state of the run.
#![expect(
    unreachable_pub,
    reason = "leptos' component macro generates `pub` items for components of any visibility"
)]

mod announcer;
mod article;
mod bar;
mod canvas;
mod chart;
mod class_name;
mod code;
mod copy_button;
mod decoded_image;
mod diagram;
mod dialog;
mod draw;
mod embed;
mod erased;
mod frames;
mod image_canvas;
mod image_pair;
mod images;
mod keyboard_shortcuts;
mod layout;
mod lazy;
mod lesson;
mod markup;
mod messages;
mod model;
mod morph;
mod pace;
mod plane;
mod predictions;
mod replaying;
mod run_state;
mod runs;
mod screen;
mod settings;
mod status;
mod structure;
mod tabs;
mod time;
mod visibility;

use crate::app::{address, state::State};
use latent_core::link::Part;
use layout::Layout;
use lazy::{Lazy, LazyView, LazyViews};
use leptos::prelude::*;
use pace::Pace;
use screen::Screen;

/// The whole page. The header is in index.html, so that it is shown before this program runs.
#[component]
pub(super) fn Page() -> impl IntoView {
    if let Some(placeholder) = document().get_element_by_id("boot") {
        placeholder.remove();
    }
    let state = expect_context::<State>();
    provide_context(Screen::observed());
    provide_context(Pace::of(state));
    provide_context(Layout::of_window(state));
    provide_context(LazyViews::of(state));
    let is_comparing = Signal::derive(move || state.comparison.pinned.with(Option::is_some));
    let [controls, chart, settings, article] =
        [Part::Controls, Part::Chart, Part::Settings, Part::Article].map(|part| state.shows(part));
    view! {
        <bar::Bar />
        <main>
            <lesson::LessonPanel />
            <messages::Questions />
            {controls.then(|| view! { <status::Status /> })}
            <div class="workbench" class:without-chart=!chart class:without-settings=!settings class:comparing=is_comparing>
                {settings.then(|| view! { <settings::Form /> })}
                <plane::Plane />
                <Lazy view=LazyView::Pinned when=is_comparing />
                <decoded_image::DecodedImage />
                {chart.then(|| view! { <chart::ChartPanel /> })}
            </div>
            <div class="tab-row">
                <tabs::TabList />
                <messages::Offers />
            </div>
            <tabs::Panels />
        </main>
        {article.then(|| view! { <Lazy view=LazyView::Article unasked=true /> })}
        {state.hidden.with_value(|hidden| !hidden.is_empty()).then(|| view! {
            <p class="way-out"><a href=move || address::whole_page(state) target="_blank">"Open the full page"</a></p>
        })}
        <images::ImagesDialog />
        <lesson::LessonList />
        <announcer::Announcer />
        <run_state::RunState />
    }
}
