//! Files and links of version 1 open, and go on to the losses that they had (tests/fixtures/v1).

use latent_core::{
    link::Link,
    settings::Field,
    training::{
        Progress, StepLosses,
        checkpoint::Checkpoint,
        history::History,
        run::{Dataset, Run, SHORT_SLICE, Slice},
    },
};
use latent_cpu::CpuTrainer;
use latent_tests::{images, largest_difference, path};
use pollster::block_on;
use serde_json::Value;
use std::fs;

/// The fixture's losses were computed with AVX2. Other instructions round otherwise.
const TOLERANCE: f32 = 2e-6;

fn recorded(kind: &str) -> Vec<Value> {
    let file = fs::read(path("tests/fixtures/v1/losses.json")).unwrap();
    serde_json::from_slice::<Value>(&file).unwrap()[kind].as_array().unwrap().clone()
}

fn numbers(values: &Value) -> Vec<f32> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap() as f32).collect()
}

/// Training and validation losses from where the run is to its end.
fn losses(start: &Checkpoint, data: &Dataset) -> (Vec<f32>, Vec<f32>) {
    let Checkpoint { settings, progress, mut history } = start.clone();
    let (known, validated) = (history.losses().len(), history.validation().len());
    let mut run = block_on(Run::<CpuTrainer>::new(&(), settings, &progress)).unwrap();
    loop {
        match block_on(run.advance(data, usize::MAX, SHORT_SLICE)).unwrap().unwrap() {
            Slice::Trained { losses, .. } => history.trained(StepLosses::of(&losses)),
            // An epoch whose validation is in the file is validated again.
            Slice::Validated { losses, .. } => {
                let _ = history.validated(losses.kept_total(), losses.parts());
            }
            Slice::Validating => {}
            Slice::Finished => break,
        }
    }
    let validation = history.validation()[validated..].iter().map(|taken| taken.loss);
    (history.losses()[known..].to_vec(), validation.collect())
}

fn assert_same(recorded: &Value, start: &Checkpoint, data: &Dataset) {
    let (training, validation) = losses(start, data);
    for (name, found) in [("loss", training), ("val_loss", validation)] {
        let difference = largest_difference(&found, &numbers(&recorded[name]));
        assert!(difference < TOLERANCE, "{recorded}: {name} is off by {difference}");
    }
}

fn data() -> Dataset {
    let test = images("test", 10);
    Dataset { training: images("train", 2), test_images: test.len(), test }
}

#[test]
fn links_of_version_1_lead_to_the_losses_that_they_had() {
    let (links, data) = (recorded("links"), data());
    assert_eq!(links.len(), 6);
    for recorded in links {
        let (link, problems) = Link::parse(recorded["link"].as_str().unwrap());
        assert_eq!(problems, []);
        let settings = link.settings;
        let progress = Progress::initial(&settings.model, settings.seed);
        assert_same(&recorded, &Checkpoint { settings, progress, history: History::default() }, &data);
    }
}

#[test]
fn files_of_version_1_go_on_to_the_losses_that_they_had() {
    let (files, data) = (recorded("files"), data());
    assert_eq!(files.len(), 3);
    for recorded in files {
        let file = fs::read(path("tests/fixtures/v1").join(recorded["file"].as_str().unwrap())).unwrap();
        let mut read = Checkpoint::parse(&file).unwrap();
        if let Some(epochs) = recorded["epochs"].as_str() {
            read.settings.set(Field::Epochs, epochs).unwrap();
        }
        assert_same(&recorded, &read, &data);
    }
}

#[test]
fn a_file_of_version_1_is_the_same_run_when_it_is_written_again() {
    for name in ["small", "in-order", "deep"] {
        let file = fs::read(path(&format!("tests/fixtures/v1/{name}.safetensors"))).unwrap();
        let read = Checkpoint::parse(&file).unwrap();
        assert_eq!(Checkpoint::parse(&read.to_bytes().unwrap()), Ok(read));
    }
}
