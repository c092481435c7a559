//! The page's theme: the system's, or the user's choice, which is stored on this device.

use super::memory;
use leptos::prelude::*;

/// The key under which the choice is stored.
const KEY: &str = "theme";
/// The id of the dark theme's style sheet. In index.html it applies where the system's theme is dark.
const DARK_SHEET: &str = "dark-theme";

/// A theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Theme {
    /// The system's.
    #[default]
    System,
    /// Dark text on a light background.
    Light,
    /// Light text on a dark background.
    Dark,
}

impl Theme {
    /// Every theme, in the order in which the button takes them.
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The theme's name.
    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The next theme, the first behind the last.
    pub(super) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// The theme of that name, if there is one.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// The theme that was chosen on this device.
    pub(super) fn remembered() -> Self {
        memory::recall(KEY).and_then(|name| Self::from_name(&name)).unwrap_or_default()
    }

    /// Applies the theme and stores the choice.
    pub(super) fn apply(self) {
        let media = match self {
            Self::System => "(prefers-color-scheme: dark)",
            Self::Light => "not all",
            Self::Dark => "all",
        };
        if let Some(sheet) = document().get_element_by_id(DARK_SHEET) {
            // Setting a valid attribute name does not fail.
            let _ = sheet.set_attribute("media", media);
        }
        memory::remember(KEY, self.name());
    }
}
