//! The step loop: it decides which images are trained next, when an epoch ends, and when to validate. It is cut into
//! slices, so that its driver (a worker, the command line) can receive commands in between.

use super::{Losses, Progress, Trainer, TrainerError, order::epoch_order};
use crate::{
    data::Images,
    noise::Noise,
    settings::{SettingError, Settings},
};
use std::ops::Range;
use thiserror::Error;
use web_time::{Duration, Instant};

/// The duration of a slice whose end somebody may wait for. It is short enough to stop at once, and long enough that
/// waiting for a GPU in between does not count (Firefox notices finished GPU work only every 100 ms).
pub const SHORT_SLICE: Duration = Duration::from_millis(50);
/// The duration of any other slice. Every slice ends in a report, and all workers begin it together.
pub const LONG_SLICE: Duration = Duration::from_millis(100);
/// Steps in a slice at most, whatever their speed.
const MOST_STEPS: usize = 64;
/// Test images validated in a slice: a divisor of all, so that the GPU sees one shape.
const VALIDATION_SLICE: usize = 500;
/// How many times its first loss a run's loss may be before the run has diverged. A diverged network may train on with finite
/// numbers for hours, and would take the place of the last good checkpoint.
const MOST_GROWTH: f64 = 1e6;

/// The result of a slice of work.
#[derive(Clone, Debug, PartialEq)]
pub enum Slice {
    /// Steps were trained.
    Trained {
        /// Steps done before these.
        steps_before: u64,
        /// Each step's losses before its update.
        losses: Vec<Losses>,
    },
    /// A part of the test images was evaluated.
    Validating,
    /// An epoch was validated.
    Validated {
        /// Epochs done.
        epochs: u32,
        /// Losses over the test images.
        losses: Losses,
    },
    /// All epochs are done and validated.
    Finished,
}

/// Why a run cannot go on.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum RunError {
    /// The engine failed.
    #[error(transparent)]
    Trainer(#[from] TrainerError),
    /// The loss is infinite, not a number, or has grown a million times since the run began.
    #[error("the loss has grown beyond all bounds at step {0}: try a smaller learning rate")]
    Diverged(u64),
}

/// A run under way: the settings, the network in training, and how far it is.
pub struct Run<T> {
    settings: Settings,
    trainer: T,
    steps: u64,
    /// The loss of the first step that was trained here.
    first_loss: Option<f64>,
    epochs_validated: u32,
    validation: Validation,
    order: Vec<u32>,
    order_of_epoch: Option<u32>,
    steps_per_slice: usize,
}

/// The images that a run trains and validates on, as far as they have arrived.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// Training images.
    pub training: Images,
    /// Test images.
    pub test: Images,
    /// Test images that there will be.
    pub test_images: usize,
}

/// A validation under way.
struct Validation {
    images: usize,
    /// Summed over the images.
    losses: Losses,
}

impl Default for Validation {
    fn default() -> Self {
        Self { images: 0, losses: Losses::ZERO }
    }
}

/// Whether the settings are within their limits and the progress fits their model.
fn check(settings: &Settings, progress: &Progress) -> Result<(), TrainerError> {
    settings.check()?;
    for weights in [&progress.weights, &progress.first_moment, &progress.second_moment] {
        weights.check(&settings.model)?;
    }
    Ok(())
}

impl<T: Trainer> Run<T> {
    /// A run that starts at, or goes on from, `progress`.
    pub async fn new(
        context: &T::Context,
        settings: Settings,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        check(&settings, progress)?;
        let trainer = T::new(context, &settings.model, progress).await?;
        Self::with_trainer(settings, progress, trainer)
    }

    /// A run on a trainer that was made from the same settings and progress.
    pub fn with_trainer(
        settings: Settings,
        progress: &Progress,
        mut trainer: T,
    ) -> Result<Self, TrainerError> {
        check(&settings, progress)?;
        trainer.set_noise(Noise::seeded(settings.seed));
        // An epoch that has just ended may have been saved before it was validated: it is validated again.
        let epochs_validated = (progress.steps.saturating_sub(1) / settings.steps_per_epoch() as u64) as u32;
        Ok(Self {
            settings,
            trainer,
            steps: progress.steps,
            first_loss: None,
            epochs_validated,
            validation: Validation::default(),
            order: Vec::new(),
            order_of_epoch: None,
            steps_per_slice: 1,
        })
    }

    /// What the run is, as it is now.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Steps done.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The network in training.
    pub fn trainer(&mut self) -> &mut T {
        &mut self.trainer
    }

    /// Changes the settings that can change while training. Values out of their limits are refused.
    pub fn adjust(&mut self, learning_rate: f32, epochs: u32) -> Result<(), SettingError> {
        let settings = Settings { learning_rate, epochs, ..self.settings.clone() };
        settings.check()?;
        self.settings = settings;
        Ok(())
    }

    /// Does the next slice of work: at most `most_steps` steps that should take about `time`, or a part of a validation
    /// that is due. `None` when the images for it aren't there yet ([`Run::is_waiting`] tells beforehand).
    pub async fn advance(
        &mut self,
        data: &Dataset,
        most_steps: usize,
        time: Duration,
    ) -> Result<Option<Slice>, RunError> {
        if self.is_waiting(data) {
            return Ok(None);
        }
        let slice = if self.validation_is_due() {
            self.validate(data).await?
        } else if self.is_finished() {
            Slice::Finished
        } else {
            self.train(data, most_steps, time).await?
        };
        Ok(Some(slice))
    }

    /// Whether the images for the next slice are still to come.
    pub fn is_waiting(&mut self, data: &Dataset) -> bool {
        if self.validation_is_due() {
            self.validation.next(data.test_images).end > data.test.len()
        } else {
            !self.is_finished() && self.next_batches(data, 1).is_empty()
        }
    }

