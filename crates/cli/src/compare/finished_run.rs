//! What came of a run, from what it printed or from its model.

use crate::{
    Failure,
    files::{at, read_model},
};
use latent_core::{
    link::Link,
    settings::{Field, Settings},
    training::{checkpoint::Checkpoint, history::Validation},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fs, path::Path};

/// A run that has ended, or been cut.
#[derive(Debug, Serialize)]
pub(super) struct FinishedRun {
    /// The file's name, without its ending.
    pub(super) name: String,
    /// The settings that are not the tutorial's, as in a link. Unknown of a run that printed no last line.
    pub(super) settings: Option<BTreeMap<String, String>>,
    pub(super) steps: Option<u64>,
    pub(super) steps_per_s: Option<f64>,
    /// The loss of the last step.
    pub(super) loss: Option<f64>,
    /// Epochs that were validated, and their losses.
    pub(super) validation: Vec<(f64, f64)>,
}

/// A line of `train --json`: of a step, of an epoch, or the last one.
#[derive(Deserialize)]
struct Line {
    epoch: Option<u32>,
    loss: Option<f64>,
    val_loss: Option<f64>,
    #[serde(default)]
    done: bool,
    steps: Option<u64>,
    steps_per_s: Option<f64>,
    settings: Option<String>,
}

impl FinishedRun {
    /// Reads a run's output or model.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        match at(path, fs::read(path))? {
            // A run that failed before its first epoch has printed nothing.
            text if text.is_empty() || text.starts_with(b"{") => {
                let wrong = |why: String| Failure::RunOutput { path: path.into(), why };
                let text = String::from_utf8(text).map_err(|error| wrong(error.to_string()))?;
                Self::of_output(name, &text).map_err(|error| wrong(error.to_string()))
            }
            _ => Ok(Self::of_model(name, &read_model(path)?)),
        }
    }

    fn of_output(name: String, text: &str) -> Result<Self, serde_json::Error> {
        let mut run =
            Self { name, settings: None, steps: None, steps_per_s: None, loss: None, validation: vec![] };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let line: Line = serde_json::from_str(line)?;
            run.loss = line.loss.or(run.loss);
            if let (Some(epoch), Some(loss)) = (line.epoch, line.val_loss) {
                run.validation.push((epoch.into(), loss));
            }
            if line.done {
                (run.steps, run.steps_per_s) = (line.steps, line.steps_per_s);
                run.settings = line.settings.as_deref().map(|link| changed(&Link::parse(link).0.settings));
            }
        }
        Ok(run)
    }

    fn of_model(name: String, model: &Checkpoint) -> Self {
        let Checkpoint { settings, progress, history } = model;
        let of_epoch = settings.steps_per_epoch() as f64;
        let validation = history.validation().iter();
        let validation =
            validation.map(|Validation { steps, loss, .. }| (*steps as f64 / of_epoch, f64::from(*loss)));
        Self {
            name,
            settings: Some(changed(settings)),
            steps: Some(progress.steps),
            steps_per_s: None,
            loss: history.losses().last().copied().map(f64::from),
            validation: validation.collect(),
        }
    }

    /// The last validation loss, by which runs are compared.
    pub(super) fn val_loss(&self) -> Option<f64> {
        self.validation.last().map(|(_, loss)| *loss)
    }

    /// The validation loss where it was least, and its epoch.
    pub(super) fn best(&self) -> Option<(f64, f64)> {
        self.validation.iter().copied().min_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// The number that is least for the best run.
    pub(super) fn rank(&self) -> f64 {
        self.val_loss().unwrap_or(f64::INFINITY)
    }
}

/// The settings that are not the tutorial's.
fn changed(settings: &Settings) -> BTreeMap<String, String> {
    let usual = Settings::default();
    let fields = Field::ALL.into_iter().map(|field| match field {
        Field::Hidden => settings.encoder_field(),
        field => field,
    });
    let changed = fields.filter(|field| settings.get(*field) != usual.get(*field));
    changed.map(|field| (field.key().to_owned(), settings.get(field))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_of_a_run_is_read_whether_it_has_ended_or_not() {
        let text = "{\"step\":1,\"loss\":0.9,\"reconstruction\":0.9}\n\
                    {\"epoch\":1,\"loss\":0.5,\"val_loss\":0.4,\"steps_per_s\":8.0}\n\
                    {\"epoch\":2,\"loss\":0.3,\"val_loss\":0.45,\"steps_per_s\":8.0}\n";
        let cut = FinishedRun::of_output("a".into(), text).unwrap();
        assert_eq!((cut.loss, cut.val_loss(), cut.best()), (Some(0.3), Some(0.45), Some((1.0, 0.4))));
        assert_eq!((cut.steps, cut.settings), (None, None));
        let last = "{\"done\":true,\"steps\":64,\"loss\":0.2,\"val_loss\":0.45,\"seconds\":1.0,\
                    \"steps_per_s\":9.0,\"out\":null,\"settings\":\"v=1&seed=3&lr=0.001\"}\n";
        let run = FinishedRun::of_output("a".into(), &format!("{text}{last}")).unwrap();
        assert_eq!((run.steps, run.steps_per_s, run.loss), (Some(64), Some(9.0), Some(0.2)));
        let settings: Vec<_> = run.settings.unwrap().into_iter().collect();
        let expected = [("lr", "0.001"), ("seed", "3")];
        assert_eq!(settings, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert!(FinishedRun::of_output("a".into(), "{\"epoch\":").is_err());
    }
}
