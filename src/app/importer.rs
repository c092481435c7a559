//! The dialog for the person's own images: its state, and the worker that imports them.

use super::{
    files,
    own_images::{self, GivenFile},
    release,
    state::State,
    supervisor::Supervisor,
};
use crate::display::{dataset::capitalized, given_files::Given};
use js_sys::{Array, Promise};
use latent_browser::{
    words,
    worker_handle::{WorkerFailure, WorkerHandle},
};
use latent_core::{
    data::{OwnSet, Recipe},
    settings::Field,
};
use latent_protocol::{ImportCommand, ImportEvent, PictureUse, Role, SkippedReport, SurveyReport};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::{DataTransfer, File};

/// How long the program of the import may take to arrive.
const PATIENCE: Duration = Duration::from_secs(180);

/// What the dialog shows.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Files are to be chosen; why those before were of no use.
    Choose(Option<String>),
    /// The files are looked at, so many percent of them by now.
    Look(u8),
    /// This is there.
    Found(SurveyReport),
    /// The files are imported, so many percent of them by now.
    Import(u8),
    /// The set is there.
    Done(Arrival, SkippedReport),
}

/// What a set that was imported is to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// The data of the next run.
    Chosen,
    /// The same. A link, a model or a saved run is about another set, which is still missing.
    NotTheMissing,
    /// The images that a model or a saved run is about.
    Missing,
    /// The images of the link, which can be opened now.
    OfLink,
}

/// The dialog. Copy; the views take it from the context.
#[derive(Clone, Copy)]
pub(super) struct Importer {
    state: State,
    supervisor: Supervisor,
    /// Whether the dialog is open.
    pub(super) is_open: RwSignal<bool>,
    pub(super) step: RwSignal<Step>,
    /// How pictures are to become images.
    pub(super) recipe: RwSignal<Recipe>,
    /// Some of the pictures, as this recipe makes them.
    pub(super) samples: RwSignal<Option<(Recipe, Vec<u8>)>>,
    /// Why a change to the list of sets was not made.
    pub(super) problem: RwSignal<Option<String>>,
    /// What was dropped on the page and is to be read.
    dropped: RwSignal<Option<Promise>, LocalStorage>,
    worker: StoredValue<Option<WorkerHandle<ImportCommand>>, LocalStorage>,
    /// How often files were looked at.
    attempt: StoredValue<u32>,
    /// The link as the page was opened.
    link: StoredValue<String>,
}

impl Importer {
    /// A dialog that is closed. `link` is the fragment with which the page was opened, `recipe` the one that it has.
    pub(super) fn new(state: State, supervisor: Supervisor, link: String, recipe: Option<Recipe>) -> Self {
        let recipe = RwSignal::new(recipe.unwrap_or_default());
        // The same images can be made again only at their size.
        Effect::new(move |_| {
            if let Some(missing) = state.missing_images.get() {
                recipe.update(|recipe| recipe.shape = missing.shape);
            }
        });
        Self {
            state,
            supervisor,
            is_open: RwSignal::new(false),
            step: RwSignal::new(Step::Choose(None)),
            recipe,
            samples: RwSignal::new(None),
            problem: RwSignal::new(None),
            dropped: RwSignal::new_local(None),
            worker: StoredValue::new_local(None),
            attempt: StoredValue::new(0),
            link: StoredValue::new(link),
        }
    }

    pub(super) fn open(&self) {
        self.is_open.set(true);
    }

    /// Closes the dialog, and ends what is under way.
    pub(super) fn close(&self) {
        self.cancel();
        self.is_open.set(false);
    }

    /// Ends what is under way. Other files can be chosen.
    pub(super) fn cancel(&self) {
        self.start_again(None);
    }

    fn start_again(&self, problem: Option<String>) {
        // Without the dialog it is the picture of a drawing that failed.
        if let Some(problem) = problem.as_ref().filter(|_| !self.is_open.get_untracked()) {
            self.supervisor.notify(format!("The picture was not read. {problem}"));
        }
        // Not at once: a handle must not go while it passes its worker's report on.
        let ended = self.worker.try_update_value(Option::take).flatten();
        spawn_local(async move { drop(ended) });
        self.samples.set(None);
        self.step.set(Step::Choose(problem));
    }

