//! Files that the person saves.

use super::Supervisor;
use crate::{
    app::{files, state::State},
    display::file_names::plane_file,
};
use latent_core::{data::DatasetId, settings::Settings};
use leptos::prelude::*;

impl Supervisor {
    /// Offers the losses as a table.
    pub fn save_history(&self) {
        let name = self.file_name("csv");
        let steps_per_epoch = self.state.run_settings.with_untracked(Settings::steps_per_epoch);
        let table = self.state.history.with_untracked(|history| history.to_csv(steps_per_epoch));
        self.offer(&name, "text/csv", table.as_bytes());
    }

    /// Offers the codes of the plotted images as a table.
    pub fn save_codes(&self) {
        let name = self.plane_name("codes", "csv");
        let classes = self.state.classes.get_untracked();
        let table = self.state.cloud.with_untracked(|cloud| cloud.to_csv(&classes));
        self.offer(&name, "text/csv", table.as_bytes());
    }

    /// Offers a model's file.
    pub(super) fn offer_model(&self, file: &[u8]) {
        self.offer(&self.file_name("safetensors"), "application/octet-stream", file);
    }

    /// A file's name that tells the run and how far it was. It names the data set unless that is the default.
    pub fn file_name(&self, ending: &str) -> String {
        let steps = self.state.steps.get_untracked();
        let (data, seed) = self.state.run_settings.with_untracked(|settings| (settings.data, settings.seed));
        let data = if data == DatasetId::default() { String::new() } else { format!("{}-", data.name()) };
        format!("latent-playground-{data}seed-{seed}-step-{steps}.{ending}")
    }

    /// A name for what is on the plane, whose network may be another than the run's.
    pub fn plane_name(&self, what: &str, ending: &str) -> String {
        let State { is_pretrained, looked_at, steps, run_settings, .. } = self.state;
        let steps = looked_at.get_untracked().unwrap_or_else(|| steps.get_untracked());
        let steps = (!is_pretrained.get_untracked()).then_some(steps);
        run_settings.with_untracked(|settings| plane_file(what, settings, steps, ending))
    }

    /// Offers a file, and says that it was saved.
    pub fn offer(&self, name: &str, kind: &str, bytes: &[u8]) {
        match files::offer(name, kind, bytes) {
            Ok(()) => self.answer(format!("Saved “{name}”")),
            Err(_) => self.notify(format!("The browser refused to save “{name}”.")),
        }
    }
}
