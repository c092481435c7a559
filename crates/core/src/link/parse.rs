//! Reads links.

use super::{
    Link, LinkError, MAX_BYTES, Part, VERSION,
    fragment::{self, Pair},
};
use crate::{
    data::Recipe,
    engine::EngineChoice,
    lesson::is_name,
    math::{MOST_IN_CODE, read_decimals},
    model::{Loss, ModelError, ModelSpec},
    plane::{Axes, Path, Plotted},
    settings::{Field, MOST_STEPS, SettingError, number},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What is escaped in the address of a model.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/').remove(b':');

impl Link {
    /// Reads a fragment, with or without `#`: the link, and a sentence for each part of it that is left out.
    ///
    /// Escapes are decoded, however often they were escaped on the way. What linkifiers and trackers add is ignored.
    pub fn parse(fragment: &str) -> (Self, Vec<LinkError>) {
        let mut link = Self::default();
        if fragment.len() > MAX_BYTES {
            return (link, vec![LinkError::TooLong]);
        }
        let is_first = |pair: &Pair| Field::from_key(&pair.key).is_some_and(Field::is_first);
        let (first, others): (Vec<_>, Vec<_>) = fragment::pairs(fragment).into_iter().partition(is_first);
        let pairs = first.iter().chain(&others);
        let mut problems: Vec<_> = pairs.filter_map(|pair| link.take(pair).err()).collect();
        problems.extend(link.fit_loss());
        problems.extend(link.fit_model());
        problems.extend(link.fit_step());
        problems.extend(link.fit_view());
        problems.extend(link.fit_path());
        (link, problems)
    }

    fn take(&mut self, Pair { key, value, escaped }: &Pair) -> Result<(), LinkError> {
        let wrong = |key, expected| LinkError::Value { key, text: short(value), expected };
        match key.as_str() {
            "v" if value == VERSION => {}
            "v" => return Err(wrong("v", "a version that this page knows: it is read as version 1")),
            "engine" => {
                let engine = EngineChoice::from_name(value);
                self.engine = engine.ok_or_else(|| wrong("engine", "auto, cpu, webgpu or burn"))?;
            }
            "step" => {
                self.step = Some(number("step", value, 1..=MOST_STEPS)?);
            }
            "z" => {
                self.view.code = Some(
                    numbers(value).ok_or_else(|| wrong("z", "the numbers of a code, such as 0.5,-1.2"))?,
                )
            }
            // Its numbers are cut into codes when their length is known.
            "path" => {
                let anchors =
                    numbers(value).ok_or_else(|| wrong("path", "the numbers of two to eight codes"))?;
                self.view.path.anchors = vec![anchors];
            }
            "loop" => self.view.path.is_closed = switch(value).ok_or_else(|| wrong("loop", "0 or 1"))?,
            "axes" => {
                self.view.axes =
                    Some(axes(value).ok_or_else(|| wrong("axes", "two numbers of the code, such as 1,2"))?)
            }
            "digits" => {
                let plotted = Plotted::ALL.into_iter().find(|plotted| plotted.name() == value);
                self.view.plotted = plotted.ok_or_else(|| wrong("digits", "sample, test or training"))?;
            }
            "map" => self.view.shows_map = switch(value).ok_or_else(|| wrong("map", "0 or 1"))?,
            "prior" => self.view.shows_prior = switch(value).ok_or_else(|| wrong("prior", "0 or 1"))?,
            "recipe" => {
                let recipe = Recipe::parse(value, self.settings.data.shape());
                self.recipe = Some(recipe.ok_or_else(|| wrong("recipe", "a way, a percentage and a seed"))?);
            }
            "hide" => {
                let part = |name: &str| Part::ALL.into_iter().find(|part| part.name() == name.trim());
                let parts: Option<Vec<_>> = value.split(',').map(part).collect();
                self.hidden = parts.ok_or_else(|| wrong("hide", "names of parts of the page"))?;
            }
            "model" => {
                let expected = "a path or an https address of a .safetensors file";
                self.model = Some(model_address(escaped).ok_or_else(|| wrong("model", expected))?);
            }
            "lesson" => {
                let lesson = is_name(value).then(|| value.clone());
                self.lesson = Some(lesson.ok_or_else(|| wrong("lesson", "the name of a lesson"))?);
            }
            _ => {
                let field = Field::from_key(key).ok_or_else(|| LinkError::Unknown(short(key)))?;
                self.settings.set(field, value)?;
            }
        }
        Ok(())
    }

    /// Takes the default loss where the model's output cannot have the link's.
    fn fit_loss(&mut self) -> Option<LinkError> {
        let error = self.settings.check().err()?;
        matches!(error, SettingError::Model(ModelError::LossNeedsSigmoid { .. })).then(|| {
            self.settings.model.loss = Loss::default();
            error.into()
        })
    }

    /// Takes the default model where the link's is beyond all limits.
    fn fit_model(&mut self) -> Option<LinkError> {
        let error = self.settings.check().err()?;
        self.settings.model = ModelSpec { input: self.settings.data.shape(), ..ModelSpec::default() };
        Some(error.into())
    }

    /// Leaves out a step behind the end of the run.
    fn fit_step(&mut self) -> Option<LinkError> {
        let step = self.step?;
        let error = number("step", &step.to_string(), 1..=self.settings.steps()).err()?;
        self.step = None;
        Some(error.into())
    }

    /// Leaves out a point or axes that do not fit the network's code.
    fn fit_view(&mut self) -> Option<LinkError> {
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

    /// Cuts the numbers of the path into codes, or leaves it out where these do not fit the network's.
    fn fit_path(&mut self) -> Option<LinkError> {
        let units = self.settings.model.latent_units();
        let Path { anchors, is_closed } = std::mem::take(&mut self.view.path);
        let numbers = anchors.into_iter().next()?;
        let path = Path::from_numbers(&numbers, units, is_closed);
        let expected = "as long as the network's code, or one of up to eight";
        let problem = || LinkError::Value { key: "path", text: "an anchor".into(), expected };
        let error = path.is_none().then(problem);
        self.view.path = path.unwrap_or_default();
        error
    }
}

/// The address of a model, if it may be one. Such an address is long at most a quarter of a link, and has no character
/// that could end it there or mean something to a reader: it is escaped again as it was.
fn model_address(text: &str) -> Option<String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%:".contains(&byte));
    let decoded: Vec<u8> = percent_decode_str(text).collect();
    let is_path = !decoded.contains(&b':') && !decoded.starts_with(b"//");
    let is_sound = is_plain && decoded.ends_with(b".safetensors");
    let address = percent_encode(&decoded, ESCAPED).to_string();
    let is_short = address.len() <= MAX_BYTES / 4;
    (is_sound && is_short && (is_path || decoded.starts_with(b"https://"))).then_some(address)
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn switch(text: &str) -> Option<bool> {
    match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}

/// Numbers of a code, each finite and within what a trained network makes.
fn numbers(text: &str) -> Option<Vec<f32>> {
    read_decimals(text).filter(|numbers| numbers.iter().all(|number| number.abs() <= MOST_IN_CODE))
}

/// Two numbers of a code, 1 being the first.
fn axes(text: &str) -> Option<Axes> {
    let (right, up) = text.split_once(',')?;
    let unit = |text: &str| text.trim().parse::<usize>().ok()?.checked_sub(1);
    Some(Axes { right: unit(right)?, up: Some(unit(up)?) })
}
