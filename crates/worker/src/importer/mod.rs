//! Imports a person's own images: reads the files that the page passes on, and stores the set in the browser.
//!
//! Work is not interrupted. The page ends the worker to cancel it.

mod blob_reader;
mod own_images;

use super::{messages, panics};
use blob_reader::{BlobReader, Progress};
use js_sys::{Array, Uint8Array};
use latent_core::data::Recipe;
use latent_import::{
    ImageSet, InputFile, OnePicture, SamplePicture, Skipped, Survey, import, open_set, survey,
};
use latent_protocol::{ImportCommand, ImportEvent, PictureUse, SkippedReport, SurveyReport};
use std::{cell::RefCell, io::Read, rc::Rc};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, MessageEvent};

/// Pictures that a person sees before an import at most.
const MOST_PICTURES: usize = 24;
/// Sizes of pictures that are reported.
const MOST_SIZES: usize = 5;
/// Skipped files that are reported by name.
const MOST_SKIPPED: usize = 20;

/// Serves as the importer.
pub fn serve() {
    panics::note_panics();
    let session = Rc::new(RefCell::new(Session::default()));
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let (command, files) = parts(&message.data());
        match latent_protocol::decode(&command) {
            Ok(command) => session.borrow_mut().take(command, files),
            Err(error) => messages::fail(&error.to_string()),
        }
    });
    messages::scope().set_onmessage(Some(listener.into_js_value().unchecked_ref()));
    messages::greet();
}

/// The command in a message, and the files that come with it.
fn parts(data: &JsValue) -> (Vec<u8>, Vec<GivenFile>) {
    let bytes =
        |value: JsValue| value.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
    let Some(both) = data.dyn_ref::<Array>() else { return (bytes(data.clone()), Vec::new()) };
    let given = Array::from(&both.get(1));
    let file = |pair: JsValue| {
        let pair = Array::from(&pair);
        Some(GivenFile { path: pair.get(0).as_string()?, file: pair.get(1).dyn_into().ok()? })
    };
    (bytes(both.get(0)), given.iter().filter_map(file).collect())
}

/// A file that the person gave.
struct GivenFile {
    /// Its path within what was given.
    path: String,
    file: File,
}

#[derive(Default)]
struct Session {
    files: Vec<GivenFile>,
    several: bool,
    /// The person's name for what was given.
    title: String,
    pictures: Vec<SamplePicture>,
}

impl Session {
    fn take(&mut self, command: ImportCommand, files: Vec<GivenFile>) {
        let done = match command {
            ImportCommand::Survey { several, title } => {
                (self.files, self.several, self.title) = (files, several, title);
                self.survey()
            }
            ImportCommand::Sample(recipe) => {
                self.sample(recipe);
                Ok(())
            }
            ImportCommand::Picture(how) => picture(&files, how),
            ImportCommand::Import(recipe) => self.import(recipe),
        };
        if let Err(why) = done {
            messages::post(&ImportEvent::Failed(why));
        }
    }

    /// Looks at the files. A set's file is taken as it is.
    fn survey(&mut self) -> Result<(), String> {
        if let [GivenFile { file, .. }] = self.files.as_slice() {
            let progress = Progress::new(file.size());
            match open_set(BlobReader::new(file, progress)?) {
                Ok(Some(set)) => {
                    store(set, None, &self.title, SkippedReport::default());
                    return Ok(());
                }
                Ok(None) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        let found = survey(self.opened(), self.several, MOST_PICTURES).map_err(|error| error.to_string())?;
        let Survey { images, test_images, classes, mut sizes, pictures, skipped_files, skipped } = found;
        self.pictures = pictures;
        let has_more_sizes = sizes.len() > MOST_SIZES;
        sizes.truncate(MOST_SIZES);
        let skipped = report(skipped_files, skipped);
        let report = SurveyReport { images, test_images, classes, sizes, has_more_sizes, skipped };
        messages::post(&ImportEvent::Surveyed(report));
        Ok(())
    }

    /// Shows what a recipe makes of the pictures.
    fn sample(&self, recipe: Recipe) {
        if recipe.check().is_ok() {
            let images = self.pictures.iter().flat_map(|picture| picture.fitted(&recipe)).collect();
            messages::post(&ImportEvent::Sampled(recipe, images));
        }
    }

    fn import(&self, recipe: Recipe) -> Result<(), String> {
        let imported = import(self.opened(), self.several, &recipe).map_err(|error| error.to_string())?;
        let skipped = report(imported.skipped_files, imported.skipped);
        store(imported.set, Some(recipe), &self.title, skipped);
        Ok(())
    }

    /// The files, opened one by one.
    fn opened(&self) -> impl Iterator<Item = InputFile<'_>> {
        let progress = Progress::new(self.files.iter().map(|given| given.file.size()).sum());
        self.files.iter().map(move |GivenFile { path, file }| {
            let reader = BlobReader::new(file, progress.clone()).map_err(std::io::Error::other);
            InputFile { path: path.clone(), reader: reader.map(|reader| Box::new(reader) as _) }
        })
    }
}

/// Makes an image of the first of the files.
fn picture(files: &[GivenFile], how: PictureUse) -> Result<(), String> {
    let Some(GivenFile { file, .. }) = files.first() else { return Err("there is no file".into()) };
    if file.size() > OnePicture::MOST_BYTES as f64 {
        return Err("it is too large".into());
    }
    let mut bytes = Vec::new();
    let mut reader = BlobReader::new(file, Progress::new(file.size()))?;
    reader.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let picture = OnePicture::read(&bytes).map_err(|error| error.to_string())?;
    let image = match how {
        PictureUse::Recipe(recipe) => {
            recipe.check().map_err(|error| error.to_string())?;
            picture.fitted(&recipe)
        }
        PictureUse::Drawing(dataset) => picture.placed(dataset).map_err(|error| error.to_string())?,
    };
    messages::post(&ImportEvent::Picture(image));
    Ok(())
}

fn report(files: usize, skipped: Vec<Skipped>) -> SkippedReport {
    let listed = skipped.into_iter().take(MOST_SKIPPED).map(|Skipped { path, why }| (path, why)).collect();
    SkippedReport { files, listed }
}

/// Stores a set in the browser, and reports it once it is there.
fn store(set: ImageSet, recipe: Option<Recipe>, title: &str, skipped: SkippedReport) {
    let title = title.to_owned();
    spawn_local(async move {
        let own = set.own_set();
        let stored = match set.to_file() {
            Ok(file) => own_images::add(own, &set.classes, recipe, &title, &file).await,
            Err(error) => Err(error.to_string()),
        };
        messages::post(&match stored {
            Ok(()) => ImportEvent::Imported { set: own, skipped },
            Err(why) => ImportEvent::Failed(format!("the browser could not store the images: {why}")),
        });
    });
}
