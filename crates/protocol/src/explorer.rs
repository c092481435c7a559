//! Messages between the page and the explorer.

use latent_core::{
    data::Split,
    model::ModelSpec,
    plane::{Grid, Plotted},
    trace::Tiles,
    weights::{Weights, floats},
};
use serde::{Deserialize, Serialize};

/// What the page asks of an explorer. Every command is followed by at least one [`ExplorerEvent`], and while the explorer
/// computes there is one at least every second: an explorer that is silent for longer hangs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExplorerCommand {
    /// Explores the network of this run from now on.
    Show {
        /// The run's number. Work that is under way for another run is dropped.
        run: u32,
        /// The run's model.
        model: ModelSpec,
        /// The network's weights. `None` takes the initial ones of the seed.
        weights: Option<Weights>,
        /// The run's seed.
        seed: u64,
        /// Steps that the weights were trained.
        steps: u64,
        /// Steps of an epoch: moments at the end of one are kept before others.
        steps_per_epoch: u64,
        /// The number that the run had when it was explored before, if it is opened again: its moments come back.
        again: Option<u32>,
    },
    /// Explores the pretrained decoder from now on. It has the codes of the sample, and no encoder.
    ShowPretrained,
    /// Decodes this code, now and whenever the network changes.
    Decode(Vec<f32>),
    /// Encodes these images, now and whenever the network changes.
    Plot(Plotted),
    /// Reconstructs these of the plotted images, now and whenever the network changes.
    Follow(Vec<u32>),
    /// Decodes the codes of this grid, now and whenever the network changes. `None` stops it.
    Map(Option<Grid>),
    /// Reports what the layers give, now and whenever the network changes. `None` stops it.
    Trace(Option<TraceRequest>),
    /// Decodes these codes, `[codes, units]`, now and whenever the network changes. None stops it.
    Path(#[serde(with = "floats")] Vec<f32>),
    /// Measures the error of the network, as it is now, over both whole sets.
    Measure,
    /// Measures the error of each plotted image with its code from now on, or no more.
    Errors(bool),
    /// Reports the values of these of the plotted images, now and when more images arrive.
    List(Vec<u32>),
    /// Encodes this image, `[height, width, channels]`, and decodes its code, now and whenever the network changes. `None` stops
    /// it.
    Draw(#[serde(with = "serde_bytes")] Option<Vec<u8>>),
    /// Explores the network that the run had at the moment nearest to this step, until another command says otherwise. `None`
    /// explores the newest one again.
    LookBack(Option<u64>),
    /// Reports the codes of the plotted images at the moment of this step.
    Recall(u64),
    /// Takes the snapshots of a trainer from now on, on the port that comes with this message. It replaces the port
    /// before.
    ConnectTrainer,
}

/// What is traced of a network. The decoder's layers are those for the code that is decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceRequest {
    /// The plotted image for which the encoder's layers are traced.
    pub image: Option<u32>,
    /// The layer whose weights are looked at, an index of [`ModelSpec::layers`].
    pub weights_of: Option<u32>,
}

/// An image and its reconstruction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The image's index in its set.
    pub image: u32,
    /// Its label, 0 to 9, if that is there.
    pub label: Option<u8>,
    /// The image's values, 0 is black, if they are there: the pretrained decoder has the codes of images before the images
    /// arrive.
    #[serde(with = "serde_bytes")]
    pub original: Option<Vec<u8>>,
    /// The image as a denoising model reads it. None where the model corrupts nothing.
    #[serde(with = "serde_bytes")]
    pub corrupted: Option<Vec<u8>>,
    /// The reconstruction, from the mean of the code of the image, or of the corrupted one.
    #[serde(with = "serde_bytes")]
    pub copy: Vec<u8>,
    /// The distribution of the image's code. None where codes are points.
    pub distribution: Option<CodeDistribution>,
}

/// The normal distribution from which a variational model draws an image's code; its units are independent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodeDistribution {
    /// The mean of each unit.
    #[serde(with = "floats")]
    pub mean: Vec<f32>,
    /// The logarithm of each unit's variance.
    #[serde(with = "floats")]
    pub log_variance: Vec<f32>,
}

impl CodeDistribution {
    /// The standard deviation of a unit, √variance; 0 where there is none.
    pub fn deviation(&self, unit: usize) -> f32 {
        self.log_variance.get(unit).map_or(0.0, |log_variance| (log_variance / 2.0).exp())
    }
}

/// What an explorer reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExplorerEvent {
    /// The worker listens. It is sent once, after the greeting.
    Ready,
    /// The worker runs, and has nothing else to report.
    Alive,
    /// The labels of the plotted images. The codes that follow are theirs.
    Labels(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The codes of the plotted images, `[images, units]`: of those that have arrived.
    Codes {
        /// Numbers in a code.
        units: usize,
        /// Steps that the network had been trained.
        steps: u64,
        /// The codes.
        #[serde(with = "floats")]
        codes: Vec<f32>,
        /// The mean squared error of what the network makes of each code, of those images that have arrived. Empty unless the
        /// page asks for errors.
        #[serde(with = "floats")]
        errors: Vec<f32>,
    },
    /// The steps of the moments that are kept of the run, ascending. They have changed.
    Moments(Vec<u64>),
    /// The codes of the plotted images at a moment: `[images, units]`. None if it was dropped.
    Recalled {
        /// Its step.
        steps: u64,
        /// Numbers in a code.
        units: usize,
        /// The codes.
        #[serde(with = "floats")]
        codes: Vec<f32>,
    },
    /// A decoded code.
    Decoded {
        /// The code.
        code: Vec<f32>,
        /// The image's values, 0 is black: `[height, width, channels]`.
        #[serde(with = "serde_bytes")]
        image: Vec<u8>,
    },
    /// The followed images that have arrived.
    Pairs(Vec<Pair>),
    /// The listed images that have arrived.
    Listed {
        /// Their indices in the plotted set.
        images: Vec<u32>,
        /// Their values: `[images, height, width, channels]`.
        #[serde(with = "serde_bytes")]
        values: Vec<u8>,
    },
    /// The drawn image was encoded.
    Drawn {
        /// Steps that the network had been trained.
        steps: u64,
        /// Its code.
        #[serde(with = "floats")]
        code: Vec<f32>,
        /// What the network makes of that, as bytes.
        #[serde(with = "serde_bytes")]
        copy: Vec<u8>,
    },
    /// A decoded grid.
    Mapped {
        /// The grid.
        grid: Grid,
        /// The image of each code, 0 is black: `[codes, height, width, channels]`.
        #[serde(with = "serde_bytes")]
        images: Vec<u8>,
    },
    /// What the layers give.
    Traced {
        /// What passes through the network ([`rows`](latent_core::trace::rows)).
        rows: Vec<Option<Tiles>>,
        /// The weights of the layer that is looked at ([`weight_tiles`](latent_core::trace::weight_tiles)).
        weights: Option<Tiles>,
    },
    /// A decoded path.
    Path {
        /// Its codes, `[codes, units]`.
        #[serde(with = "floats")]
        codes: Vec<f32>,
        /// The image of each code, 0 is black: `[codes, height, width, channels]`.
        #[serde(with = "serde_bytes")]
        images: Vec<u8>,
    },
    /// The loss over a whole set was measured.
    Measured {
        /// Steps that the network had been trained.
        steps: u64,
        /// The set.
        set: Split,
        /// The model's loss over its images.
        loss: f64,
    },
    /// The pretrained decoder could not be loaded, and why, in a sentence: another network has to be shown.
    NoPretrained(String),
    /// Something went wrong, in a sentence.
    Failed(String),
}
