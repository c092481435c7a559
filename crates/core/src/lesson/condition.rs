//! What a step of a lesson asks for, as something that the page can tell.

use super::walk::Seen;
use crate::{
    data::DatasetId,
    math::read_decimal,
    model::{
        Corruption, LayerSpec,
        presets::{self, Preset},
    },
};

/// Something that holds of the page, or not.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `drag 3 8`: the point went from the images of one class to those of another.
    Drag {
        /// The class whose images it is near first.
        from: u8,
        /// The class whose images it is near then.
        to: u8,
    },
    /// `code = 8`, `rate >= 0.01`, `loss <= 0.05`: a number of the run.
    Number(Measure, Comparison, f32),
    /// `model Denoising`: the run has the model of the menu with this name.
    Model(&'static Preset),
    /// `data mnist`: the run's data set.
    Data(DatasetId),
    /// `tab runs`: this tab was chosen.
    Tab(String),
    /// `only 1`: the images of one class are shown alone.
    Only(u8),
    /// `shows errors`: the plane shows something that it does not always show.
    Shows(Extra),
    /// `drawn`: an image was drawn.
    Drawn,
    /// `looked`: the person has said, by *Next*, that they have looked. All other conditions hold by then.
    Looked,
    /// `diverged`: the training failed, or its loss is no number.
    Diverged,
}

/// A number of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Numbers in a code.
    Code,
    /// Hidden layers of the encoder, but for dropout.
    Layers,
    /// Convolutions of the encoder.
    Convolutions,
    /// Rows and columns of a kernel of the first convolution.
    Kernel,
    /// Parameters of the model.
    Parameters,
    /// The weight of the divergence.
    Beta,
    /// The strength of the corruption.
    Noise,
    /// The learning rate.
    Rate,
    /// Images in a step.
    Batch,
    /// Steps that were trained.
    Steps,
    /// The last step's loss. Greater than any number where it is none.
    Loss,
}

/// How a number is compared with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is the same.
    Equal,
    /// It is the same or more.
    AtLeast,
    /// It is the same or less.
    AtMost,
}

/// What the plane shows if the person asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// Dots coloured by error.
    Errors,
    /// Contours of classes.
    Contours,
    /// Circles of the prior.
    Prior,
    /// Decoded images behind the dots.
    Manifold,
    /// The weights of a layer, in the diagram.
    Weights,
}

impl Measure {
    const ALL: [(&'static str, Self); 11] = [
        ("code", Self::Code),
        ("layers", Self::Layers),
        ("convolutions", Self::Convolutions),
        ("kernel", Self::Kernel),
        ("parameters", Self::Parameters),
        ("beta", Self::Beta),
        ("noise", Self::Noise),
        ("rate", Self::Rate),
        ("batch", Self::Batch),
        ("steps", Self::Steps),
        ("loss", Self::Loss),
    ];

    /// The number, if the run has it.
    fn of(self, seen: &Seen<'_>) -> Option<f32> {
        let model = &seen.settings.model;
        let convolutions = || {
            model.encoder.iter().filter_map(|layer| match layer {
                LayerSpec::Conv2d { kernel, .. } => Some(*kernel),
                _ => None,
            })
        };
        let is_layer = |layer: &&LayerSpec| !matches!(layer, LayerSpec::Dropout { .. });
        Some(match self {
            Self::Code => model.latent_units() as f32,
            Self::Layers => model.encoder.iter().filter(is_layer).count() as f32,
            Self::Convolutions => convolutions().count() as f32,
            Self::Kernel => convolutions().next()? as f32,
            Self::Parameters => model.parameters() as f32,
            Self::Beta => model.is_variational().then(|| model.beta())?,
            Self::Noise => match model.corruption {
                Corruption::None => 0.0,
                Corruption::Gaussian { deviation: strength } | Corruption::Masking { fraction: strength } => {
                    strength
                }
            },
            Self::Rate => seen.settings.learning_rates.after(seen.steps),
            Self::Batch => seen.settings.batch as f32,
            Self::Steps => seen.steps as f32,
            Self::Loss => seen.loss.map(|loss| if loss.is_finite() { loss } else { f32::INFINITY })?,
        })
    }
}

impl Extra {
    /// Each of them with its name.
    pub const ALL: [(&'static str, Self); 5] = [
        ("errors", Self::Errors),
        ("contours", Self::Contours),
        ("prior", Self::Prior),
        ("manifold", Self::Manifold),
        ("weights", Self::Weights),
    ];

    /// The one of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        named(&Self::ALL, name)
    }
}

impl Condition {
    /// Reads a condition; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<_> = text.split_whitespace().collect();
        let (first, rest) = words.split_first()?;
        Some(match (*first, rest) {
            ("drag", [from, to]) => Self::Drag { from: class(from)?, to: class(to)? },
            ("only", [of]) => Self::Only(class(of)?),
            ("tab", [tab]) => Self::Tab((*tab).to_owned()),
            ("data", [data]) => Self::Data(DatasetId::from_name(data)?),
            ("shows", [extra]) => Self::Shows(Extra::named(extra)?),
            ("drawn", []) => Self::Drawn,
            ("looked", []) => Self::Looked,
            ("diverged", []) => Self::Diverged,
            ("model", [_, ..]) => {
                let name = rest.join(" ");
                Self::Model(presets::ALL.iter().find(|preset| preset.name == name)?)
            }
            (measure, [comparison, number]) => {
                let comparison = match *comparison {
                    "=" => Comparison::Equal,
                    ">=" => Comparison::AtLeast,
                    "<=" => Comparison::AtMost,
                    _ => return None,
                };
                Self::Number(named(&Measure::ALL, measure)?, comparison, read_decimal(number)?)
            }
            _ => return None,
        })
    }

    /// Whether it holds now. Of a drag, whether the point is where it ends.
    pub fn holds(&self, seen: &Seen<'_>) -> bool {
        match self {
            Self::Drag { to, .. } => seen.near == Some(*to),
            Self::Number(measure, comparison, number) => {
                measure.of(seen).is_some_and(|value| match comparison {
                    Comparison::Equal => value == *number,
                    Comparison::AtLeast => value >= *number,
                    Comparison::AtMost => value <= *number,
                })
            }
            Self::Model(preset) => presets::of(&seen.settings.model) == Some(preset),
            Self::Data(data) => seen.settings.data == *data,
            Self::Tab(tab) => seen.tab == tab,
            Self::Only(class) => seen.only == Some(*class),
            Self::Shows(extra) => seen.extras.contains(extra),
            Self::Drawn => seen.has_drawing,
            // The walk asks the person.
            Self::Looked => true,
            Self::Diverged => seen.has_failed || seen.loss.is_some_and(|loss| !loss.is_finite()),
        }
    }
}

fn named<T: Copy>(all: &[(&str, T)], name: &str) -> Option<T> {
    all.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn class(text: &str) -> Option<u8> {
    text.parse().ok()
}
