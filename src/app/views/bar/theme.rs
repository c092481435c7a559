//! The button that changes the theme.

use super::Icon;
use crate::app::{theme::Theme, views::screen::Screen};
use leptos::prelude::*;

/// The button: each press takes the next of the system's theme, light and dark.
#[component]
pub(super) fn ThemeButton() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let chosen = RwSignal::new(Theme::remembered());
    chosen.get_untracked().apply();
    let take_next = move |_| {
        let theme = chosen.get_untracked().next();
        theme.apply();
        chosen.set(theme);
        // The style sheet takes effect by the next frame. Canvases read their colours from it.
        request_animation_frame(move || screen.redraw_all());
    };
    let label = move || match chosen.get() {
        Theme::System => "Theme: as your system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    let path = Signal::derive(move || match chosen.get() {
        Theme::System => "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 1 1 0 18",
        Theme::Light => {
            "M12 8a4 4 0 1 0 .01 0M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5"
        }
        Theme::Dark => "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.500 10.500z",
    });
    view! {
        <button type="button" class="small square" aria-label=label title=label on:click=take_next><Icon path /></button>
    }
}