    /// Takes what was dropped, and opens the dialog, which reads it.
    pub(super) fn take_dropped(&self, transfer: &DataTransfer) {
        self.dropped.set(Some(own_images::begin_drop(transfer)));
        self.open();
    }

    /// Reads whatever is dropped, from now on.
    pub(super) fn follow_dropped(&self) {
        let importer = *self;
        Effect::new(move |_| {
            let Some(reading) = importer.dropped.get() else { return };
            spawn_local(async move {
                match own_images::dropped(reading).await {
                    Ok(files) => importer.look(files),
                    Err(why) => {
                        importer.start_again(Some(format!("What was dropped could not be read: {why}.")))
                    }
                }
            });
        });
    }

    /// Looks at files.
    pub(super) fn look(&self, given: Vec<GivenFile>) {
        self.cancel();
        let (paths, files): (Vec<_>, Vec<_>) = given.into_iter().unzip();
        let Given { paths, several, title } = Given::new(paths);
        if files.is_empty() {
            return self.step.set(Step::Choose(Some("There are no files in it.".into())));
        }
        let pairs = paths.iter().zip(&files);
        let files: Array = pairs.map(|(path, file)| JsValue::from(Array::of2(&path.into(), file))).collect();
        // A recipe that is impossible gives way to the usual one.
        if self.recipe.with_untracked(|recipe| recipe.check().is_err()) {
            self.recipe.set(Recipe::default());
        }
        let worker = match self.spawn() {
            Ok(worker) => worker,
            Err(error) => {
                return self.start_again(Some(format!("The import could not start: {}.", words(&error))));
            }
        };
        worker.send_with_files(&ImportCommand::Survey { title, several }, &files);
        self.worker.set_value(Some(worker));
        self.step.set(Step::Look(0));
        self.end_patience();
    }

    /// Gives the worker up if it has not started after a while.
    fn end_patience(&self) {
        let importer = *self;
        let attempt = self.attempt.try_update_value(|attempt| {
            *attempt += 1;
            *attempt
        });
        let is_silent = move || {
            importer.worker.with_value(|worker| worker.as_ref().is_some_and(|worker| !worker.is_listening()))
        };
        let give_up = move || {
            if Some(importer.attempt.get_value()) == attempt && is_silent() {
                importer.start_again(Some("The import could not start: its program does not arrive.".into()));
            }
        };
        set_timeout(give_up, PATIENCE);
    }

    /// Takes the picture in a file as the drawing, as the images of the data set were made.
    pub(super) fn draw(&self, file: File) {
        let dataset = self.state.dataset.get_untracked();
        let how = dataset.own().map_or(PictureUse::Drawing(dataset), |set| {
            let known = self.state.own_images.with_untracked(|sets| {
                sets.iter().find(|images| images.set == set).and_then(|images| images.recipe)
            });
            PictureUse::Recipe(known.unwrap_or_else(|| Recipe { shape: set.shape, ..Recipe::default() }))
        });
        self.cancel();
        match self.spawn() {
            Ok(worker) => {
                let files = Array::of1(&JsValue::from(Array::of2(&file.name().into(), &file)));
                worker.send_with_files(&ImportCommand::Picture(how), &files);
                self.worker.set_value(Some(worker));
            }
            Err(error) => self.start_again(Some(words(&error))),
        }
    }

    fn spawn(&self) -> Result<WorkerHandle<ImportCommand>, JsValue> {
        let importer = *self;
        let failed = move |failure| {
            let (WorkerFailure::Missing(why) | WorkerFailure::Died(why)) = failure else {
                return importer.start_again(Some("The page is of another release: reload it.".into()));
            };
            importer.start_again(Some(format!("The import failed: {}.", why.trim_end_matches('.'))));
        };
        let script = release::import_script();
        WorkerHandle::spawn(
            &script,
            release::id(),
            Role::Importer,
            |_| {},
            move |event| importer.hear(event),
            failed,
        )
    }

