//! The compute passes as several ranks, each on a thread of its own.

use crate::{gpu::on_gpu, model_kinds::assert_near};
use latent_core::{
    data::{ImageShape, Images},
    model::ModelSpec,
    noise::Noise,
    team::{InProcess, Rank, Worker},
    training::{Losses, Progress, Trainer},
};
use latent_gpu::{Gpu, Passes};
use latent_tests::{
    largest_difference,
    sample_models::{MODELS, images_of, model, shape, start},
};
use pollster::block_on;
use std::thread;

const RATE: f32 = 0.002;
/// Deterministic dense networks, which have kernels of their own when they are trained alone.
const DENSE: [(&str, ImageShape); 2] =
    [("encoder=dense23", shape(6, 7, 1)), ("encoder=dense21,dense8&activation=tanh", shape(5, 5, 1))];

/// A run on some images of 40. Its last batches leave no images for some ranks.
struct Steps<'a> {
    device: &'a Gpu,
    model: ModelSpec,
    images: Images,
    batches: Vec<Vec<u32>>,
}

type Outcome = (Vec<Losses>, Progress);

impl<'a> Steps<'a> {
    fn new(device: &'a Gpu, text: &str, input: ImageShape, sizes: &[u32]) -> Self {
        let batch = |(step, &size): (u32, &u32)| (0..size).map(|at| (at * 7 + step) % 40).collect();
        let batches = (0..).zip(sizes).map(batch).collect();
        Self { device, model: model(text, input), images: images_of(input, 40), batches }
    }

    fn alone(&self) -> Outcome {
        let mut trainer = block_on(Passes::new(self.device, &self.model, &start(&self.model))).unwrap();
        trainer.set_noise(Noise::seeded(3));
        let batches: Vec<_> = self.batches.iter().map(Vec::as_slice).collect();
        let losses = block_on(trainer.train(&self.images, &batches, RATE)).unwrap();
        (losses, block_on(trainer.progress()).unwrap())
    }

    /// The first rank's outcome, from `progress` until so many steps are done in all. The progress of all others has the same
    /// bits.
    fn together(&self, of: usize, progress: &Progress, steps: usize) -> Outcome {
        let batches: Vec<_> = self.batches.iter().map(Vec::as_slice).collect();
        let rank = |index, mut communicator| {
            let trainer = block_on(Passes::for_rank(self.device, &self.model, progress)).unwrap();
            let mut worker = Worker::of_rank(trainer, Rank { index, of }, batches[0].len()).unwrap();
            worker.trainer().set_noise(Noise::seeded(3));
            let batches = &batches[progress.steps as usize..steps];
            let losses = block_on(worker.train(&mut communicator, &self.images, batches, RATE)).unwrap();
            (losses, block_on(worker.trainer().progress()).unwrap())
        };
        let mut all: Vec<Outcome> = thread::scope(|scope| {
            let communicators = InProcess::between(of).into_iter().enumerate();
            let ranks: Vec<_> = communicators
                .map(|(index, communicator)| scope.spawn(move || rank(index, communicator)))
                .collect();
            ranks.into_iter().map(|rank| rank.join().unwrap()).collect()
        });
        let first = all.remove(0);
        assert!(all.iter().all(|other| *other == first), "{of} ranks differ");
        first
    }

    fn check(&self, (losses, progress): &Outcome, (expected, end): &Outcome, what: &str) {
        assert_eq!(losses.len(), expected.len());
        for (step, (losses, expected)) in losses.iter().zip(expected).enumerate() {
            let off = (losses.total - expected.total).abs();
            assert!(off < 1e-5 * expected.total, "{what}, step {step}: {losses:?} for {expected:?}");
            assert_near(losses, expected, &format!("{what}, step {step}"));
        }
        assert_eq!(progress.steps, end.steps);
        for (found, expected) in progress.weights.tensors.iter().zip(&end.weights.tensors) {
            let off = largest_difference(&found.values, &expected.values);
            assert!(off < 1e-4, "{what}: {} is off by {off}", found.name);
        }
    }
}

#[test]
fn ranks_train_every_kind_of_model_as_one_does_and_have_the_same_bits() {
    on_gpu(|device| {
        for (text, input) in MODELS.into_iter().chain(DENSE) {
            let steps = Steps::new(device, text, input, &[30, 25, 11, 3]);
            let expected = steps.alone();
            for of in 1..=3 {
                let found = steps.together(of, &start(&steps.model), 4);
                steps.check(&found, &expected, &format!("{text}, {of} ranks"));
            }
        }
    });
}

#[test]
fn a_run_goes_on_with_another_number_of_ranks() {
    on_gpu(|device| {
        for (text, input) in [MODELS[5], DENSE[0]] {
            let steps = Steps::new(device, text, input, &[30, 25, 11, 30]);
            let expected = steps.alone();
            let (mut losses, between) = steps.together(3, &start(&steps.model), 2);
            assert_eq!(between.steps, 2);
            let (last, end) = steps.together(2, &between, 4);
            losses.extend(last);
            steps.check(&(losses, end), &expected, text);
        }
    });
}

/// Every rank has several parts of a batch, whose gradients add up before they are exchanged.
#[test]
fn a_rank_trains_a_share_that_no_buffer_holds_by_parts() {
    on_gpu(|device| {
        let text = "encoder=conv1k1s2,dropout0.2,conv2k3s2&variational=1&corruption=masking0.2&loss=mse-sum";
        let steps = Steps::new(device, text, shape(320, 320, 1), &[40, 25]);
        let found = steps.together(2, &start(&steps.model), 2);
        steps.check(&found, &steps.alone(), text);
    });
}

#[test]
fn what_cannot_be_divided_is_refused() {
    on_gpu(|device| {
        let model = model(DENSE[0].0, DENSE[0].1);
        let refused = |trainer, of| {
            let worker = Worker::of_rank(trainer, Rank { index: 0, of }, 30);
            worker.err().map(|why| why.to_string()).unwrap_or_default()
        };
        let alone = block_on(Passes::new(device, &model, &start(&model))).unwrap();
        assert!(refused(alone, 2).ends_with("only one worker can train this network"));
        let divided = || block_on(Passes::for_rank(device, &model, &start(&model))).unwrap();
        assert_eq!(refused(divided(), 4), "");
        assert!(refused(divided(), 5).ends_with("divided among at most 4, and there are 5"));
    });
}
