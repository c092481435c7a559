//! What reaches a session, and what it gives out.

use latent_protocol::{Snapshot, TrainerCommand, TrainerEvent};

/// What reaches a session.
#[allow(clippy::large_enum_variant, reason = "few wait at a time, and the largest comes once a run")]
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A command of the page.
    Command(TrainerCommand),
    /// News of the dataset loader.
    Data(Data),
}

/// News of the dataset loader.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// How many bytes will be loaded in all.
    Announced(usize),
    /// The next training images.
    Training(Arrived),
    /// The next test images.
    Test(Arrived),
    /// The data could not be loaded, and why, in a sentence.
    Failed(String),
}

/// Images that have arrived and are verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    /// Their pixels, `[images, height, width, channels]`.
    pub pixels: Vec<u8>,
    /// Bytes that came over the network for them.
    pub bytes_gzip: usize,
}

/// What a session gives out.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// A report to the page.
    Event(TrainerEvent),
    /// The newest weights, for the explorer.
    Snapshot(Snapshot),
    /// A request to the dataset loader, which has failed, to go on.
    LoadAgain,
}

/// The engine that a session trains with.
#[derive(Clone, Debug, Default)]
pub struct EngineSetup<Context> {
    /// What its trainers need.
    pub context: Context,
    /// Its device, as the page shows it.
    pub device: String,
    /// Whether its first step compiles kernels.
    pub compiles: bool,
}
