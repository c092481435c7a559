//! The one store: all that the page shows. Views read it; only the [supervisor](super::supervisor) writes it.

use crate::{
    choice::{Engine, EngineChoice},
    plane::{Cloud, Range},
    protocol::{Download, Phase},
    settings::{SIDE, Settings},
    training::history::History,
};
use leptos::prelude::*;

/// Pixels of a decoded digit.
pub type Image = [u8; SIDE * SIDE];

/// The engine at work, or chosen to be.
#[derive(Clone, Debug, PartialEq)]
pub struct EngineInUse {
    /// Which one.
    pub engine: Engine,
    /// Why this one, in a sentence.
    pub reason: String,
    /// The device, once the engine has told: the GPU's name.
    pub device: String,
}

/// The signals of the page. Copy: every view takes it from the context.
#[derive(Clone, Copy)]
pub struct State {
    /// The settings of the run (learning rate and epochs may change while it goes on).
    pub settings: RwSignal<Settings>,
    /// The settings that the run under way was started with, learning rate and epochs as they are now.
    pub run_settings: RwSignal<Settings>,
    /// The engine that the person asks for.
    pub engine_choice: RwSignal<EngineChoice>,
    /// The engine that the page takes; `None` until the adapter has been looked at.
    pub engine: RwSignal<Option<EngineInUse>>,
    /// What the trainer is doing.
    pub phase: RwSignal<Phase>,
    /// Steps done.
    pub steps: RwSignal<u64>,
    /// The last step's training loss.
    pub loss: RwSignal<Option<f32>>,
    /// The last epoch's validation loss.
    pub validation_loss: RwSignal<Option<f32>>,
    /// Training speed over the last seconds; `None` while not training.
    pub steps_per_second: RwSignal<Option<f64>>,
    /// How much of the data has arrived.
    pub download: RwSignal<Download>,
    /// The losses of this run.
    pub history: RwSignal<History>,
    /// The encoded test digits.
    pub cloud: RwSignal<Cloud>,
    /// The visible range of the plane.
    pub range: RwSignal<Range>,
    /// The point on the plane whose digit is shown.
    pub point: RwSignal<[f32; 2]>,
    /// The digit decoded there.
    pub decoded: RwSignal<Option<Image>>,
    /// What the person should read: errors, and parts of a link that were not understood. Newest last.
    pub notices: RwSignal<Vec<String>>,
}

impl State {
    /// The page before anything has happened.
    pub fn new(settings: Settings, engine_choice: EngineChoice, notices: Vec<String>) -> Self {
        Self {
            run_settings: RwSignal::new(settings.clone()),
            settings: RwSignal::new(settings),
            engine_choice: RwSignal::new(engine_choice),
            engine: RwSignal::new(None),
            phase: RwSignal::new(Phase::Idle),
            steps: RwSignal::new(0),
            loss: RwSignal::new(None),
            validation_loss: RwSignal::new(None),
            steps_per_second: RwSignal::new(None),
            download: RwSignal::new(Download::default()),
            history: RwSignal::new(History::default()),
            cloud: RwSignal::new(Cloud::default()),
            range: RwSignal::new(Range::default()),
            point: RwSignal::new([0.0; 2]),
            decoded: RwSignal::new(None),
            notices: RwSignal::new(notices),
        }
    }

    /// Epochs begun, as people count them: 1 while the first is trained, 0 before.
    pub fn epoch(&self) -> u64 {
        let per_epoch = self.run_settings.with(Settings::steps_per_epoch) as u64;
        self.steps.get().div_ceil(per_epoch)
    }
}
