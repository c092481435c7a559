//! Tests of the step loop, with an engine that notes what it is asked to train.

use super::*;
use crate::{
    model::ModelSpec,
    settings::Field,
    training::{Losses, Unsupported},
    weights::Weights,
};
use pollster::block_on;

/// Notes what it is asked to train; its loss is the batch's size.
struct Notes {
    trained: Vec<Vec<u32>>,
    /// The learning rate of each step.
    rates: Vec<f32>,
    loss: Option<f32>,
    seed: u64,
}

impl Trainer for Notes {
    type Context = ();

    fn supports(_: &ModelSpec) -> Result<(), Unsupported> {
        Ok(())
    }
    async fn new((): &(), _: &ModelSpec, _: &Progress) -> Result<Self, TrainerError> {
        Ok(Self { trained: vec![], rates: vec![], loss: None, seed: 0 })
    }
    fn set_noise(&mut self, noise: Noise) {
        self.seed = noise.seed;
    }
    async fn train(
        &mut self,
        _: &Images,
        batches: &[&[u32]],
        rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        self.trained.extend(batches.iter().map(|batch| batch.to_vec()));
        self.rates.extend(batches.iter().map(|_| rate));
        let loss = |batch: &&[u32]| self.loss.unwrap_or(batch.len() as f32);
        Ok(batches.iter().map(|batch| Losses::deterministic(f64::from(loss(batch)))).collect())
    }
    async fn evaluate(&mut self, _: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        Ok(Losses::deterministic(which.start as f64))
    }
    async fn encode(&mut self, _: &Images, _: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        Ok(vec![])
    }
    async fn log_variances(&mut self, _: &Images, _: Range<usize>) -> Result<Option<Vec<f32>>, TrainerError> {
        Ok(None)
    }
    async fn decode(&mut self, _: &[f32]) -> Result<Vec<f32>, TrainerError> {
        Ok(vec![])
    }
    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        Ok(Weights::default())
    }
    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        Err(Unsupported("keeping progress".into()).into())
    }
}

fn settings() -> Settings {
    let model = ModelSpec::dense(&[2], 2, 0.3);
    Settings { model, batch: 30, epochs: 2, training_images: 100, ..Settings::default() }
}

fn run(steps: u64) -> Run<Notes> {
    let settings = settings();
    let progress = Progress { steps, ..Progress::initial(&settings.model, 1) };
    block_on(Run::new(&(), settings, &progress)).unwrap()
}

fn images(count: usize) -> Images {
    let mut images = Images::default();
    images.append(&vec![0; count * images.shape().values()]).unwrap();
    images
}

fn data(training: usize, test: usize) -> Dataset {
    Dataset { training: images(training), test: images(test), test_images: 1000 }
}

fn finish(run: &mut Run<Notes>) -> Vec<Slice> {
    let data = data(100, 1000);
    let mut slices = Vec::new();
    loop {
        match block_on(run.advance(&data, usize::MAX, SHORT_SLICE)).unwrap() {
            Some(Slice::Finished) => return slices,
            Some(slice) => slices.push(slice),
            None => panic!("all images are there"),
        }
    }
}

#[test]
fn a_run_trains_every_image_once_an_epoch_and_validates_after_each() {
    let mut run = run(0);
    let slices = finish(&mut run);
    assert_eq!(run.steps(), 8);
    let trained = &run.trainer().trained;
    assert_eq!(trained.iter().map(Vec::len).collect::<Vec<_>>(), [30, 30, 30, 10, 30, 30, 30, 10]);
    for epoch in trained.chunks(4) {
        let mut used = epoch.concat();
        used.sort_unstable();
        assert!(used.into_iter().eq(0..100));
    }
    let validated: Vec<_> =
        slices.iter().filter(|slice| matches!(slice, Slice::Validated { .. })).cloned().collect();
    // Slices of 500 images with errors 0 and 500 have the mean 250.
    let losses = Losses::deterministic(250.0);
    let validated_after = |epochs| Slice::Validated { epochs, losses };
    assert_eq!(validated, [validated_after(1), validated_after(2)]);
}

#[test]
fn a_run_that_goes_on_trains_what_the_whole_run_would_have() {
    let mut whole = run(0);
    finish(&mut whole);
    let mut rest = run(3);
    finish(&mut rest);
    assert_eq!(rest.trainer().trained, whole.trainer().trained[3..]);
}

