//! The theme: the system's, or the one that the person chose, remembered on this device.

use super::memory;
use leptos::prelude::*;

/// Where the choice is kept.
const KEY: &str = "theme";
/// The style sheet of the dark theme, which index.html lets apply where the system is dark.
const DARK_SHEET: &str = "dark-theme";

/// Which theme the page has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Theme {
    /// The system's.
    #[default]
    System,
    /// Dark ink on light ground.
    Light,
    /// Light ink on dark ground.
    Dark,
}

impl Theme {
    /// Every choice, in the order of a menu.
    pub(super) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The choice's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice of that name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// What was chosen on this device.
    pub(super) fn remembered() -> Self {
        memory::recall(KEY).and_then(|name| Self::from_name(&name)).unwrap_or_default()
    }

    /// Applies the theme and remembers it.
    pub(super) fn apply(self) {
        let media = match self {
            Self::System => "(prefers-color-scheme: dark)",
            Self::Light => "not all",
            Self::Dark => "all",
        };
        if let Some(sheet) = document().get_element_by_id(DARK_SHEET) {
            // An attribute of an element that is there can be set.
            let _ = sheet.set_attribute("media", media);
        }
        memory::remember(KEY, self.name());
    }
}
