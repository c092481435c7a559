//! What a link says, in the URL's fragment: `#v=1&seed=7&hidden=512&lr=0.001&z=0.42,-1.1`. Only what differs from the
//! defaults is written; whatever isn't understood is left at its default and told.

use crate::{
    engine::EngineChoice,
    plane::{Axes, Plotted},
    settings::{Field, SettingError, Settings},
};
use thiserror::Error;

/// The version of links that this program writes.
pub const VERSION: &str = "1";
/// Longer fragments are not read.
pub const MAX_BYTES: usize = 4096;

/// What a link asks for; defaults where it is silent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// The run.
    pub settings: Settings,
    /// The engine.
    pub engine: EngineChoice,
    /// What the plane shows.
    pub view: View,
    /// Parts of the page that are left out, for lessons and for pages within others.
    pub hidden: Vec<Part>,
    /// Where a model lies that the run starts from, if the person agrees: a path from the page, or an https address.
    pub model: Option<String>,
}

/// What the plane shows.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The code whose image is decoded; none leaves it to the page.
    pub code: Option<Vec<f32>>,
    /// Which numbers of the code the plane shows.
    pub axes: Option<Axes>,
    /// Which digits lie on it.
    pub plotted: Plotted,
    /// Whether the manifold lies behind them.
    pub shows_map: bool,
}

impl Default for View {
    fn default() -> Self {
        Self { code: None, axes: None, plotted: Plotted::default(), shows_map: true }
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

/// Why a part of a link is left out.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum LinkError {
    /// More than [`MAX_BYTES`].
    #[error("the link is longer than {MAX_BYTES} bytes and was not read")]
    TooLong,
    /// A name that no setting has.
    #[error("“{0}” is not a setting")]
    Unknown(String),
    /// No value of this key.
    #[error("{key}: “{text}” is not {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What was given, shortened.
        text: String,
        /// What would have been understood.
        expected: &'static str,
    },
    /// A value that is not taken.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

impl Link {
    /// Reads a fragment, with or without `#`.
    pub fn parse(fragment: &str) -> (Self, Vec<LinkError>) {
        let mut link = Self::default();
        if fragment.len() > MAX_BYTES {
            return (link, vec![LinkError::TooLong]);
        }
        let pairs = fragment.trim_start_matches('#').split('&').filter(|pair| !pair.is_empty());
        let mut problems: Vec<_> = pairs.filter_map(|pair| link.take(pair).err()).collect();
        problems.extend(link.suit());
        (link, problems)
    }

    fn take(&mut self, pair: &str) -> Result<(), LinkError> {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        // A comma in a link may have been escaped on its way.
        let value = value.replace("%2C", ",");
        let wrong = |key, expected| LinkError::Value { key, text: short(&value), expected };
        match key {
            "v" if value == VERSION => {}
            "v" => return Err(wrong("v", "a version that this page knows: it is read as version 1")),
            "engine" => {
                let engine = EngineChoice::from_name(&value);
                self.engine = engine.ok_or_else(|| wrong("engine", "auto, cpu or webgpu"))?;
            }
            "z" => self.view.code = Some(numbers(&value).ok_or_else(|| wrong("z", "a point of the plane"))?),
            "axes" => {
                self.view.axes = Some(axes(&value).ok_or_else(|| wrong("axes", "two numbers of the code"))?)
            }
            "digits" => {
                let plotted = Plotted::ALL.into_iter().find(|plotted| plotted.name() == value);
                self.view.plotted = plotted.ok_or_else(|| wrong("digits", "sample, test or training"))?;
            }
            "map" => match value.as_str() {
                "0" => self.view.shows_map = false,
                "1" => self.view.shows_map = true,
                _ => return Err(wrong("map", "0 or 1")),
            },
            "hide" => {
                let part = |name: &str| Part::ALL.into_iter().find(|part| part.name() == name);
                let parts: Option<Vec<_>> = value.split(',').map(part).collect();
                self.hidden = parts.ok_or_else(|| wrong("hide", "names of parts of the page"))?;
            }
            "model" => {
                let expected = "a path or an https address of a .safetensors file";
                self.model = Some(model_address(&value).ok_or_else(|| wrong("model", expected))?);
            }
            _ => {
                let field = Field::from_key(key).ok_or_else(|| LinkError::Unknown(short(key)))?;
                self.settings.set(field, &value)?;
            }
        }
        Ok(())
    }

