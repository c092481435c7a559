//! What of the page is in sight: which tab is chosen, and whether the window is wide enough for the workbench's columns.

use crate::app::state::State;
use latent_core::link::Part;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};

/// Where the columns stand side by side. The style sheet has the same width.
const IS_WIDE: &str = "(min-width: 60rem)";

/// A part of the page that a tab shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    /// The plane and the decoded image. Always in sight in a wide window, as are the next two.
    Explore,
    /// The model and the settings.
    Settings,
    /// The loss chart.
    Loss,
    /// Images beside their reconstructions.
    Reconstructions,
    /// A drawing of the person's own.
    Draw,
    /// The images along a path through codes. On a phone it stands above the plane, whose anchors are dragged.
    Morph,
    /// Classes that are confused, hard images, errors.
    Structure,
    /// Earlier runs.
    Runs,
    /// The tables of the layers.
    Layers,
    /// Saving and opening files.
    Files,
}

impl Tab {
    const ALL: [Self; 10] = [
        Self::Explore,
        Self::Settings,
        Self::Loss,
        Self::Reconstructions,
        Self::Draw,
        Self::Morph,
        Self::Structure,
        Self::Runs,
        Self::Layers,
        Self::Files,
    ];

    /// The tab's name on the page.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Explore => "Explore",
            Self::Settings => "Settings",
            Self::Loss => "Loss",
            Self::Reconstructions => "Reconstructions",
            Self::Draw => "Draw",
            Self::Morph => "Morph",
            Self::Structure => "Mistakes",
            Self::Runs => "Runs",
            Self::Layers => "Layers",
            Self::Files => "Files",
        }
    }

    /// The id of the element that the tab shows.
    pub(super) fn panel(self) -> &'static str {
        match self {
            Self::Explore => "explore",
            Self::Settings => "settings",
            Self::Loss => "loss",
            Self::Reconstructions => "reconstructions",
            Self::Draw => "draw",
            Self::Morph => "morph",
            Self::Structure => "structure",
            Self::Runs => "runs",
            Self::Layers => "layers",
            Self::Files => "files",
        }
    }

    /// Whether it stands in a column of its own in a wide window.
    fn has_column(self) -> bool {
        matches!(self, Self::Explore | Self::Settings | Self::Loss)
    }

    /// The part of a link that leaves it out.
    fn part(self) -> Option<Part> {
        match self {
            Self::Explore => None,
            Self::Settings => Some(Part::Settings),
            Self::Loss | Self::Runs => Some(Part::Chart),
            Self::Reconstructions | Self::Draw | Self::Morph | Self::Structure => Some(Part::Predictions),
            Self::Layers | Self::Files => Some(Part::Model),
        }
    }
}

/// The chosen tab and the window's width.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    state: State,
    chosen: RwSignal<Tab>,
    /// The tab to return to after lessons.
    noted: RwSignal<Tab>,
    is_wide: RwSignal<bool>,
}

impl Layout {
    /// Follows the window's width until the page is closed.
    pub(super) fn of_window(state: State) -> Self {
        let is_wide = RwSignal::new(true);
        if let Ok(Some(query)) = window().match_media(IS_WIDE) {
            is_wide.set(query.matches());
            let of = query.clone();
            let listener = Closure::<dyn Fn()>::new(move || is_wide.set(of.matches())).into_js_value();
            query.set_onchange(listener.dyn_ref());
            // A browser may collect a media query list without references, and its listener with it.
            std::mem::forget(query);
        }
        Self { state, chosen: RwSignal::new(Tab::Explore), noted: RwSignal::new(Tab::Explore), is_wide }
    }

    /// The tabs to choose from.
    pub(super) fn tabs(self) -> Vec<Tab> {
        let is_tab = |tab: &Tab| {
            let is_in_column = self.is_wide.get() && tab.has_column();
            !is_in_column && tab.part().is_none_or(|part| self.state.shows(part))
        };
        Tab::ALL.into_iter().filter(is_tab).collect()
    }

    /// The tab that is shown: the chosen one, or the first if that has a column of its own.
    pub(super) fn shown(self) -> Option<Tab> {
        let (tabs, chosen) = (self.tabs(), self.chosen.get());
        tabs.iter().find(|&&tab| tab == chosen).or(tabs.first()).copied()
    }

    /// Whether the tab's panel is in sight.
    pub(super) fn shows(self, tab: Tab) -> bool {
        let shown = self.shown();
        let is_beside = tab == Tab::Explore && shown == Some(Tab::Morph);
        self.is_wide.get() && tab.has_column() || shown == Some(tab) || is_beside
    }

    /// Whether the columns stand side by side.
    pub(super) fn is_wide(self) -> bool {
        self.is_wide.get_untracked()
    }

    /// The tab that the person chose last.
    pub(super) fn chosen(self) -> Tab {
        self.chosen.get()
    }

    /// Notes the chosen tab.
    pub(super) fn note(self) {
        self.noted.set(self.chosen.get_untracked());
    }

    /// Chooses the tab that was noted.
    pub(super) fn return_to_noted(self) {
        self.choose(self.noted.get_untracked());
    }

    /// Shows the plane, and a tab that hardly any lesson asks for.
    pub(super) fn begin_lesson(self) {
        self.choose(if self.is_wide.get_untracked() { Tab::Draw } else { Tab::Explore });
    }

    /// Chooses a tab.
    pub(super) fn choose(self, tab: Tab) {
        self.chosen.set(tab);
    }
}