#[test]
fn training_waits_for_the_images_of_its_batch_and_for_no_other() {
    let mut run = run(0);
    run.settings.shuffle = false;
    let losses = Losses::deterministic(30.0);
    let mut advance = |count| block_on(run.advance(&data(count, 0), 1, SHORT_SLICE)).unwrap();
    assert_eq!(advance(29), None);
    assert_eq!(advance(30), Some(Slice::Trained { steps_before: 0, losses: vec![losses] }));
    assert_eq!(advance(59), None);
    assert_eq!(advance(60), Some(Slice::Trained { steps_before: 1, losses: vec![losses] }));
}

#[test]
fn validation_waits_for_the_test_images() {
    let mut run = run(4);
    let mut advance = |count| block_on(run.advance(&data(100, count), 1, SHORT_SLICE)).unwrap();
    assert_eq!(advance(499), None);
    assert_eq!(advance(500), Some(Slice::Validating));
    assert_eq!(advance(999), None);
    let losses = Losses::deterministic(250.0);
    assert_eq!(advance(1000), Some(Slice::Validated { epochs: 1, losses }));
}

#[test]
fn rate_and_length_change_at_once_and_only_within_their_limits() {
    let mut run = run(0);
    assert!(run.adjust(&f32::NAN.into(), 2).is_err() && run.adjust(&0.1.into(), 0).is_err());
    run.adjust(&0.25.into(), 1).unwrap();
    finish(&mut run);
    assert_eq!(run.steps(), 4);
    assert!(run.trainer().rates.iter().all(|&rate| rate == 0.25));
}

/// The learning rates of a run with these settings, step by step.
fn rates_of(settings: Settings, steps: u64) -> Vec<f32> {
    let progress = Progress { steps, ..Progress::initial(&settings.model, 1) };
    let mut run = block_on(Run::<Notes>::new(&(), settings, &progress)).unwrap();
    finish(&mut run);
    run.trainer().rates.clone()
}

#[test]
fn each_step_has_the_learning_rate_that_is_planned_for_it() {
    let mut settings = settings();
    settings.set(Field::LearningRate, "0.5,0.25@1,0.125@5,2@8").unwrap();
    // The second epoch would begin with a slice of two steps.
    let rates = [0.5, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125];
    assert_eq!(rates_of(settings.clone(), 0), rates);
    assert_eq!(rates_of(settings, 3), rates[3..]);
}

#[test]
fn a_changed_learning_rate_is_recorded_at_the_step_from_which_it_holds() {
    let mut run = run(0);
    let data = data(100, 1000);
    for steps in [1, 2] {
        block_on(run.advance(&data, steps, SHORT_SLICE)).unwrap();
    }
    let steps = run.steps();
    run.adjust(&0.25.into(), 2).unwrap();
    finish(&mut run);
    assert_eq!(run.settings().get(Field::LearningRate), format!("0.0005,0.25@{steps}"));
    let recorded = run.settings().clone();
    assert_eq!(run.trainer().rates, rates_of(recorded, 0));
}

#[test]
fn a_loss_that_explodes_stops_the_run() {
    for loss in [f32::NAN, f32::INFINITY] {
        let mut run = run(0);
        run.trainer().loss = Some(loss);
        let result = block_on(run.advance(&data(100, 0), 1, SHORT_SLICE));
        assert_eq!(result, Err(RunError::Diverged(1)));
    }
}

#[test]
fn a_loss_is_judged_against_the_first_one() {
    // A sum over the pixels may begin where a mean has long diverged.
    for first in [1e-3, 0.2, 5e7] {
        let mut run = run(0);
        for (loss, is_sound) in [(first, true), (1e5 * first, true), (2e6 * first, false)] {
            run.trainer().loss = Some(loss);
            let result = block_on(run.advance(&data(100, 0), 1, SHORT_SLICE));
            assert_eq!(result.is_ok(), is_sound, "{loss} after {first}");
        }
    }
}

#[test]
fn the_trainer_draws_the_random_numbers_of_the_runs_seed() {
    let settings = Settings { seed: 77, ..settings() };
    let progress = Progress::initial(&settings.model, 1);
    let mut run = block_on(Run::<Notes>::new(&(), settings, &progress)).unwrap();
    assert_eq!(run.trainer().seed, 77);
}

#[test]
fn weights_of_another_network_are_refused() {
    let progress = Progress::initial(&ModelSpec::default(), 1);
    assert!(matches!(block_on(Run::<Notes>::new(&(), settings(), &progress)), Err(TrainerError::Weights(_))));
}