    /// Leaves out what the network's code has no room for.
    fn suit(&mut self) -> Option<LinkError> {
        let units = self.settings.model.latent_units();
        let fits = self.view.code.as_ref().is_none_or(|code| code.len() == units)
            && self.view.axes.is_none_or(|axes| axes.fit(units));
        if fits {
            return None;
        }
        (self.view.code, self.view.axes) = (None, None);
        let expected = "as long as the network's code";
        Some(LinkError::Value { key: "z", text: "the point".into(), expected })
    }

    /// The fragment that says this and nothing that goes without saying; empty when all is as usual.
    pub fn to_fragment(&self) -> String {
        let usual = Self::default();
        let mut pairs = Vec::new();
        let mut say = |key: &str, value: String| pairs.push(format!("{key}={value}"));
        for field in Field::ALL {
            let value = self.settings.get(field);
            if value != usual.settings.get(field) {
                say(field.key(), value);
            }
        }
        if self.engine != usual.engine {
            say("engine", self.engine.name().into());
        }
        let View { code, axes, plotted, shows_map } = &self.view;
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
        if !self.hidden.is_empty() {
            say("hide", self.hidden.iter().map(|part| part.name()).collect::<Vec<_>>().join(","));
        }
        if let Some(model) = &self.model {
            say("model", model.clone());
        }
        if pairs.is_empty() { String::new() } else { format!("v={VERSION}&{}", pairs.join("&")) }
    }
}

/// A coordinate as links have it: finer than a pixel, no longer than it must be.
fn rounded(number: f32) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// The address of a model, if it may be one. Such an address is long at most a quarter of a link, and has no character
/// that could end it there or mean something to a reader.
fn model_address(text: &str) -> Option<String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%:".contains(&byte));
    let is_path = !text.contains(':') && !text.starts_with("//");
    let is_sound = is_plain && text.len() <= MAX_BYTES / 4 && text.ends_with(".safetensors");
    (is_sound && (is_path || text.starts_with("https://"))).then(|| text.into())
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Numbers of a code, each finite and within what a network in its senses makes.
fn numbers(text: &str) -> Option<Vec<f32>> {
    let number = |text: &str| text.parse::<f32>().ok().filter(|number| number.abs() <= 1e6);
    text.split(',').map(number).collect()
}

/// Two numbers of a code, 1 being the first.
fn axes(text: &str) -> Option<Axes> {
    let (right, up) = text.split_once(',')?;
    let unit = |text: &str| text.parse::<usize>().ok()?.checked_sub(1);
    Some(Axes { right: unit(right)?, up: Some(unit(up)?) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_link_sets_what_it_names_and_nothing_else() {
        let (link, problems) = Link::parse("#engine=cpu&epochs=2&batch=64&lr=0.001&seed=7&shuffle=0");
        assert_eq!(problems, []);
        let settings = Settings {
            epochs: 2,
            batch: 64,
            learning_rate: 0.001,
            seed: 7,
            shuffle: false,
            ..Settings::default()
        };
        assert_eq!(link, Link { settings, engine: EngineChoice::Cpu, ..Link::default() });
        assert_eq!(Link::parse(""), (Link::default(), vec![]));
    }

    #[test]
    fn what_is_not_understood_is_told_and_the_rest_taken() {
        let (link, problems) = Link::parse("#seed=7&lr=fast&engine=tpu&colour=red&batch");
        assert_eq!(link.settings, Settings { seed: 7, ..Settings::default() });
        assert_eq!(problems.len(), 4);
        assert_eq!(problems[1].to_string(), "engine: “tpu” is not auto, cpu or webgpu");
        let long = format!("#seed=7&x={}", "9".repeat(MAX_BYTES));
        assert_eq!(Link::parse(&long), (Link::default(), vec![LinkError::TooLong]));
    }

    #[test]
    fn only_what_differs_is_written() {
        assert_eq!(Link::default().to_fragment(), "");
        let fragment = "v=1&hidden=512&lr=0.001&seed=7&z=0.42,-1.1";
        let (link, problems) = Link::parse(fragment);
        assert_eq!(problems, []);
        assert_eq!(link.view.code, Some(vec![0.42, -1.1]));
        assert_eq!(link.to_fragment(), fragment);
    }

    #[test]
    fn a_point_that_the_code_has_no_room_for_is_told() {
        for link in ["z=1,2,3", "code=1&z=1,2", "axes=1,3", "code=3&axes=2,2"] {
            let (link, problems) = Link::parse(link);
            assert_eq!((link.view.code, link.view.axes), (None, None));
            assert_eq!(problems.len(), 1);
        }
        assert_eq!(Link::parse("z=inf,0").1.len(), 1);
        assert_eq!(Link::parse("axes=0,1").1.len(), 1);
    }

    #[test]
    fn a_model_has_a_path_or_an_https_address() {
        for address in
            ["a.safetensors", "../m/a%20b.safetensors", "/a.safetensors", "https://a.example/b.safetensors"]
        {
            assert_eq!(Link::parse(&format!("model={address}")).0.model.as_deref(), Some(address));
        }
        let refused = [
            "",
            "a.onnx",
            "//a.example/b.safetensors",
            "http://a.example/b.safetensors",
            "data:,a.safetensors",
            "javascript:alert(1)//.safetensors",
            "a b.safetensors",
            "<b>.safetensors",
            "blob:https://a/b.safetensors",
        ];
        for address in refused {
            let (link, problems) = Link::parse(&format!("model={address}"));
            assert_eq!((link.model, problems.len()), (None, 1), "{address}");
        }
    }

    proptest! {
        #[test]
        fn any_link_gives_settings_within_their_limits(fragment in ".*") {
            prop_assert_eq!(Link::parse(&fragment).0.settings.check(), Ok(()));
        }

        #[test]
        fn any_values_of_known_keys_are_taken_or_told(key in 0usize..9, value in "[0-9eE.,+-]*|[a-z]*") {
            let (link, _) = Link::parse(&format!("{}={value}", Field::ALL[key].key()));
            prop_assert_eq!(link.settings.check(), Ok(()));
        }

        #[test]
        fn a_link_reads_back_what_it_says(
            seed: u64, batch in 1usize..4096, units in 2usize..=32, at in -50.0f32..50.0, right in 0usize..2,
            map: bool, plotted in 0usize..3, hidden in proptest::sample::subsequence(Part::ALL.to_vec(), 0..7),
        ) {
            let mut settings = Settings { seed, batch, ..Settings::default() };
            settings.model.latent.units = units;
            let code = (0..units).map(|unit| ((at + unit as f32) * 1e4).round() / 1e4).collect();
            let axes = Some(Axes { right, up: Some(1 - right) }).filter(|axes| axes.right == 1);
            let view = View { code: Some(code), axes, plotted: Plotted::ALL[plotted], shows_map: map };
            let model = map.then(|| "models/seven.safetensors".into());
            let link = Link { settings, engine: EngineChoice::Cpu, view, hidden, model };
            let (read, problems) = Link::parse(&link.to_fragment());
            prop_assert_eq!(problems, []);
            prop_assert_eq!(&read.settings, &link.settings);
            prop_assert_eq!(read.to_fragment(), link.to_fragment());
            prop_assert_eq!((read.view.axes, read.hidden), (link.view.axes, link.hidden));
            prop_assert_eq!(read.model, link.model);
        }
    }
}
