//! What page and explorer tell each other.

use latent_core::{
    data::Split,
    model::ModelSpec,
    plane::{Grid, Plotted},
    weights::{Weights, floats},
};
use serde::{Deserialize, Serialize};

/// What the page asks of an explorer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExplorerCommand {
    /// Explores this network from now on.
    Show {
        /// The network.
        model: ModelSpec,
        /// Its weights; `None` takes the initial ones of the seed.
        weights: Option<Weights>,
        /// The run's seed.
        seed: u64,
        /// Steps that the weights were trained.
        steps: u64,
    },
    /// Explores the pretrained decoder from now on: it has the codes of the sample's digits, and no encoder.
    ShowPretrained,
    /// Decodes the image at this code, now and whenever the network changes.
    Decode(Vec<f32>),
    /// Plots these digits: encodes them, now and whenever the network changes.
    Plot(Plotted),
    /// Takes these of the plotted digits there and back, now and whenever the network changes.
    Follow(Vec<u32>),
    /// Decodes the images at these codes, now and whenever the network changes; none stops it.
    Map(Option<Grid>),
    /// Measures the error of the network as it is now over both whole sets.
    Measure,
}

/// A digit before and after its way through the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Its number in its set.
    pub digit: u32,
    /// Its label, 0 to 9, if that is there.
    pub label: Option<u8>,
    /// 784 shades, 0 is black, if they are there: the pretrained decoder knows codes of digits that are not.
    #[serde(with = "serde_bytes")]
    pub original: Option<Vec<u8>>,
    /// The same as the network draws it.
    #[serde(with = "serde_bytes")]
    pub copy: Vec<u8>,
}

/// What an explorer tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExplorerEvent {
    /// The worker listens; sent once, after the greeting.
    Ready,
    /// The labels of the plotted digits; from here on the codes are theirs.
    Labels(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The plotted digits' codes, `[digits, units]`: of the first ones while others are on their way.
    Codes {
        /// Numbers in a code.
        units: usize,
        /// The codes.
        #[serde(with = "floats")]
        codes: Vec<f32>,
    },
    /// The image at a code.
    Decoded {
        /// The code.
        code: Vec<f32>,
        /// 784 shades, 0 is black.
        #[serde(with = "serde_bytes")]
        image: Vec<u8>,
    },
    /// The followed digits, as far as they are there.
    Pairs(Vec<Pair>),
    /// The images at the codes of a grid.
    Mapped {
        /// The grid.
        grid: Grid,
        /// 784 shades a code, 0 is black: `[codes, 784]`.
        #[serde(with = "serde_bytes")]
        images: Vec<u8>,
    },
    /// The error over a whole set was measured.
    Measured {
        /// Steps that the network had been trained.
        steps: u64,
        /// The set.
        set: Split,
        /// Mean squared error over its images.
        loss: f64,
    },
    /// The pretrained decoder can't be had, and why, in a sentence: another network has to be shown.
    NoPretrained(String),
    /// Something went wrong, in a sentence.
    Failed(String),
}
