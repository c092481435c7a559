//! The worker that looks at codes and draws strokes. It is spawned when something needs it first.

use super::{release, state::State, supervisor::Supervisor};
use crate::app::exploration::{Exploration, Votes};
use latent_browser::{
    words,
    worker_handle::{WorkerFailure, WorkerHandle},
};
use latent_protocol::{AnalysisCommand, AnalysisEvent, Role};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::VecDeque, time::Duration};

/// Images whose neighbours vote at most, the first ones on the plane: every test image of the sets beside the page.
const MOST_VOTES: usize = 12_000;
/// How long the plane may move on before it is looked at again.
const PAUSE: Duration = Duration::from_millis(500);

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Job {
    Vote,
    Contours,
    Draw,
}

/// How far a kind of work is. Of each kind there is one under way at a time; what changes meanwhile makes it due again.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    is_under_way: bool,
    is_due: bool,
}

/// The worker, and what it works on. Copy.
#[derive(Clone, Copy)]
pub(super) struct Analyst {
    state: State,
    supervisor: Supervisor,
    worker: StoredValue<Option<WorkerHandle<AnalysisCommand>>, LocalStorage>,
    progress: StoredValue<[Progress; 3]>,
    /// What was sent and not answered, each with the steps of its codes.
    sent: StoredValue<VecDeque<(Job, u64)>>,
}

impl Analyst {
    /// Follows what is shown: whatever needs an analysis gets one, and another when the codes have changed.
    pub(super) fn follow(state: State, supervisor: Supervisor) {
        let analyst = Self {
            state,
            supervisor,
            worker: StoredValue::new_local(None),
            progress: StoredValue::new(Default::default()),
            sent: StoredValue::new(VecDeque::new()),
        };
        let Exploration { is_structure_open, shows_contours, strokes, ink, .. } = state.exploration;
        Effect::new(move |_| {
            if state.cloud.with(|cloud| cloud.is_empty()) {
                analyst.cancel();
            } else if is_structure_open.get() && state.classes.with(Vec::len) > 1 {
                analyst.request(Job::Vote);
            }
        });
        Effect::new(move |_| {
            if shows_contours.get() {
                state.cloud.track();
                state.axes.track();
                state.colours.track();
                analyst.request(Job::Contours);
            }
        });
        Effect::new(move |_| {
            ink.track();
            if strokes.with(|strokes| !strokes.is_empty()) {
                analyst.request(Job::Draw);
            }
        });
    }

    fn request(&self, job: Job) {
        let is_free = self.progress.try_update_value(|progress| {
            let progress = &mut progress[job as usize];
            progress.is_due = true;
            !progress.is_under_way
        });
        if is_free == Some(true) {
            self.begin(job);
        }
    }

    /// Begins a kind of work if it is due.
    fn begin(&self, job: Job) {
        let is_due = self.progress.try_update_value(|progress| {
            let progress = &mut progress[job as usize];
            progress.is_under_way = std::mem::take(&mut progress.is_due);
            progress.is_under_way
        });
        if is_due != Some(true) {
            return;
        }
        if self.worker.with_value(Option::is_none) {
            match self.spawn() {
                Ok(worker) => self.worker.set_value(Some(worker)),
                Err(error) => return self.failed(&words(&error)),
            }
        }
        let command = untrack(|| self.command(job));
        self.sent.update_value(|sent| sent.push_back((job, self.state.exploration.steps.get_untracked())));
        self.worker.with_value(|worker| worker.iter().for_each(|worker| worker.send(&command)));
    }

    fn command(&self, job: Job) -> AnalysisCommand {
        let state = self.state;
        match job {
            Job::Vote => state.cloud.with(|cloud| {
                let images = cloud.len().min(MOST_VOTES);
                AnalysisCommand::Vote {
                    units: cloud.units,
                    labels: cloud.labels[..images].to_vec(),
                    codes: cloud.codes[..images * cloud.units].to_vec(),
                }
            }),
            Job::Contours => {
                let axes = state.axes.get();
                let classes =
                    (0..=u8::MAX).filter(|&class| state.colours.with(|colours| colours.of(class).is_some()));
                let classes = classes.collect();
                state.cloud.with(|cloud| AnalysisCommand::Contours {
                    classes,
                    labels: cloud.labels.clone(),
                    points: cloud.points().flat_map(|(_, code)| axes.point(code)).collect(),
                })
            }
            Job::Draw => AnalysisCommand::Draw {
                strokes: state.exploration.strokes.get(),
                dataset: state.dataset.get(),
                shape: state.run_settings.with(|settings| settings.model.input),
                ink: state.exploration.ink.get(),
            },
        }
    }

    fn spawn(&self) -> Result<WorkerHandle<AnalysisCommand>, wasm_bindgen::JsValue> {
        let analyst = *self;
        let failed = move |failure: WorkerFailure| analyst.failed(&failure.why());
        let hear = move |event| analyst.hear(event);
        WorkerHandle::spawn(&release::analysis_script(), release::id(), Role::Analyst, |_| {}, hear, failed)
    }

    fn hear(&self, event: AnalysisEvent) {
        let Some((job, steps)) = self.sent.try_update_value(VecDeque::pop_front).flatten() else { return };
        let exploration = self.state.exploration;
        match event {
            AnalysisEvent::Voted(classes) => exploration.votes.set(Some(Votes { steps, classes })),
            AnalysisEvent::Contours(contours) => exploration.contours.set(contours),
            // The pad may have been cleared meanwhile.
            AnalysisEvent::Drawn(image)
                if exploration.strokes.with_untracked(|strokes| !strokes.is_empty()) =>
            {
                self.supervisor.draw(image);
            }
            AnalysisEvent::Drawn(_) => {}
        }
        let analyst = *self;
        match job {
            Job::Draw => self.begin(job),
            Job::Vote | Job::Contours => set_timeout(move || analyst.begin(job), PAUSE),
        }
    }

    /// Ends what is under way: it is about images that are gone.
    fn cancel(&self) {
        if self.sent.with_value(|sent| sent.iter().any(|(job, _)| *job != Job::Draw)) {
            self.end();
        }
    }

    /// Ends the worker. What is needed next spawns another.
    fn end(&self) {
        // Not at once: a handle must not go while it passes its worker's report on.
        let ended = self.worker.try_update_value(Option::take).flatten();
        spawn_local(async move { drop(ended) });
        self.sent.set_value(VecDeque::new());
        self.progress.set_value(Default::default());
    }

    fn failed(&self, why: &str) {
        self.end();
        self.supervisor.notify(format!("The analysis stopped: {why}."));
    }
}
