//! Models out to files and in from them.

use super::Supervisor;
use crate::app::{files, state::Linked};
use latent_core::{
    plane::Cloud,
    settings::Settings,
    training::{
        Progress,
        checkpoint::{Checkpoint, MOST_BYTES},
    },
};
use latent_protocol::{Phase, TrainerCommand};
use leptos::{prelude::*, task::spawn_local};

impl Supervisor {
    /// Offers the model as a file: as it is now, or as it was when training began if it hasn't.
    pub fn save(&self) {
        if self.trainer.with_value(Option::is_some) && self.state.phase.get_untracked() != Phase::Failed {
            // The answer is heard as `Saved`.
            return self.send(&TrainerCommand::Save);
        }
        if let Some(kept) = self.kept.get_value() {
            return self.offer_model(&kept.file);
        }
        let settings = self.state.run_settings.get_untracked();
        let initial = || Progress::initial(&settings.model, settings.seed);
        let progress = self.origin.get_value().unwrap_or_else(initial);
        let history = self.state.history.with_untracked(|history| history.until(progress.steps));
        match (Checkpoint { settings, progress, history }).to_bytes() {
            Ok(file) => self.offer_model(&file),
            Err(error) => self.notify(format!("The model could not be saved: {error}.")),
        }
    }

    /// Goes on with the model in a file, if it is one; asks first where something was trained. If the file isn't
    /// one, everything stays as it is.
    pub fn open(&self, name: &str, file: &[u8]) {
        match Checkpoint::parse(file) {
            Ok(checkpoint) if self.state.history.with_untracked(|history| history.losses().is_empty()) => {
                self.take(checkpoint);
            }
            Ok(checkpoint) => {
                self.offered.set_value(Some(checkpoint));
                self.state.offered.set(Some(name.into()));
            }
            Err(error) => {
                let stays = "The model here is as it was.";
                self.notify(format!("“{name}” was not opened: {error}. {stays}"));
            }
        }
    }

    /// Opens the file that was asked about.
    pub fn accept_offered(&self) {
        self.state.offered.set(None);
        if let Some(checkpoint) = self.offered.try_update_value(Option::take).flatten() {
            self.take(checkpoint);
        }
    }

    /// Leaves it.
    pub fn decline_offered(&self) {
        self.state.offered.set(None);
        self.offered.set_value(None);
    }

    /// Whether the page may fetch a model from there: from nowhere but where it came from itself.
    pub fn may_fetch(&self, address: &str) -> bool {
        let origin = window().location().origin().unwrap_or_default();
        !address.contains(':') || address.strip_prefix(&origin).is_some_and(|path| path.starts_with('/'))
    }

    /// Fetches the model that the link brings, and opens it.
    pub fn accept_linked(&self) {
        let Some(Linked { address, .. }) = self.state.linked.get_untracked() else { return };
        let supervisor = *self;
        spawn_local(async move {
            match files::fetch(&address, MOST_BYTES).await {
                Ok(file) => {
                    let (name, before) = (file_name_of(&address), supervisor.run.get_value());
                    supervisor.open(name, &file);
                    // The run that it began; it may have been refused, or asked about.
                    let is_open = supervisor.run.get_value() != before;
                    supervisor.state.linked.set(is_open.then_some(Linked { address, is_open }));
                }
                Err(why) => {
                    supervisor.decline_linked();
                    let name = file_name_of(&address);
                    supervisor
                        .notify(format!("“{name}” could not be loaded: {why}. The model here is as it was."));
                }
            }
        });
    }

    /// Leaves it where it is.
    pub fn decline_linked(&self) {
        self.state.linked.set(None);
    }

    fn take(&self, checkpoint: Checkpoint) {
        self.leave_kept();
        self.begin(checkpoint.settings.clone(), Some(checkpoint));
    }

    /// Offers the losses as a table.
    pub fn save_history(&self) {
        let name = self.file_name("csv");
        let steps_per_epoch = self.state.run_settings.with_untracked(Settings::steps_per_epoch);
        let table = self.state.history.with_untracked(|history| history.to_csv(steps_per_epoch));
        self.offer(&name, "text/csv", table.as_bytes());
    }

    /// Offers the codes of the plotted digits as a table.
    pub fn save_codes(&self) {
        let name = self.plane_name("codes", "csv");
        let table = self.state.cloud.with_untracked(Cloud::to_csv);
        self.offer(&name, "text/csv", table.as_bytes());
    }

    /// Offers what the trainer gave as a file.
    pub(super) fn offer_model(&self, file: &[u8]) {
        self.offer(&self.file_name("safetensors"), "application/octet-stream", file);
    }

    /// A file's name that tells the run and how far it was.
    pub fn file_name(&self, ending: &str) -> String {
        let seed = self.state.run_settings.with_untracked(|settings| settings.seed);
        format!("latent-playground-seed-{seed}-step-{}.{ending}", self.state.steps.get_untracked())
    }

    /// A name for what is on the plane, whose network may be another than the run's.
    pub fn plane_name(&self, what: &str, ending: &str) -> String {
        match self.state.is_pretrained.get_untracked() {
            true => format!("{what}-latent-playground-pretrained.{ending}"),
            false => format!("{what}-{}", self.file_name(ending)),
        }
    }

    fn offer(&self, name: &str, kind: &str, bytes: &[u8]) {
        if files::offer(name, kind, bytes).is_err() {
            self.notify(format!("The browser refused to save “{name}”."));
        }
    }
}

/// The last part of an address.
fn file_name_of(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}
