//! Losses of models beyond dense networks, and of the tutorial's on Fashion-MNIST, which any number of threads and workers gives
//! to the bit, natively and in a browser (tests/fixtures/layered; tests/browser/programs.test.mjs has the browser's half).

use latent_core::{
    data::DatasetId,
    link::Link,
    training::{
        Losses, Progress,
        run::{Dataset, Run, SHORT_SLICE, Slice},
    },
};
use latent_cpu::{CpuTrainer, Instructions};
use latent_tests::{images_of, path};
use pollster::block_on;
use serde_json::Value;
use std::fs;

fn numbers(values: &Value) -> Vec<f32> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap() as f32).collect()
}

/// The images of a data set that the runs need.
fn data(dataset: DatasetId) -> Dataset {
    let [training, test] =
        [("train", 13), ("test", 10)].map(|(set, thousands)| images_of(dataset, set, thousands));
    Dataset { training, test_images: test.len(), test }
}

/// Training and validation losses of a link.
fn losses(link: &str, instructions: Instructions) -> (Vec<f32>, Vec<f32>) {
    let (link, problems) = Link::parse(link);
    assert_eq!(problems, []);
    let settings = link.settings;
    let data = data(settings.data);
    let progress = Progress::initial(&settings.model, settings.seed);
    let trainer = CpuTrainer::with_threads(2, instructions, &settings.model, &progress).unwrap();
    let mut run = Run::with_trainer(settings, &progress, trainer).unwrap();
    let (mut training, mut validation) = (Vec::new(), Vec::new());
    loop {
        match block_on(run.advance(&data, usize::MAX, SHORT_SLICE)).unwrap().unwrap() {
            Slice::Trained { losses, .. } => training.extend(losses.iter().map(Losses::kept_total)),
            Slice::Validated { losses, .. } => validation.push(losses.total as f32),
            Slice::Validating => {}
            Slice::Finished => return (training, validation),
        }
    }
}

#[test]
fn models_of_every_kind_have_the_losses_that_a_browser_gives_with_any_number_of_workers() {
    let file = fs::read(path("tests/fixtures/layered/losses.json")).unwrap();
    let runs: Vec<Value> = serde_json::from_slice(&file).unwrap();
    assert_eq!(runs.len(), 4);
    #[cfg(target_arch = "x86_64")]
    let instructions = Instructions::Sse2;
    #[cfg(not(target_arch = "x86_64"))]
    let instructions = Instructions::Portable;
    for run in runs {
        let link = run["link"].as_str().unwrap();
        let (training, validation) = losses(link, instructions);
        let tenth: Vec<f32> = training.iter().skip(9).step_by(10).copied().collect();
        assert_eq!(tenth, numbers(&run["loss"]), "{link}");
        assert_eq!(validation, numbers(&run["val_loss"]), "{link}");
    }
}
