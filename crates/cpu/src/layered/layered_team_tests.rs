use super::*;
use crate::{Instructions, MAX_WORKERS};
use futures_util::future::join_all;
use latent_core::{
    link::Link,
    model::{ImageShape, ModelSpec, presets},
    noise::Noise,
    team::{InProcess, Worker},
    training::{Progress, Trainer},
};
use pollster::block_on;

const INPUT: ImageShape = ImageShape { height: 6, width: 7, channels: 1 };

fn model(fragment: &str) -> ModelSpec {
    let (link, problems) = Link::parse(fragment);
    assert_eq!(problems, [], "{fragment}");
    ModelSpec { input: INPUT, ..link.settings.model }
}

fn images() -> Images {
    images_of(INPUT, 40)
}

fn images_of(shape: ImageShape, count: usize) -> Images {
    let mut images = Images::new(shape);
    let shade = |at: usize| if at % 31 * 7 % 31 < 8 { (at * 131 % 256) as u8 } else { 0 };
    images.append(&(0..count * shape.values()).map(shade).collect::<Vec<_>>()).unwrap();
    images
}

fn trainer(threads: usize, instructions: Instructions, model: &ModelSpec) -> LayeredTrainer {
    let start = Progress::initial(model, 4);
    let mut trainer = LayeredTrainer::with_threads(threads, instructions, model, &start).unwrap();
    trainer.set_noise(Noise::seeded(7));
    trainer
}

/// Trains, and gives all that came of it.
fn outcome(
    mut trainer: LayeredTrainer,
    images: &Images,
    batches: &[&[u32]],
) -> (Vec<Losses>, Progress, Losses) {
    let losses = block_on(trainer.train(images, batches, 0.01)).unwrap();
    let progress = block_on(trainer.progress()).unwrap();
    (losses, progress, block_on(trainer.evaluate(images, 0..40)).unwrap())
}

/// Models whose whole batches have 12 shards, or 4.
const MODELS: [&str; 4] = [
    "encoder=conv6k3s2,conv9k3s2,dense5&activation=relu&variational=1&loss=bce-sum&output=sigmoid",
    "encoder=conv5k5s1,dropout0.2,dense6&corruption=gaussian0.3",
    "encoder=conv3k2s2",
    "encoder=dense21,dropout0.4&variational=1&corruption=masking0.2",
];

/// Trains these batches with every number of threads and workers, and compares all bits.
fn any_number_of_threads_and_workers_gives_equal_bits(
    what: &str,
    model: &ModelSpec,
    images: &Images,
    batches: &[&[u32]],
    instructions: Instructions,
) {
    let expected = outcome(trainer(1, instructions, model), images, batches);
    for threads in [2, 3, 4] {
        let found = outcome(trainer(threads, instructions, model), images, batches);
        assert!(found == expected, "{what}, {instructions:?}, {threads} threads");
    }
    for of in (1..=MAX_WORKERS).chain([shards::MOST]) {
        let start = |index| {
            let mut worker = Worker::new(trainer(1, instructions, model));
            worker.set_rank(Rank { index, of }).unwrap();
            worker
        };
        let mut workers: Vec<_> = (0..of).map(start).zip(InProcess::between(of)).collect();
        let trained = workers.iter_mut().map(|(worker, channels)| async move {
            worker.train(channels, images, batches, 0.01).await.unwrap()
        });
        assert_eq!(block_on(join_all(trained)), vec![expected.0.clone(); of], "{of} workers");
        for (worker, _) in &mut workers {
            let progress = block_on(worker.trainer().progress()).unwrap();
            assert!(progress == expected.1, "{what}, {instructions:?}, {of} workers");
        }
    }
}

#[test]
fn results_are_bit_identical_for_any_number_of_threads_and_workers() {
    let images = images();
    // A whole batch, the last one of an epoch, and fewer images than workers.
    let batches: [Vec<u32>; 3] = [(0..32).collect(), (3..20).collect(), vec![8, 8, 0]];
    let batches = batches.each_ref().map(Vec::as_slice);
    let shards = MODELS.map(|fragment| shards::count(&model(fragment), batches[0].len()));
    assert_eq!(shards, [4, 12, 4, 4]);
    for fragment in MODELS {
        for instructions in Instructions::available() {
            let model = model(fragment);
            any_number_of_threads_and_workers_gives_equal_bits(
                fragment,
                &model,
                &images,
                &batches,
                instructions,
            );
        }
    }
}

/// Batches of 128 and a last one of 96, as 60,000 images have, of which each worker of one to four computes whole shards.
#[test]
fn the_last_batch_of_an_epoch_is_bit_identical_for_any_number_of_threads_and_workers() {
    let batches = [128, 96].map(|size| (0..size).map(|at| at * 7 % 40).collect::<Vec<u32>>());
    let batches = batches.each_ref().map(Vec::as_slice);
    let model = model(MODELS[0]);
    assert_eq!(batches.map(|batch| shards::count(&model, batch.len())), [12, 12]);
    for instructions in Instructions::available() {
        let what = "a last batch of 96";
        any_number_of_threads_and_workers_gives_equal_bits(what, &model, &images(), &batches, instructions);
    }
}

/// The same for images of MNIST's size and the model of Keras' example, whose shards are computed a few images at a time.
#[test]
fn the_last_batch_of_keras_variational_model_is_bit_identical_too() {
    let model = presets::ALL[5].model();
    let images = images_of(model.input, 128);
    let batches: [Vec<u32>; 2] = [(0..128).collect(), (0..96).collect()];
    let batches = batches.each_ref().map(Vec::as_slice);
    assert_eq!(batches.map(|batch| shards::count(&model, batch.len())), [12, 12]);
    any_number_of_threads_and_workers_gives_equal_bits(
        presets::ALL[5].name,
        &model,
        &images,
        &batches,
        Instructions::best(),
    );
}

#[test]
fn the_128_bit_vectors_give_the_bits_of_the_portable_ones() {
    let (images, batch) = (images(), (0..29).collect::<Vec<u32>>());
    for fragment in MODELS {
        let of =
            |instructions| outcome(trainer(1, instructions, &model(fragment)), &images, &[&batch, &batch]);
        let portable = of(Instructions::Portable);
        #[cfg(target_arch = "x86_64")]
        assert!(of(Instructions::Sse2) == portable, "{fragment}");
        assert_eq!(portable.1.steps, 2);
    }
}

#[test]
fn more_workers_than_shards_are_refused() {
    let mut worker = Worker::new(trainer(1, Instructions::best(), &model(MODELS[0])));
    assert_eq!([32, 17, 3].map(|images| worker.most_workers(images)), [4, 4, 3]);
    assert!(worker.set_rank(Rank { index: 0, of: shards::MOST + 1 }).is_err());
    assert!(worker.set_rank(Rank { index: 2, of: 2 }).is_err());
}

#[test]
fn sums_of_another_length_are_refused() {
    let mut worker = Worker::new(trainer(1, Instructions::best(), &model(MODELS[0])));
    worker.set_rank(Rank { index: 0, of: 2 }).unwrap();
    let mut channels = InProcess::between(2);
    channels[1].send(&[0; 12]);
    let refused = block_on(worker.train(&mut channels[0], &images(), &[&[1, 2, 3]], 0.01));
    assert!(matches!(refused, Err(TrainerError::Team(_))));
}