    fn hear(&self, event: ImportEvent) {
        match event {
            ImportEvent::Progress(percent) => self.step.update(|step| {
                if let Step::Look(done) | Step::Import(done) = step {
                    *done = percent;
                }
            }),
            ImportEvent::Surveyed(report) => {
                self.step.set(Step::Found(report));
                self.sample();
            }
            ImportEvent::Sampled(recipe, images) => self.samples.set(Some((recipe, images))),
            ImportEvent::Imported { set, skipped } => self.imported(set, skipped),
            ImportEvent::Picture(image) => {
                self.start_again(None);
                self.state.exploration.strokes.set(Vec::new());
                self.supervisor.draw(Some(image));
            }
            ImportEvent::Failed(why) => {
                self.start_again(Some(format!("{}.", capitalized(&why).trim_end_matches('.'))));
            }
        }
    }

    /// Has some of the pictures shown as the recipe makes them.
    fn sample(&self) {
        self.send(&ImportCommand::Sample(self.recipe.get_untracked()));
    }

    /// Takes another recipe.
    pub(super) fn change(&self, change: impl FnOnce(&mut Recipe)) {
        self.recipe.update(change);
        self.sample();
    }

    /// Imports the files that were looked at.
    pub(super) fn import(&self) {
        self.send(&ImportCommand::Import(self.recipe.get_untracked()));
        self.step.set(Step::Import(0));
    }

    fn send(&self, command: &ImportCommand) {
        self.worker.with_value(|worker| worker.iter().for_each(|worker| worker.send(command)));
    }

    fn imported(&self, set: OwnSet, skipped: SkippedReport) {
        let (importer, arrival) = (*self, self.arrival(set));
        if matches!(arrival, Arrival::Missing | Arrival::OfLink) {
            self.state.missing_images.set(None);
        }
        self.start_again(None);
        self.step.set(Step::Done(arrival, skipped));
        spawn_local(async move {
            importer.supervisor.list_own_images().await;
            if arrival != Arrival::OfLink {
                importer.choose(set);
            }
        });
    }

    fn arrival(&self, set: OwnSet) -> Arrival {
        match self.state.missing_images.get_untracked() {
            None => Arrival::Chosen,
            Some(missing) if missing != set => Arrival::NotTheMissing,
            Some(_) if self.link.with_value(|link| link.contains(&set.name())) => Arrival::OfLink,
            Some(_) => Arrival::Missing,
        }
    }

    /// Takes a set as the data of the next run.
    fn choose(&self, set: OwnSet) {
        if let Err(error) = self.supervisor.set(Field::Data, &set.text()) {
            self.supervisor.notify(format!("{error}."));
        }
    }

    /// Whether a run is under way or done, which goes on with its own images.
    pub(super) fn has_run(&self) -> bool {
        self.state.steps.get() > 0 || self.state.phase.get().is_active()
    }

    /// Starts a new run on the images that were chosen.
    pub(super) fn restart(&self) {
        self.supervisor.reset();
        self.close();
    }

    /// Opens the link again, now that its images are there.
    pub(super) fn open_link(&self) {
        let location = window().location();
        // The address that the page has written meanwhile is another one.
        if location.set_hash(&self.link.get_value()).and_then(|()| location.reload()).is_err() {
            self.supervisor.notify("The browser refused to open the link again.".into());
        }
    }

    /// Gives a set another title. An empty one changes nothing.
    pub(super) fn rename(&self, set: OwnSet, title: &str) {
        let (importer, title) = (*self, title.trim().to_owned());
        spawn_local(async move {
            let renamed = if title.is_empty() { Ok(()) } else { own_images::rename(set, &title).await };
            importer.changed(renamed).await;
        });
    }

    /// Deletes a set.
    pub(super) fn remove(&self, set: OwnSet) {
        let importer = *self;
        spawn_local(async move { importer.changed(own_images::remove(set).await).await });
    }

    async fn changed(&self, result: Result<(), String>) {
        self.problem.set(result.err().map(|why| format!("The browser did not change its sets: {why}.")));
        self.supervisor.list_own_images().await;
    }

    /// Offers a set as a file.
    pub(super) fn save(&self, set: OwnSet, title: &str) {
        let (importer, name) = (*self, format!("{title}.zip"));
        spawn_local(async move {
            let offered = match own_images::file(set).await {
                Ok(file) => files::offer_blob(&name, &file).map_err(|error| words(&error)),
                Err(why) => Err(why),
            };
            importer.problem.set(offered.err().map(|why| format!("“{name}” could not be saved: {why}.")));
        });
    }
}
