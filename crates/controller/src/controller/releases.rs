//! Workers that could not be loaded: page and workers must be of one release, and the server may have another by now.

use super::{Controller, trainer::TrainerState};
use crate::{Effect, WorkerFailure, WorkerId};

/// Seconds that the server has to answer.
const PATIENCE_S: u32 = 30;

/// Why a worker could not be loaded is being found out. The worker is ended.
#[derive(Debug)]
pub(super) struct Diagnosis {
    worker: WorkerId,
    why: String,
    waited_s: u32,
}

impl Diagnosis {
    /// Nothing is known yet.
    pub(super) fn of(worker: WorkerId) -> Self {
        Self { worker, why: String::new(), waited_s: 0 }
    }
}

impl Controller {
    /// Finds out why the worker of a [`Diagnosis`] could not be loaded.
    pub(super) fn diagnose(&mut self, worker: WorkerId, failure: WorkerFailure) {
        match failure {
            WorkerFailure::OtherRelease => {
                self.releases_differ(worker, "it is of another version than the page")
            }
            WorkerFailure::Missing(why) => {
                self.set_reason(worker, why);
                self.push(Effect::CheckServer(worker));
            }
            WorkerFailure::NotHere(why) | WorkerFailure::NotSpawned(why) | WorkerFailure::Died(why) => {
                self.set_reason(worker, why);
                self.conclude(worker);
            }
        }
    }

    pub(super) fn server_checked(&mut self, worker: WorkerId, has_another: bool) {
        if has_another {
            self.releases_differ(worker, "the server has a newer version of this page by now");
        } else {
            self.conclude(worker);
        }
    }

    pub(super) fn reload_refused(&mut self, worker: WorkerId) {
        self.conclude(worker);
    }

    /// Reloads the page where that costs nothing; else says what the person can do.
    fn releases_differ(&mut self, worker: WorkerId, why: &str) {
        if self.diagnosis(worker).is_none() {
            return;
        }
        if self.view.steps == 0 {
            let after = "even after a reload: the server may be in the middle of an update";
            self.set_reason(worker, format!("{why}, {after}"));
            self.push(Effect::ReloadOnce(worker));
        } else {
            let save = "save the model if you want to keep it, then reload the page";
            self.set_reason(worker, format!("{why}: {save}"));
            self.conclude(worker);
        }
    }

    fn diagnoses(&mut self) -> impl Iterator<Item = &mut Diagnosis> {
        let of_trainer = match &mut self.trainer {
            TrainerState::Diagnosing(diagnosis) => Some(diagnosis),
            _ => None,
        };
        of_trainer.into_iter().chain(self.explorer.diagnosis())
    }

    fn diagnosis(&mut self, worker: WorkerId) -> Option<&mut Diagnosis> {
        self.diagnoses().find(|diagnosis| diagnosis.worker == worker)
    }

    fn set_reason(&mut self, worker: WorkerId, why: String) {
        if let Some(diagnosis) = self.diagnosis(worker) {
            diagnosis.why = why;
        }
    }

    /// Tells why the worker could not be loaded.
    fn conclude(&mut self, worker: WorkerId) {
        let Some(diagnosis) = self.diagnosis(worker) else { return };
        let why = std::mem::take(&mut diagnosis.why);
        match &self.trainer {
            TrainerState::Diagnosing(of_trainer) if of_trainer.worker == worker => {
                self.trainer = TrainerState::Absent;
                let name = self.engine().map_or("", |engine| engine.name());
                self.fail(format!("The {name} engine stopped: {why}."));
            }
            _ => {
                self.give_up_explorer();
                self.notify(format!("The latent plane stopped: {why}."));
            }
        }
    }

    /// Concludes what nobody has answered for too long.
    pub(super) fn watch_diagnoses(&mut self) {
        self.diagnoses().for_each(|diagnosis| diagnosis.waited_s += 1);
        let overdue = self.diagnoses().filter(|diagnosis| diagnosis.waited_s >= PATIENCE_S);
        let overdue: Vec<_> = overdue.map(|diagnosis| diagnosis.worker).collect();
        overdue.into_iter().for_each(|worker| self.conclude(worker));
    }
}
