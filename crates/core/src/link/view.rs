//! What a link says of the page: what the plane shows, and which parts are left out.

use crate::plane::{Axes, Path, Plotted};

/// What the plane shows.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The code whose image is decoded; none leaves it to the page.
    pub code: Option<Vec<f32>>,
    /// Which numbers of the code the plane shows.
    pub axes: Option<Axes>,
    /// Which images lie on it.
    pub plotted: Plotted,
    /// Whether the manifold lies behind them.
    pub shows_map: bool,
    /// Whether circles show the prior of a variational model.
    pub shows_prior: bool,
    /// The path through codes whose images are a strip and an animation.
    pub path: Path,
}

impl Default for View {
    fn default() -> Self {
        let (plotted, path) = Default::default();
        Self { code: None, axes: None, plotted, shows_map: true, shows_prior: false, path }
    }
}

/// A part of the page that a link can leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The name and what it is.
    Header,
    /// The buttons and readings.
    Controls,
    /// The loss chart.
    Chart,
    /// The settings.
    Settings,
    /// The predictions.
    Predictions,
    /// The model and its files.
    Model,
    /// The article.
    Article,
}

impl Part {
    /// Every part, from the top of the page.
    pub const ALL: [Self; 7] = [
        Self::Header,
        Self::Controls,
        Self::Chart,
        Self::Settings,
        Self::Predictions,
        Self::Model,
        Self::Article,
    ];

    /// The part's name in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Controls => "controls",
            Self::Chart => "chart",
            Self::Settings => "settings",
            Self::Predictions => "predictions",
            Self::Model => "model",
            Self::Article => "article",
        }
    }
}
