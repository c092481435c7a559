//! What the page executes for the controller, in the order given.

use crate::{SavedRecord, WorkerId};
use latent_core::{
    data::{DatasetId, OwnSet},
    engine::{Engine, Program},
    settings::Settings,
    training::{LossParts, StepLosses, history::History},
};
use latent_protocol::{ExplorerCommand, ExplorerEvent, Role, TrainerCommand};
use std::sync::Arc;

/// Something for the page to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Spawns a worker of this program that works on this data set. If the browser refuses, the page reports
    /// [`WorkerFailure::NotSpawned`](crate::WorkerFailure::NotSpawned).
    Spawn(WorkerId, Program, Role, DatasetId),
    /// Sends a command to a trainer.
    Send(WorkerId, TrainerCommand),
    /// Sends a command to an explorer.
    SendExplorer(WorkerId, ExplorerCommand),
    /// Has snapshots pass from the trainer to the explorer, without the page.
    Connect {
        /// The trainer.
        trainer: WorkerId,
        /// The explorer.
        explorer: WorkerId,
    },
    /// Ends a worker.
    End(WorkerId),
    /// Asks the browser for its GPU adapter.
    AskAdapter,
    /// Loads the checkpoint that an earlier visit has saved.
    LoadCheckpoint,
    /// Saves a checkpoint of so many steps in the browser.
    SaveCheckpoint(u64, Arc<Vec<u8>>, SavedRecord),
    /// Remembers the benchmark results on this device.
    RememberBenchmarks(String),
    /// Offers a model as a download.
    OfferModel(Arc<Vec<u8>>),
    /// Fetches the model at this address.
    FetchModel(String),
    /// Asks the server whether it has another release by now, because this worker could not be loaded.
    CheckServer(WorkerId),
    /// Reloads the page in the hope of another release, once in this tab.
    ReloadOnce(WorkerId),
    /// Has everything stored that training with this program on this data set takes, for use without a network.
    StoreProgram(Program, DatasetId),
    /// Has the page stored for use without a network, with the images that are seen first of this data set, and looks out for
    /// newer releases.
    StorePage(DatasetId),
    /// Keeps the curve of the run with this number, which ends, for comparison, with its settings and the name of the file that
    /// it began with.
    ArchiveRun(u32, Settings, Option<Engine>, Option<String>),
    /// Drops the curve of this run, which is opened again.
    UnarchiveRun(u32),
    /// Changes the losses that the page holds.
    History(HistoryChange),
    /// Shows what the explorer answered.
    Explored(ExplorerEvent),
    /// Shows what the explorer of the pinned run answered.
    ExploredPinned(ExplorerEvent),
    /// Drops what was measured over whole sets.
    ForgetMeasures,
    /// Drops the images and codes that are shown: those to come are of another data set.
    ForgetImages,
    /// Makes code and axes fit the latent units of the run's model.
    FitCode,
    /// A model or a saved run is of these images of the person's own, which the browser does not have.
    MissImages(OwnSet),
    /// Plots the sample of images that the pretrained decoder knows.
    PlotSample,
}

/// How the losses of the run change.
#[derive(Clone, Debug, PartialEq)]
pub enum HistoryChange {
    /// Another run begins with these.
    Replaced(Box<History>),
    /// Steps were trained.
    Trained(StepLosses),
    /// An epoch was validated, to this loss with these parts.
    Validated(f32, Option<LossParts>),
    /// The run goes back to this step.
    CutTo(u64),
    /// Another worker goes on from here.
    Interrupted,
}
