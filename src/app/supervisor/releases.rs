//! Page and workers must be of one release, and a newer one takes over when the person says so.

use super::Supervisor;
use crate::app::release;
use latent_browser::worker_handle::WorkerFailure;
use leptos::{prelude::*, task::spawn_local};

impl Supervisor {
    /// Takes the newer release that waits: reloads the page.
    pub fn take_release(&self) {
        release::take();
    }

    pub(super) fn watch_releases(&self) {
        let state = self.state;
        release::when_one_waits(move || state.release_waits.set(true));
    }

    /// After a worker broke: reloads the page if that may help and costs nothing, else tells why in part of a sentence.
    pub(super) fn mend(&self, broken: WorkerFailure, tell: impl FnOnce(String) + 'static) {
        let supervisor = *self;
        spawn_local(async move {
            let why = match broken {
                WorkerFailure::Died(why) => return tell(why),
                WorkerFailure::Missing(why) if !release::server_has_another().await => return tell(why),
                WorkerFailure::Missing(_) => "the server has a newer version of this page by now",
                WorkerFailure::OtherRelease => "it is of another version than the page",
            };
            if supervisor.state.steps.get_untracked() > 0 {
                tell(format!("{why}: save the model if you want to keep it, then reload the page"));
            } else if !release::reload_once() {
                tell(format!("{why}, even after a reload: the server may be in the middle of an update"));
            }
        });
    }
}
