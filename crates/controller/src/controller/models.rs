//! Models from files and links.

use super::Controller;
use crate::{Linked, own_images::missing};
use latent_core::{data::DatasetId, training::checkpoint::Checkpoint};

impl Controller {
    /// Goes on with the model in a file, if it is one; asks first where something was trained. Weights that do not describe their
    /// model are those of the model that is chosen. If the file isn't one, everything stays as it is.
    pub(super) fn open_model(&mut self, name: &str, file: &[u8]) {
        // Losses of steps that a file brought count as trained here: they would be lost, too.
        let has_losses = self.view.steps > self.steps_at_origin()
            || self.origin.as_ref().is_some_and(|origin| !origin.history.losses().is_empty());
        match Checkpoint::parse_as(file, Some(&self.view.settings.model)) {
            Ok(Checkpoint { settings, .. }) if !self.has_images(settings.data) => {
                self.miss_images(settings.data);
                self.notify(format!(
                    "“{name}” was not opened: it was trained on {}, which are not in this browser. Choose them under Data, \
                     and open it again. The model here is as it was.",
                    missing(settings.data)
                ));
            }
            Ok(Checkpoint { settings, .. }) if settings.model.input != settings.data.shape() => {
                let (model, data) = (settings.model.input, settings.data);
                self.notify(format!(
                    "“{name}” was not opened: its model reads images of {model} pixels, and those of {} have {}. The model here \
                     is as it was.",
                    data.title(),
                    data.shape()
                ));
            }
            Ok(checkpoint) if !has_losses => self.take(name, checkpoint),
            Ok(checkpoint) => {
                self.offered = Some(checkpoint);
                self.view.offered = Some(name.into());
            }
            Err(error) => {
                self.notify(format!("“{name}” was not opened: {error}. The model here is as it was."))
            }
        }
    }

    pub(super) fn accept_offered(&mut self) {
        let name = self.view.offered.take().unwrap_or_default();
        if let Some(checkpoint) = self.offered.take() {
            self.take(&name, checkpoint);
        }
    }

    pub(super) fn decline_offered(&mut self) {
        self.view.offered = None;
        self.offered = None;
    }

    pub(super) fn model_fetched(&mut self, address: String, file: Result<Vec<u8>, String>) {
        let name = file_name_of(&address);
        match file {
            Ok(file) => {
                let before = self.run;
                self.open_model(name, &file);
                // It may have been refused, or asked about.
                let is_open = self.run != before;
                self.view.linked = is_open.then_some(Linked { address, is_open });
            }
            Err(why) => {
                self.view.linked = None;
                self.notify(format!("“{name}” could not be loaded: {why}. The model here is as it was."));
            }
        }
    }

    /// Goes on with the model of a file. Says so if it brings another data set.
    fn take(&mut self, name: &str, checkpoint: Checkpoint) {
        drop(self.withdraw_resumable());
        let [before, data] = [self.view.run_settings.data, checkpoint.settings.data].map(DatasetId::title);
        if before != data {
            self.notify(format!(
                "“{name}” is a model of {data}. The page shows {data} now, and not {before}."
            ));
        }
        self.begin(checkpoint.settings.clone(), Some(checkpoint));
        self.opened = Some(name.into());
    }
}

/// The last part of an address.
fn file_name_of(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}
