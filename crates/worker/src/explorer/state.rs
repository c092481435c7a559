//! The state of an explorer.

use super::{
    code_decoding::CodeDecoding, encoding::Encoding, evaluation::Evaluation, grid_decoding::GridDecoding,
    images::Sets, networks::Networks, parked::Parked, reports::Reports, timeline::Timeline,
};
use latent_core::{
    data::{DatasetId, Images},
    plane::{Grid, Plotted},
};
use latent_cpu::Inference;
use latent_protocol::{ExplorerEvent, Snapshot, TraceRequest};

/// An explorer's session. `N` are its networks. `Emit` sends an event to the page. `Ask` has a [`Request`](super::Request)
/// answered.
pub struct Explorer<N, Emit, Ask> {
    pub(super) reports: Reports<Emit>,
    pub(super) ask: Ask,
    pub(super) networks: Networks<N>,
    /// A snapshot of a run that the page has not shown yet.
    pub(super) early: Option<Snapshot>,
    /// What is kept of the run.
    pub(super) timeline: Timeline,
    /// What is kept of the runs before.
    pub(super) parked: Parked,
    /// The steps of its moments that the page has.
    pub(super) reported_moments: Vec<u64>,
    pub(super) sets: Sets,
    pub(super) plotted: Plotted,
    /// The code to decode.
    pub(super) code: Vec<f32>,
    /// The plotted images to reconstruct.
    pub(super) followed: Vec<u32>,
    /// The plotted images whose values the page asks for.
    pub(super) listed: Vec<u32>,
    /// The image that the person has drawn: a set of one.
    pub(super) drawing: Option<Images>,
    pub(super) grid: Option<Grid>,
    /// The codes of the path to decode: `[codes, units]`.
    pub(super) path: Vec<f32>,
    /// The page asks for the error of each plotted image.
    pub(super) measures_errors: bool,
    /// What the page traces of the network.
    pub(super) trace: Option<TraceRequest>,
    pub(super) due: Due,
    /// The labels that the page has.
    pub(super) reported_labels: Vec<u8>,
    pub(super) grid_decoding: Option<GridDecoding<N>>,
    pub(super) path_decoding: Option<CodeDecoding<N>>,
    pub(super) encoding: Option<Encoding<N>>,
    /// The encoding with the newest network while an earlier one is explored.
    pub(super) recording: Option<Encoding<N>>,
    /// The encoding of a moment that the page asks for.
    pub(super) recalling: Option<Encoding<N>>,
    pub(super) evaluation: Option<Evaluation<N>>,
}

/// What has to be computed again because something that it depends on has changed.
#[derive(Clone, Copy, Default)]
pub(super) struct Due {
    pub(super) image: bool,
    pub(super) pairs: bool,
    pub(super) grid: bool,
    pub(super) path: bool,
    pub(super) trace: bool,
    pub(super) codes: bool,
    pub(super) drawing: bool,
    /// The newest network has no moment yet, while an earlier one is explored.
    pub(super) moment: bool,
    /// It depends on the images alone.
    pub(super) listed: bool,
}

impl Due {
    /// Notes that everything depends on the network, which has changed.
    pub(super) fn of_network(&mut self) {
        let &mut Self { moment, listed, .. } = self;
        let all = true;
        *self = Self {
            image: all,
            pairs: all,
            grid: all,
            path: all,
            trace: all,
            codes: all,
            drawing: all,
            moment,
            listed,
        };
    }
}

impl<N: Inference, Emit: Fn(ExplorerEvent), Ask> Explorer<N, Emit, Ask> {
    /// An explorer of networks on this data set, that explores nothing yet.
    pub fn new(dataset: DatasetId, emit: Emit, ask: Ask) -> Self {
        Self {
            reports: Reports::new(emit),
            ask,
            networks: Networks::default(),
            early: None,
            timeline: Timeline::default(),
            parked: Parked::default(),
            reported_moments: Vec::new(),
            sets: Sets::new(dataset),
            plotted: Plotted::default(),
            code: Vec::new(),
            followed: Vec::new(),
            listed: Vec::new(),
            drawing: None,
            grid: None,
            path: Vec::new(),
            measures_errors: false,
            trace: None,
            due: Due::default(),
            reported_labels: Vec::new(),
            grid_decoding: None,
            path_decoding: None,
            encoding: None,
            recording: None,
            recalling: None,
            evaluation: None,
        }
    }

    /// Drops the work that is under way.
    pub(super) fn drop_tasks(&mut self) {
        (self.grid_decoding, self.path_decoding) = (None, None);
        (self.encoding, self.evaluation) = (None, None);
        (self.recording, self.recalling) = (None, None);
    }
}