    fn is_finished(&self) -> bool {
        self.epochs_done() >= self.settings.epochs
    }

    /// Whether an epoch is done and not yet validated.
    pub fn validation_is_due(&self) -> bool {
        self.epochs_done() > self.epochs_validated
    }

    fn epochs_done(&self) -> u32 {
        (self.steps / self.settings.steps_per_epoch() as u64) as u32
    }

    /// Where in the order the next batches lie whose images are all there: at most so many, all of this epoch.
    fn next_batches(&mut self, data: &Dataset, most: usize) -> Vec<Range<usize>> {
        let epoch = self.epochs_done();
        if self.order_of_epoch != Some(epoch) {
            self.order = epoch_order(&self.settings, epoch);
            self.order_of_epoch = Some(epoch);
        }
        let position = (self.steps % self.settings.steps_per_epoch() as u64) as usize;
        let (size, end) = (self.settings.batch, self.order.len());
        let is_there = |&image: &u32| (image as usize) < data.training.len();
        (position..self.settings.steps_per_epoch())
            .take(most)
            .map(|batch| batch * size..((batch + 1) * size).min(end))
            .take_while(|batch| self.order[batch.clone()].iter().all(is_there))
            .collect()
    }

    async fn train(&mut self, data: &Dataset, most_steps: usize, time: Duration) -> Result<Slice, RunError> {
        let batches = self.next_batches(data, self.steps_per_slice.min(most_steps));
        let batches: Vec<_> = batches.into_iter().map(|batch| &self.order[batch]).collect();
        let began = Instant::now();
        let losses = self.trainer.train(&data.training, &batches, self.settings.learning_rate).await?;
        self.steps_per_slice = suited(batches.len(), began.elapsed(), time);
        let steps_before = self.steps;
        self.steps += losses.len() as u64;
        match losses.iter().position(|losses| self.has_exploded(losses.total)) {
            Some(at) => Err(RunError::Diverged(steps_before + at as u64 + 1)),
            None => Ok(Slice::Trained { steps_before, losses }),
        }
    }

    /// Whether a loss is infinite or not a number, also as the 32 bits in which it is kept, or far beyond the first one.
    fn has_exploded(&mut self, loss: f64) -> bool {
        let first = *self.first_loss.get_or_insert(loss);
        !(loss as f32).is_finite() || (first > 0.0 && loss > MOST_GROWTH * first)
    }

    async fn validate(&mut self, data: &Dataset) -> Result<Slice, RunError> {
        let which = self.validation.next(data.test_images);
        let images = which.len() as f64;
        let losses = self.trainer.evaluate(&data.test, which.clone()).await?;
        self.validation.losses = self.validation.losses.plus(images, losses);
        self.validation.images = which.end;
        if which.end < data.test_images {
            return Ok(Slice::Validating);
        }
        let validation = std::mem::take(&mut self.validation);
        let losses = validation.losses.divided_by(data.test_images as f64);
        self.epochs_validated += 1;
        Ok(Slice::Validated { epochs: self.epochs_validated, losses })
    }
}

impl Validation {
    fn next(&self, test_images: usize) -> Range<usize> {
        self.images..(self.images + VALIDATION_SLICE).min(test_images)
    }
}

/// How many steps the next slice should have to take as long as `time`, after `steps` took `elapsed`: at most twice as
/// many.
fn suited(steps: usize, elapsed: Duration, time: Duration) -> usize {
    let fitting = steps as f64 * time.as_secs_f64() / elapsed.as_secs_f64().max(1e-6);
    (fitting as usize).min(2 * steps).clamp(1, MOST_STEPS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::ModelSpec, training::Unsupported, weights::Weights};
    use pollster::block_on;

    /// Notes what it is asked to train; its loss is the batch's size.
    struct Notes {
        trained: Vec<Vec<u32>>,
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
            self.rates.push(rate);
            let loss = |batch: &&[u32]| self.loss.unwrap_or(batch.len() as f32);
            Ok(batches.iter().map(|batch| Losses::deterministic(f64::from(loss(batch)))).collect())
        }
        async fn evaluate(&mut self, _: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
            Ok(Losses::deterministic(which.start as f64))
        }
        async fn encode(&mut self, _: &Images, _: Range<usize>) -> Result<Vec<f32>, TrainerError> {
            Ok(vec![])
        }
        async fn log_variances(
            &mut self,
            _: &Images,
            _: Range<usize>,
        ) -> Result<Option<Vec<f32>>, TrainerError> {
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
        assert!(run.adjust(f32::NAN, 2).is_err() && run.adjust(0.1, 0).is_err());
        run.adjust(0.25, 1).unwrap();
        finish(&mut run);
        assert_eq!(run.steps(), 4);
        assert!(run.trainer().rates.iter().all(|&rate| rate == 0.25));
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
        assert!(matches!(
            block_on(Run::<Notes>::new(&(), settings(), &progress)),
            Err(TrainerError::Weights(_))
        ));
    }

    #[test]
    fn slices_grow_at_most_twofold_and_stay_short() {
        let suited = |steps, ms, time| super::suited(steps, Duration::from_millis(ms), time);
        assert_eq!(suited(4, 1, SHORT_SLICE), 8);
        assert_eq!(suited(10, 100, SHORT_SLICE), 5);
        assert_eq!(suited(10, 100, LONG_SLICE), 10);
        assert_eq!(suited(1, 3000, LONG_SLICE), 1);
        assert_eq!(suited(64, 1, SHORT_SLICE), MOST_STEPS);
    }
}
