//! A run that can begin: everything that can be checked before the first step was checked.

use super::options::Options;
use crate::{
    Failure,
    dataset::Folder,
    device::Device,
    files::{Output, tell},
    interrupt::Interrupt,
    report::{Audience, Report},
    start::Start,
};
use latent_core::{
    data::{manifest::Manifest, shard::sha256},
    noise::Noise,
    training::{Progress, checkpoint::Checkpoint, run::Dataset},
};

/// A run about to be trained.
pub(super) struct Plan {
    /// Where it begins.
    pub(super) checkpoint: Checkpoint,
    /// Steps to be done in all.
    pub(super) steps: u64,
    pub(super) data: Dataset,
    /// SHA-256 of the hashes of the data set's shards.
    pub(super) data_sha256: String,
    pub(super) noise: Noise,
    out: Option<Output>,
    /// Whether the file has Adam's moments.
    has_moments: bool,
    /// What is different from here on than it was before.
    changes: Option<String>,
}

impl Plan {
    /// Reads and checks everything that the run needs.
    pub(super) fn new(options: &Options) -> Result<Self, Failure> {
        let out = options.out.as_deref().map(Output::to).transpose()?;
        if options.save_every.is_some() && out.as_ref().is_some_and(Output::is_standard) {
            return Err(Failure::SavesToTheOutput);
        }
        Self::read(options, out)
    }

    /// The same for a rank that writes no file.
    #[cfg(feature = "mpi")]
    pub(super) fn without_output(options: &Options) -> Result<Self, Failure> {
        Self::read(options, None)
    }

    fn read(options: &Options, out: Option<Output>) -> Result<Self, Failure> {
        if options.cpu.is_given() && !matches!(options.device, Device::Cpu) {
            return Err(Failure::NotOnTheCpu);
        }
        let Start { checkpoint, changes } = options.start()?;
        let (settings, done) = (&checkpoint.settings, checkpoint.progress.steps);
        let steps = options.steps.unwrap_or(u64::MAX).min(settings.steps());
        if done > 0 && done >= steps {
            return Err(Failure::TrainedAlready(done));
        }
        if options.out.is_some() {
            Checkpoint::fits(&settings.model, steps).map_err(Failure::Unsaved)?;
        }
        let folder = Folder::open_for(&options.data.folder(settings.data)?, &settings.model)?;
        let data = folder.dataset(settings.training_images)?;
        let data_sha256 = hash(&folder.manifest);
        let noise = options.noise(settings, steps)?;
        Ok(Self {
            checkpoint,
            steps,
            data,
            data_sha256,
            noise,
            out,
            has_moments: !options.no_moments,
            changes,
        })
    }

    /// The report on the run, after a note on what changes with it.
    pub(super) fn report(&self, audience: Audience, interrupt: &Interrupt) -> Report {
        let done = self.checkpoint.progress.steps;
        if let (Some(changes), true) = (&self.changes, audience != Audience::Nobody) {
            tell(format!("note: after step {done} the run goes on with {changes}"));
        }
        let is_on_stderr = self.out.as_ref().is_some_and(Output::is_standard);
        let steps = (done, self.steps);
        Report::new(audience, self.checkpoint.settings.clone(), steps, is_on_stderr, interrupt)
    }

    /// Whether the model is written to a file.
    pub(super) fn is_kept(&self) -> bool {
        self.out.is_some()
    }

    /// Writes the model as it is now, if one was asked for.
    pub(super) fn save(&self, checkpoint: &Checkpoint) -> Result<(), Failure> {
        let Some(out) = &self.out else { return Ok(()) };
        let bytes = match self.has_moments {
            true => checkpoint.to_bytes(),
            false => without_moments(checkpoint).to_bytes(),
        };
        out.write(&bytes.map_err(Failure::Unsaved)?)
    }

    /// Saves the model that came of the run, and says how it ended.
    pub(super) fn finish(
        &self,
        options: &Options,
        report: Report,
        checkpoint: &Checkpoint,
        interrupt: &Interrupt,
    ) -> Result<(), Failure> {
        self.save(checkpoint)?;
        let told = report.finished(&checkpoint.history, options.out.as_deref());
        match interrupt.is_asked() && checkpoint.progress.steps < self.steps {
            true => Err(Failure::Interrupted(checkpoint.progress.steps)),
            false => told,
        }
    }
}

/// The same run with an optimizer that has not begun.
fn without_moments(checkpoint: &Checkpoint) -> Checkpoint {
    let Checkpoint { settings, progress, history } = checkpoint.clone();
    let begun = Progress::with_weights(&settings.model, progress.weights);
    Checkpoint { settings, progress: Progress { steps: progress.steps, ..begun }, history }
}

fn hash(manifest: &Manifest) -> String {
    let shards = manifest.train_images.iter().chain(&manifest.test_images);
    sha256(shards.map(|shard| shard.sha256.as_str()).collect::<String>().as_bytes())
}
