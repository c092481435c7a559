//! Messages between the page and the analysis program, which looks at codes and draws strokes.

use latent_core::{
    data::{DatasetId, ImageShape},
    drawing::Stroke,
    plane::Contour,
    weights::floats,
};
use serde::{Deserialize, Serialize};

/// What the page asks of the analysis program. Each command is followed by one event, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AnalysisCommand {
    /// Finds the class of most of the nearest neighbours of each code.
    Vote {
        /// Numbers in a code.
        units: usize,
        /// The label of each image.
        #[serde(with = "serde_bytes")]
        labels: Vec<u8>,
        /// `[images, units]`.
        #[serde(with = "floats")]
        codes: Vec<f32>,
    },
    /// Finds the contours of classes.
    Contours {
        /// Which classes.
        classes: Vec<u8>,
        /// The label of each image.
        #[serde(with = "serde_bytes")]
        labels: Vec<u8>,
        /// The images on the plane, `[images, 2]`.
        #[serde(with = "floats")]
        points: Vec<f32>,
    },
    /// Draws strokes as an image.
    Draw {
        /// The strokes of the pen.
        strokes: Vec<Stroke>,
        /// Where a drawing lies in its images.
        dataset: DatasetId,
        /// The shape of the image.
        shape: ImageShape,
        /// The pen's colour, which only images in colour show.
        ink: [u8; 3],
    },
}

/// What the analysis program reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AnalysisEvent {
    /// The class of most neighbours of each image, [`NO_CLASS`](latent_core::plane::NO_CLASS) for none.
    Voted(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The contours.
    Contours(Vec<Contour>),
    /// The strokes as an image, `[height, width, channels]`; none where there is no point.
    Drawn(#[serde(with = "serde_bytes")] Option<Vec<u8>>),
}
