//! The lessons beside the page: each file reads, asks only for what the page has, and its scene fits its model.

use latent_core::{
    lesson::{Condition, Lesson, parse},
    training::checkpoint::Checkpoint,
};
use latent_tests::path;
use std::{collections::BTreeSet, fs};

/// The size of a model at most, in bytes.
const MOST_BYTES: usize = 1_000_000;

fn lessons() -> Vec<Lesson> {
    let mut files: Vec<_> =
        fs::read_dir(path("public/lessons")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let lesson = |file: std::path::PathBuf| {
        parse(&fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    };
    files.into_iter().flat_map(lesson).collect()
}

#[test]
fn the_eight_lessons_read_one_by_one_and_as_one_file() {
    let lessons = lessons();
    let names: Vec<_> = lessons.iter().map(|lesson| lesson.name.as_str()).collect();
    let expected = [
        "tutorial",
        "code-size",
        "depth",
        "learning-rate",
        "convolution",
        "variational",
        "denoising",
        "fashion",
    ];
    assert_eq!(names, expected);
    let mut texts: Vec<_> =
        fs::read_dir(path("public/lessons")).unwrap().map(|entry| entry.unwrap().path()).collect();
    texts.sort();
    let texts = texts.iter().filter(|file| file.extension().is_some_and(|extension| extension == "txt"));
    let joined = texts.map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>().join("\n");
    assert_eq!(parse(&joined).unwrap(), lessons);
}

#[test]
fn lessons_ask_only_for_tabs_and_classes_that_there_are() {
    // The page's tabs are in a program for browsers.
    let layout = fs::read_to_string(path("src/app/views/layout.rs")).unwrap();
    let panels = layout.split("fn panel").nth(1).unwrap().split("\n    }\n").next().unwrap();
    for lesson in lessons() {
        let classes = lesson.link.settings.data.spec().classes.len();
        for condition in lesson.steps.iter().flat_map(|step| &step.done) {
            match condition {
                Condition::Tab(tab) => {
                    assert!(panels.contains(&format!("=> \"{tab}\"")), "{}: {tab}", lesson.name)
                }
                Condition::Drag { from, to } => {
                    assert!(usize::from(*from.max(to)) < classes, "{}", lesson.name)
                }
                Condition::Only(class) => assert!(usize::from(*class) < classes, "{}", lesson.name),
                _ => {}
            }
        }
    }
}

#[test]
fn each_scene_has_its_model_or_needs_none() {
    let mut used = BTreeSet::new();
    for Lesson { name, link, .. } in lessons() {
        assert_eq!(link.settings.check(), Ok(()), "{name}");
        assert!(link.settings.data.own().is_none() && link.lesson.is_none(), "{name}");
        let Some(model) = link.model else { continue };
        let file = fs::read(path("public").join(&model)).unwrap_or_else(|error| panic!("{model}: {error}"));
        assert!(file.len() <= MOST_BYTES, "{model}: {} bytes", file.len());
        let Checkpoint { settings, progress, history } = Checkpoint::parse(&file).unwrap();
        assert!(settings.model.trains_as(&link.settings.model), "{name}");
        assert_eq!(settings.data, link.settings.data, "{name}");
        assert!(progress.steps > 0 && progress.steps < settings.steps(), "{name}: there is more to train");
        assert!(!history.validation().is_empty(), "{name}");
        used.insert(model);
    }
    let files = fs::read_dir(path("public/lessons"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let models: BTreeSet<_> =
        files.filter(|name| name.ends_with(".safetensors")).map(|name| format!("lessons/{name}")).collect();
    assert_eq!(models, used, "no model lies there that no lesson uses");
}
