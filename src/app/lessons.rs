//! Lessons: loads their file when the first is asked for, sets the scene of one, and remembers what was done.

use super::{files, memory, release, state::State, supervisor::Supervisor};
use latent_core::{
    lesson::{LESSON_BYTES, Lesson, Progress, Seen, Walk, parse},
    link::Link,
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// The key under which the progress is remembered.
const PROGRESS: &str = "lessons";
/// How long a task that was done stands before the next one is asked.
const PAUSE: Duration = Duration::from_millis(2_500);

/// The lessons, and the one that is open. Copy; every view takes it from the context.
#[derive(Clone, Copy)]
pub(super) struct Lessons {
    state: State,
    supervisor: Supervisor,
    /// The lessons of the file, once it has arrived.
    pub(super) all: RwSignal<Vec<Lesson>>,
    /// Whether their list is shown.
    pub(super) is_listed: RwSignal<bool>,
    /// The lesson that is open.
    pub(super) walk: RwSignal<Option<Walk>>,
    /// What was done on this device.
    pub(super) progress: RwSignal<Progress>,
    /// What the announcer says of the lesson.
    pub(super) told: RwSignal<Option<String>>,
    /// The lesson was chosen from the list.
    pub(super) is_chosen: StoredValue<bool>,
}

impl Lessons {
    /// No lesson is open.
    pub(super) fn new(state: State, supervisor: Supervisor) -> Self {
        Self {
            state,
            supervisor,
            all: RwSignal::new(Vec::new()),
            is_listed: RwSignal::new(false),
            walk: RwSignal::new(None),
            progress: RwSignal::new(Progress::parse(&memory::recall(PROGRESS).unwrap_or_default())),
            told: RwSignal::new(None),
            is_chosen: StoredValue::new(false),
        }
    }

    /// Shows the list of lessons.
    pub(super) fn list(self) {
        self.once_loaded(move || self.is_listed.set(true));
    }

    /// Opens the lesson of this name.
    pub(super) fn open_named(self, name: &str) {
        let name = name.to_owned();
        self.once_loaded(move || {
            let found = self.all.with_untracked(|all| all.iter().find(|lesson| lesson.name == name).cloned());
            match found {
                Some(lesson) => self.open(lesson),
                None => {
                    let names = self.all.with_untracked(|all| {
                        all.iter().map(|lesson| lesson.name.as_str()).collect::<Vec<_>>().join(", ")
                    });
                    self.supervisor.notify(format!("There is no lesson “{name}”. The lessons are: {names}."));
                }
            }
        });
    }

    /// Opens a lesson that was chosen from the list.
    pub(super) fn choose(self, lesson: Lesson) {
        self.is_chosen.set_value(true);
        self.open(lesson);
    }

    /// Sets the scene of a lesson, and asks for the first task that was not done, or for the first one of all.
    fn open(self, lesson: Lesson) {
        let Self { state, supervisor, .. } = self;
        self.is_listed.set(false);
        let had_run = state.steps.get_untracked() > 0;
        let is_other = state.run_settings.with_untracked(|settings| *settings != lesson.link.settings);
        if had_run || is_other || lesson.link.model.is_some() {
            // Other codes are to come. The plane shows all of them, and the point lies in their middle.
            state.cloud.update(|cloud| cloud.codes.clear());
        }
        state.is_framed.set(false);
        state.is_point_held.set(false);
        let link = Link { engine: state.engine_choice.get_untracked(), ..lesson.link.clone() };
        supervisor.open_link(&link);
        if state.steps.get_untracked() > 0 {
            // The run under way has the lesson's settings.
            supervisor.reset();
        }
        state.isolated.set(None);
        state.exploration.shows_errors.set(false);
        state.exploration.shows_contours.set(false);
        supervisor.clear_drawing();
        if link.model.is_some() {
            // It lies beside the page, and the person has asked for the lesson.
            supervisor.accept_linked();
        }
        if had_run {
            supervisor.answer("Your run is kept: Undo goes back to it.");
        }
        let done = self.progress.with_untracked(|progress| progress.of(&lesson));
        let at = if done < lesson.steps.len() { done } else { 0 };
        state.lesson.set(Some(lesson.name.clone()));
        self.walk.set(Some(Walk::at(lesson, at)));
        self.tell("");
    }

    /// Goes to another step of the lesson.
    pub(super) fn go_to(self, at: usize) {
        self.walk.update(|walk| {
            if let Some(walk) = walk {
                walk.go_to(at);
            }
        });
    }

    /// Closes the lesson. What the page shows stays.
    pub(super) fn close(self) {
        self.state.lesson.set(None);
        self.walk.set(None);
    }

    /// Looks at the page as it is now.
    pub(super) fn see(self, seen: &Seen<'_>) {
        let is_scene_set =
            self.state.linked.with_untracked(|linked| linked.as_ref().is_none_or(|linked| linked.is_open));
        if !is_scene_set {
            return;
        }
        let before = self.walk.get_untracked();
        let mut walk = before.clone();
        let is_done = walk.as_mut().is_some_and(|walk| walk.see(seen));
        if walk != before {
            // Most looks change nothing, and wake nobody.
            self.walk.set(walk.clone());
        }
        let Some(walk) = walk.filter(|_| is_done) else { return };
        let (name, at, is_last) = (walk.lesson.name.clone(), walk.index(), walk.is_last());
        self.progress.update(|progress| progress.note(&name, at + 1));
        memory::remember(PROGRESS, &self.progress.with_untracked(Progress::text));
        if is_last {
            return self.told.set(Some("Done. This was the last step of the lesson.".into()));
        }
        let next = move || {
            // The person may be elsewhere by now.
            let is_there = |walk: &Walk| walk.lesson.name == name && walk.index() == at && walk.is_done();
            if self.walk.with_untracked(|walk| walk.as_ref().is_some_and(is_there)) {
                self.go_to(at + 1);
                self.tell("Done. ");
            }
        };
        set_timeout(next, PAUSE);
    }

    /// Has the task announced, behind some words.
    fn tell(self, before: &str) {
        let sentence = self.walk.with_untracked(|walk| {
            let walk = walk.as_ref()?;
            let (at, of) = (walk.index() + 1, walk.lesson.steps.len());
            Some(format!("{before}Step {at} of {of}: {}", walk.step()?.task))
        });
        self.told.set(sentence);
    }

    /// Does something once the lessons are there.
    fn once_loaded(self, then: impl FnOnce() + 'static) {
        if !self.all.with_untracked(Vec::is_empty) {
            return then();
        }
        spawn_local(async move {
            let file = files::fetch(&release::lessons(), LESSON_BYTES).await;
            let lessons = file
                .and_then(|file| parse(&String::from_utf8_lossy(&file)).map_err(|error| error.to_string()));
            match lessons {
                Ok(lessons) => {
                    self.all.set(lessons);
                    then();
                }
                Err(why) => self.supervisor.notify(format!("The lessons could not be loaded: {why}.")),
            }
        });
    }
}
