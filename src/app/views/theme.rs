//! The menu of themes.

use super::canvas::Screen;
use crate::app::theme::Theme;
use leptos::{ev, prelude::*};

/// The menu: the system's theme, light or dark.
#[component]
pub(super) fn ThemeMenu() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let chosen = RwSignal::new(Theme::remembered());
    chosen.get_untracked().apply();
    let take = move |event: ev::Event| {
        if let Some(theme) = Theme::from_name(&event_target_value(&event)) {
            theme.apply();
            chosen.set(theme);
            // The style sheet takes effect by the next frame. Canvases read their colours from it.
            request_animation_frame(move || screen.redraw_all());
        }
    };
    let options = Theme::ALL.map(|theme| {
        let label = match theme {
            Theme::System => "System theme",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        };
        view! { <option value=theme.name() prop:selected=move || chosen.get() == theme>{label}</option> }
    });
    view! {
        <label for="theme" class="visually-hidden">"Theme"</label>
        <select id="theme" class="small" on:change=take>{options}</select>
    }
}
