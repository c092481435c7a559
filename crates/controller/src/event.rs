//! What happens to the page: the person acts, workers answer, the browser reports.

use crate::engine_selection::Adapter;
use latent_core::{data::OwnSet, engine::EngineChoice, link::Link, model::presets::Preset, settings::Field};
use latent_protocol::{ExplorerCommand, ExplorerEvent, TrainerEvent};
use std::sync::Arc;

/// Names a worker for as long as the page is open: no number is given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkerId(pub u32);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The person did something.
    User(Action),
    /// A worker reported something. Reports of workers that were ended are ignored.
    Worker(WorkerId, WorkerEvent),
    /// The browser answered [`Effect::AskAdapter`](crate::Effect::AskAdapter).
    Adapter(Adapter),
    /// A second has passed.
    Tick,
    /// The page is hidden, or shown again.
    Hidden(bool),
    /// The browser answered [`Effect::LoadCheckpoint`](crate::Effect::LoadCheckpoint).
    CheckpointLoaded(Option<SavedRun>),
    /// The browser answered [`Effect::SaveCheckpoint`](crate::Effect::SaveCheckpoint) for these steps.
    CheckpointSaved(u64, Result<(), NotSaved>),
    /// The server answered [`Effect::FetchModel`](crate::Effect::FetchModel), or why not, in part of a sentence.
    ModelFetched(String, Result<Vec<u8>, String>),
    /// The server answered [`Effect::CheckServer`](crate::Effect::CheckServer): whether it has another release.
    ServerChecked(WorkerId, bool),
    /// [`Effect::ReloadOnce`](crate::Effect::ReloadOnce) was refused: this tab has reloaded before.
    ReloadRefused(WorkerId),
    /// The browser keeps these sets of the person's own images.
    OwnSets(Vec<OwnSet>),
    /// A newer release has been fetched.
    ReleaseWaits,
}

/// What a person can do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Trains, or goes on.
    Train,
    /// Trains one step, then pauses.
    Step,
    /// Stops after the steps in flight.
    Pause,
    /// Plans so many epochs more, and trains them if all others are done.
    Extend(u32),
    /// Begins a new run with the settings of the form.
    Reset,
    /// Opens the run before the one under way. Another one opens the run before that.
    Undo,
    /// Opens the earlier run with this number again.
    OpenRun(u32),
    /// A lesson begins: the run under way is kept until it is opened again, or is not wanted any more.
    BeginLesson,
    /// Opens the run that gave way to a lesson again, or keeps it no longer than others.
    LeaveLesson {
        /// The run is opened.
        returns: bool,
    },
    /// Drops all earlier runs.
    ForgetEarlierRuns,
    /// Sets a field of the form from a text that [`Settings::set`](latent_core::settings::Settings::set) takes.
    Edit(Field, String),
    /// Takes a preset's model, and the batch size and the learning rate that go with it.
    ChooseModel(&'static Preset),
    /// Gives up the changes of the form.
    RevertEdits,
    /// Chooses an engine.
    ChooseEngine(EngineChoice),
    /// Goes on with the run that an earlier visit has saved.
    Resume,
    /// Leaves that run where it is.
    DeclineResume,
    /// Asks for the model as a file.
    SaveModel,
    /// Opens the model in a file of this name.
    OpenModel(String, Vec<u8>),
    /// Opens the file that the person was asked about.
    AcceptOffered,
    /// Leaves it.
    DeclineOffered,
    /// Replays the run up to the step that the link is about.
    Replay,
    /// Leaves the run at its beginning.
    DeclineReplay,
    /// Goes by another link.
    OpenLink(Box<Link>),
    /// Loads the model that the link brings.
    AcceptLinked,
    /// Leaves it.
    DeclineLinked,
    /// Asks something of the explorer. [`ExplorerCommand::Show`] is not for the person: the controller sends it.
    Explore(ExplorerCommand),
    /// Has the plane show the network of an earlier step, or the newest one again.
    LookBack(Option<u64>),
    /// Shows the plane of the run with this number beside the one of the run under way; none takes it away.
    Pin(Option<u32>),
    /// Asks something of the explorer of the pinned run, if there is one.
    ExplorePinned(ExplorerCommand),
    /// Has a sentence shown.
    Notify(String),
    /// Takes the notice at this position away.
    Dismiss(usize),
}

/// What a worker reports.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkerEvent {
    /// Bytes of its program have arrived, of so many (0: the server didn't tell).
    Loading(usize, usize),
    /// A trainer's event.
    Trainer(TrainerEvent),
    /// An explorer's event.
    Explorer(ExplorerEvent),
    /// It is of no use any more.
    Failed(WorkerFailure),
}

/// How a worker came to be of no use. Reasons are parts of sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkerFailure {
    /// The page is where it cannot have workers: a whole sentence.
    NotHere(String),
    /// The browser could not start it.
    NotSpawned(String),
    /// It is of another release than the page.
    OtherRelease,
    /// Its script or its program could not be loaded.
    Missing(String),
    /// It died.
    Died(String),
}

/// A run that an earlier visit has saved in the browser.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedRun {
    /// What stands beside the file.
    pub record: SavedRecord,
    /// The checkpoint's file.
    pub file: Arc<Vec<u8>>,
}

/// What stands beside a checkpoint that the browser has saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedRecord {
    /// The epoch under way when it was made, 1 is the first.
    pub epoch: u64,
    /// The name of the choice of engine.
    pub engine: String,
}

/// Why the browser did not save a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// Another tab saves its own.
    OtherTab,
    /// The browser saves nothing here; why, in part of a sentence.
    Refused(String),
}
