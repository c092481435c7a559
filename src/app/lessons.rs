//! Lessons: loads their file when the first is asked for, sets the scene of one, and remembers what was done.

use super::{files, memory, release, state::State, supervisor::Supervisor};
use latent_core::lesson::{LESSON_BYTES, Lesson, Progress, Seen, Walk, parse};
use leptos::{prelude::*, task::spawn_local};

/// The key under which the progress is remembered.
const PROGRESS: &str = "lessons";

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

    /// Sets the scene of a lesson, and asks for its first task. The steps build on each other, so that a lesson begins at its
    /// beginning whatever was done of it before.
    fn open(self, lesson: Lesson) {
        self.is_listed.set(false);
        self.supervisor.begin_lesson(&lesson);
        self.walk.set(Some(Walk::of(lesson)));
        self.begin_step();
    }

    /// Opens the lesson that follows the open one, if there is one.
    pub(super) fn open_next(self) {
        if let Some(lesson) = self.next_lesson() {
            self.open(lesson);
        }
    }

    /// The lesson that follows the open one in the list.
    pub(super) fn next_lesson(self) -> Option<Lesson> {
        let name = self.walk.with(|walk| walk.as_ref().map(|walk| walk.lesson.name.clone()))?;
        self.all.with(|all| all.iter().skip_while(|lesson| lesson.name != name).nth(1).cloned())
    }

    /// Goes to another step of the lesson.
    pub(super) fn go_to(self, at: usize) {
        self.walk.update(|walk| {
            if let Some(walk) = walk {
                walk.go_to(at);
            }
        });
        self.begin_step();
    }

    /// Closes the lesson. What the page shows stays.
    pub(super) fn close(self) {
        self.supervisor.end_lesson();
        self.walk.set(None);
    }

    /// Looks at the page as it is now. A task that was done stays until the person goes on.
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
        if let Some(walk) = walk.filter(|_| is_done) {
            self.note(&walk);
        }
    }

    /// Notes that the person has looked at what the task asks for. Tells whether it was done by that.
    pub(super) fn look(self) -> bool {
        let mut walk = self.walk.get_untracked();
        let is_done = walk.as_mut().is_some_and(Walk::look);
        if let Some(walk) = walk.filter(|_| is_done) {
            self.walk.set(Some(walk.clone()));
            self.note(&walk);
        }
        is_done
    }

    /// Remembers that a task was done, and has that announced.
    fn note(self, walk: &Walk) {
        self.progress.update(|progress| progress.note(&walk.lesson.name, walk.index() + 1));
        memory::remember(PROGRESS, &self.progress.with_untracked(Progress::text));
        let after = walk.step().map(|step| step.after.clone()).unwrap_or_default();
        self.told.set(Some(match walk.is_last() {
            true => format!("Done. {after} {}", untrack(|| self.conclusion(&walk.lesson))),
            false => format!("Done. {after} Next goes on."),
        }));
    }

    /// What a lesson ends with: what was learnt, and the lesson that follows.
    pub(super) fn conclusion(self, lesson: &Lesson) -> String {
        match self.next_lesson() {
            Some(next) => format!("What you have seen: {} Next lesson: {}", lesson.learnt, next.title),
            None => format!("What you have seen: {} This was the last lesson.", lesson.learnt),
        }
    }

    /// Shows what the step needs, and has its task announced.
    fn begin_step(self) {
        let begun = self.walk.with_untracked(|walk| {
            let walk = walk.as_ref()?;
            let (step, at, of) = (walk.step()?, walk.index() + 1, walk.lesson.steps.len());
            Some((step.shows.clone(), format!("Step {at} of {of}: {}", step.request())))
        });
        if let Some((shows, sentence)) = begun {
            self.supervisor.begin_lesson_step(&shows);
            self.told.set(Some(sentence));
        }
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
