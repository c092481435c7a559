//! The state of a session.

use super::input::{EngineSetup, Output};
use latent_core::{
    data::{DatasetId, Images, Split},
    training::{
        Trainer,
        history::History,
        run::{Dataset, Run},
    },
};
use latent_protocol::{Download, Phase};
use web_time::Instant;

/// How far the session goes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Nothing,
    /// One more step, after the validation of the epoch before if that is due.
    OneStep,
    /// So many steps of the run.
    Until(u64),
    /// The validation that this step has made due, if it has.
    ValidationAfterStep,
    End,
}

/// The run under way.
pub(super) struct Current<T> {
    /// The run's number.
    pub(super) number: u32,
    pub(super) run: Run<T>,
    pub(super) history: History,
    /// Steps done at the last checkpoint.
    pub(super) checkpoint_steps: u64,
    /// No checkpoint can be made of it, which was reported.
    pub(super) has_no_checkpoint: bool,
}

/// A trainer's session. `Emit` takes what it gives out.
pub struct Session<T: Trainer, Emit> {
    pub(super) emit: Emit,
    pub(super) engine: EngineSetup<T::Context>,
    pub(super) current: Option<Current<T>>,
    /// The number of the run that was started last.
    pub(super) number: u32,
    pub(super) phase: Phase,
    pub(super) goal: Goal,
    /// Nothing can be done before an input arrives.
    pub(super) is_waiting: bool,
    /// The first step compiles kernels, and has not been done.
    pub(super) is_compiling: bool,
    /// Why no more images arrive, until the loader goes on.
    pub(super) load_failure: Option<String>,
    pub(super) data: Dataset,
    pub(super) download: Download,
    /// The page is visible.
    pub(super) is_watched: bool,
    /// An explorer takes the snapshots.
    pub(super) has_explorer: bool,
    pub(super) snapshot_at: Instant,
    /// When the last snapshot at the end of an epoch was made.
    pub(super) end_at: Option<Instant>,
    pub(super) checkpoint_at: Instant,
    /// How many workers were reported last.
    pub(super) workers: usize,
}

impl<T: Trainer, Emit: Fn(Output)> Session<T, Emit> {
    /// A session without a run, for runs on this data set.
    pub fn new(dataset: DatasetId, engine: EngineSetup<T::Context>, emit: Emit) -> Self {
        let [training, test] = [Split::Training, Split::Test].map(|set| dataset.images(set));
        let images = |count| {
            let mut images = Images::new(dataset.shape());
            images.reserve(count);
            images
        };
        Self {
            emit,
            is_compiling: engine.compiles,
            engine,
            current: None,
            number: 0,
            phase: Phase::Idle,
            goal: Goal::Nothing,
            is_waiting: false,
            load_failure: None,
            data: Dataset { training: images(training), test: images(test), test_images: test },
            download: Download { of_images: training + test, ..Download::default() },
            is_watched: true,
            has_explorer: false,
            snapshot_at: Instant::now(),
            end_at: None,
            checkpoint_at: Instant::now(),
            workers: 1,
        }
    }
}
