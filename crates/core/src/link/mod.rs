//! Links: the URL's fragment, such as `#v=1&seed=7&hidden=512&lr=0.001&z=0.42,-1.1`.
//!
//! Only what differs from the defaults is written. Whatever is not understood is left at its default and reported.

mod error;
mod fragment;
mod parse;
mod view;

pub use error::LinkError;
pub use view::{Part, View};

use crate::{
    data::Recipe,
    engine::EngineChoice,
    plane::Axes,
    settings::{Field, Settings},
};

/// The version of links that this program writes. Keys that were added later have defaults, so it is still the first.
pub const VERSION: &str = "1";
/// Longer fragments are not read.
pub const MAX_BYTES: usize = 4096;

/// What a link asks for; defaults where it is silent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// The run.
    pub settings: Settings,
    /// How pictures became the images of the run, where these are a person's own.
    pub recipe: Option<Recipe>,
    /// The engine.
    pub engine: EngineChoice,
    /// The step of the run that the link is about: whoever opens it can replay the training up to there.
    pub step: Option<u64>,
    /// What the plane shows.
    pub view: View,
    /// Parts of the page that are left out, for lessons and for pages within others.
    pub hidden: Vec<Part>,
    /// Where a model lies that the run starts from, if the person agrees: a path from the page, or an https address.
    pub model: Option<String>,
    /// The name of the lesson that is to be opened. Its scene takes the place of everything else that the link says of the run.
    pub lesson: Option<String>,
}

impl Link {
    /// The fragment that says this and nothing that goes without saying; empty when all is as usual.
    pub fn to_fragment(&self) -> String {
        let usual = Self::default();
        let mut pairs = Vec::new();
        let mut say = |key: &str, value: String| pairs.push(format!("{key}={value}"));
        for field in Field::ALL {
            let field = if field == Field::Hidden { self.settings.encoder_field() } else { field };
            let value = self.settings.get(field);
            if value != usual.settings.get(field) {
                say(field.key(), value);
            }
        }
        if let Some(recipe) = self.recipe.filter(|_| self.settings.data.is_own()) {
            say("recipe", recipe.text());
        }
        if self.engine != usual.engine {
            say("engine", self.engine.name().into());
        }
        if let Some(step) = self.step {
            say("step", step.to_string());
        }
        let View { code, axes, plotted, shows_map, shows_prior, path } = &self.view;
        if let Some(code) = code {
            say("z", code.iter().map(|&number| rounded(number)).collect::<Vec<_>>().join(","));
        }
        if let Some(Axes { right, up: Some(up) }) = axes
            && (*right, *up) != (0, 1)
        {
            say("axes", format!("{},{}", right + 1, up + 1));
        }
        if *plotted != usual.view.plotted {
            say("digits", plotted.name().into());
        }
        if !shows_map {
            say("map", "0".into());
        }
        if *shows_prior {
            say("prior", "1".into());
        }
        if !self.hidden.is_empty() {
            say("hide", self.hidden.iter().map(|part| part.name()).collect::<Vec<_>>().join(","));
        }
        if let Some(model) = &self.model {
            say("model", model.clone());
        }
        if let Some(lesson) = &self.lesson {
            say("lesson", lesson.clone());
        }
        if !path.anchors.is_empty() {
            let numbers: Vec<_> = path.anchors.iter().flatten().map(|&number| rounded(number)).collect();
            let is_loop = if path.is_closed { "&loop=1" } else { "" };
            let path = format!("path={}{is_loop}", numbers.join(","));
            // A link that is too long is not read at all. This takes long codes and many changes of the learning rate.
            let length: usize = pairs.iter().map(|pair| pair.len() + 1).sum();
            if "v=1".len() + length + 1 + path.len() <= MAX_BYTES {
                pairs.push(path);
            }
        }
        if pairs.is_empty() { String::new() } else { format!("v={VERSION}&{}", pairs.join("&")) }
    }
}

/// A coordinate as links have it: finer than a pixel, no longer than it must be.
fn rounded(number: f32) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').into()
}

#[cfg(test)]
mod tests;
