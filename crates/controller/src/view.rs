//! What the page shows of the run.

use latent_core::{
    engine::{Engine, EngineChoice},
    link::Link,
    settings::Settings,
};
use latent_protocol::{Download, Phase};

/// The engine at work, or chosen to be.
#[derive(Clone, Debug, PartialEq)]
pub struct EngineInUse {
    /// Which one.
    pub engine: Engine,
    /// Why this one, in a sentence.
    pub reason: String,
    /// What to do for a GPU, where there is none.
    pub advice: Option<&'static str>,
    /// The device, once the engine has told: the GPU's name.
    pub device: String,
    /// How many workers train.
    pub workers: usize,
}

impl EngineInUse {
    /// An engine that has not told of its device.
    pub(crate) fn new(engine: Engine, reason: String) -> Self {
        Self { engine, reason, advice: None, device: String::new(), workers: 1 }
    }
}

/// A model that a link brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Where it lies: a path from the page, or an https address.
    pub address: String,
    /// The person agreed to it; otherwise they are still to be asked.
    pub is_open: bool,
}

/// The step of the run that the link is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replay {
    /// How many steps are to be trained.
    pub steps: u64,
    /// About how long that takes on this device, if a benchmark has told. In seconds.
    pub seconds: Option<f64>,
}

/// A run whose plane stands beside that of the run under way.
#[derive(Clone, Debug, PartialEq)]
pub struct PinnedRun {
    /// Its number, which it keeps.
    pub run: u32,
    /// Its settings.
    pub settings: Settings,
    /// The steps that it was trained.
    pub steps: u64,
}

/// What an earlier visit has saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resumable {
    /// The epoch that was under way, 1 is the first.
    pub epoch: u64,
}

/// The run as the page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunView {
    /// The settings of the form. Learning rates and epochs are those of the run, unless a model was chosen for the next run,
    /// which brings its learning rate.
    pub settings: Settings,
    /// The settings that the run under way was started with, learning rates and epochs as they are now.
    pub run_settings: Settings,
    /// The engine that the person asks for.
    pub engine_choice: EngineChoice,
    /// The engine that the page takes; `None` until the adapter is known.
    pub engine: Option<EngineInUse>,
    /// What the trainer is doing.
    pub phase: Phase,
    /// Steps done.
    pub steps: u64,
    /// Steps of the newest checkpoint of this run.
    pub checkpoint_steps: Option<u64>,
    /// Steps of the checkpoint that the browser has saved last.
    pub saved_steps: Option<u64>,
    /// What an earlier visit has saved, until the person answers the offer to go on with it.
    pub resumable: Option<Resumable>,
    /// The last step's training loss.
    pub loss: Option<f32>,
    /// The last epoch's validation loss.
    pub validation_loss: Option<f32>,
    /// Training speed over the last seconds; `None` while not training.
    pub steps_per_second: Option<f64>,
    /// How much of the data has arrived.
    pub download: Download,
    /// Bytes of the engine that have arrived, and that are to come (0: unknown), while it loads.
    pub engine_bytes: Option<(usize, usize)>,
    /// A newer release of the page is there.
    pub release_waits: bool,
    /// The pretrained decoder is shown, and not the network of the run.
    pub is_pretrained: bool,
    /// The steps of the moments of the run that can be looked at, ascending.
    pub moments: Vec<u64>,
    /// The step that is looked at, if that is not the newest one.
    pub looked_at: Option<u64>,
    /// The model that the link brings, until another run begins.
    pub linked: Option<Linked>,
    /// The name of a file whose model may take the place of the trained one, if the person says so.
    pub offered: Option<String>,
    /// The step that the link is about, until the person answers the offer to replay the training up to there.
    pub replay: Option<Replay>,
    /// The step to which the run is being replayed.
    pub replays_to: Option<u64>,
    /// Whether the run began with its seed, so that its settings alone lead to its weights.
    pub is_from_seed: bool,
    /// Numbers of the earlier runs that can be opened again.
    pub earlier_runs: Vec<u32>,
    /// The number of the run that *Undo* opens.
    pub undo_to: Option<u32>,
    /// The run that gave way to a lesson, until it is opened again or not wanted any more.
    pub before_lesson: Option<u32>,
    /// The pinned run.
    pub pinned: Option<PinnedRun>,
    /// The number of the run under way, which it keeps: 1 is the first of this visit. One that was never trained leaves its
    /// number to the next.
    pub run: u32,
    /// What the person should read, the newest last.
    pub notices: Vec<String>,
}

impl RunView {
    /// The page as its link says, before anything has happened.
    pub(crate) fn new(link: &Link, notices: Vec<String>) -> Self {
        Self {
            settings: link.settings.clone(),
            run_settings: link.settings.clone(),
            engine_choice: link.engine,
            engine: None,
            phase: Phase::Idle,
            steps: 0,
            checkpoint_steps: None,
            saved_steps: None,
            resumable: None,
            loss: None,
            validation_loss: None,
            steps_per_second: None,
            download: Download::default(),
            engine_bytes: None,
            release_waits: false,
            is_pretrained: false,
            moments: Vec::new(),
            looked_at: None,
            linked: link.model.clone().map(|address| Linked { address, is_open: false }),
            offered: None,
            replay: link.step.map(|steps| Replay { steps, seconds: None }),
            replays_to: None,
            is_from_seed: true,
            earlier_runs: Vec::new(),
            undo_to: None,
            before_lesson: None,
            pinned: None,
            run: 1,
            notices,
        }
    }

    /// Whether nothing has been trained, nor is about to be.
    pub fn is_fresh(&self) -> bool {
        self.steps == 0 && !self.phase.is_active()
    }

    /// Whether all epochs that are planned are trained.
    pub fn is_over(&self) -> bool {
        self.steps >= self.run_settings.steps()
    }
}
