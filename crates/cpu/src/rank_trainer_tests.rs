//! The CPU engine as several ranks, which the step loop drives.

use crate::{CpuTrainer, Instructions, MAX_WORKERS};
use latent_core::{
    data::Images,
    link::Link,
    model::ImageShape,
    settings::Settings,
    team::{Delayed, InProcess, Rank, RankTrainer, Worker},
    training::{
        Losses, Progress, Trainer,
        run::{Dataset, Run, SHORT_SLICE, Slice},
    },
};
use pollster::block_on;
use std::{thread, time::Duration};

const INPUT: ImageShape = ImageShape { height: 6, width: 7, channels: 1 };

/// Column-parallel networks, a deeper one, networks of other kinds, and a column-parallel one with random numbers. 37 images in
/// batches of 16 leave 5 for an epoch's last batch.
const MODELS: [&str; 6] = [
    "encoder=dense23",
    "encoder=dense9&activation=sigmoid&output=sigmoid&loss=bce",
    "encoder=dense21,dense8&activation=tanh",
    "encoder=conv5k3s2,dropout0.2,dense6&variational=1&output=sigmoid&loss=bce-sum",
    "encoder=dense21,dense8&corruption=masking0.3",
    "encoder=dense23&variational=1&output=sigmoid&loss=bce-sum&corruption=gaussian0.4",
];

fn settings(fragment: &str) -> Settings {
    let (link, problems) = Link::parse(fragment);
    assert_eq!(problems, [], "{fragment}");
    let mut settings = Settings { batch: 16, epochs: 3, training_images: 37, seed: 5, ..link.settings };
    settings.model.input = INPUT;
    settings
}

fn dataset() -> Dataset {
    let images = |count: usize, salt: usize| {
        let mut images = Images::new(INPUT);
        let shade = |at: usize| if at % 31 * salt % 31 < 8 { (at * 131 % 256) as u8 } else { 0 };
        images.append(&(0..count * INPUT.values()).map(shade).collect::<Vec<_>>()).unwrap();
        images
    };
    Dataset { training: images(37, 7), test: images(20, 5), test_images: 20 }
}

/// Everything that a run of these steps and their validations gives, as exact numbers.
type Outcome = (Vec<Losses>, Vec<Losses>, Progress);

/// Drives a run until so many steps are done and validated.
fn drive<T: Trainer>(settings: &Settings, progress: &Progress, trainer: T, steps: u64) -> Outcome {
    let data = dataset();
    let mut run = Run::with_trainer(settings.clone(), progress, trainer).unwrap();
    let (mut trained, mut validated) = (Vec::new(), Vec::new());
    while run.steps() < steps || run.validation_is_due() {
        let most = (steps - run.steps()) as usize;
        match block_on(run.advance(&data, most, SHORT_SLICE)).unwrap().unwrap() {
            Slice::Trained { losses, .. } => trained.extend(losses),
            Slice::Validated { losses, .. } => validated.push(losses),
            _ => {}
        }
    }
    (trained, validated, block_on(run.trainer().progress()).unwrap())
}

fn trainer(threads: usize, instructions: Instructions, settings: &Settings, from: &Progress) -> CpuTrainer {
    CpuTrainer::with_threads(threads, instructions, &settings.model, from).unwrap()
}

/// Trains with so many ranks on threads, each with so many threads of its own. Gives every rank's outcome.
fn together(
    settings: &Settings,
    instructions: Instructions,
    from: &Progress,
    steps: u64,
    (of, threads): (usize, usize),
) -> Vec<Outcome> {
    let rank = |(index, communicator)| {
        let trainer = trainer(threads, instructions, settings, from);
        // Ranks of other pace cut the run into other slices.
        let communicator = Delayed::new(communicator, Duration::from_micros(50 * index as u64));
        let worker = Worker::of_rank(trainer, Rank { index, of }, settings.batch).unwrap();
        drive(settings, from, RankTrainer::new(worker, communicator), steps)
    };
    thread::scope(|scope| {
        let ranks: Vec<_> = InProcess::between(of)
            .into_iter()
            .enumerate()
            .map(|communicator| scope.spawn(move || rank(communicator)))
            .collect();
        ranks.into_iter().map(|rank| rank.join().unwrap()).collect()
    })
}

#[test]
fn losses_validations_and_weights_are_bit_identical_for_any_number_of_ranks_and_threads() {
    for fragment in MODELS {
        let settings = settings(fragment);
        let start = Progress::initial(&settings.model, 5);
        for instructions in Instructions::available() {
            let expected = drive(&settings, &start, trainer(1, instructions, &settings, &start), 9);
            assert_eq!((expected.0.len(), expected.1.len()), (9, 3));
            for of in 1..=MAX_WORKERS {
                for threads in [1, 3] {
                    let found = together(&settings, instructions, &start, 9, (of, threads));
                    assert!(
                        found.into_iter().all(|outcome| outcome == expected),
                        "{fragment}, {instructions:?}, {of} ranks, {threads} threads"
                    );
                }
            }
        }
    }
}

#[test]
fn a_run_goes_on_with_another_number_of_ranks() {
    for fragment in MODELS {
        let settings = settings(fragment);
        let start = Progress::initial(&settings.model, 5);
        let best = Instructions::best();
        let (_, _, expected) = drive(&settings, &start, trainer(1, best, &settings, &start), 8);
        let (_, _, before) = together(&settings, best, &start, 4, (3, 1)).remove(0);
        let (_, _, after) = together(&settings, best, &before, 8, (2, 1)).remove(1);
        assert!(after == expected, "{fragment}");
    }
}

#[test]
fn more_ranks_than_a_batch_can_be_divided_among_are_refused() {
    let refused = |fragment, of, batch| {
        let settings = settings(fragment);
        let start = Progress::initial(&settings.model, 5);
        let trainer = trainer(1, Instructions::best(), &settings, &start);
        Worker::of_rank(trainer, Rank { index: 0, of }, batch).err().map(|why| why.to_string())
    };
    let sentence = "the workers can't go on together: batches of 16 images of this model are divided among at \
                    most 4, and there are 5";
    assert_eq!(refused(MODELS[0], 5, 16).as_deref(), Some(sentence));
    assert_eq!(refused(MODELS[3], 3, 3), None);
    assert!(refused(MODELS[3], 4, 3).is_some());
    assert_eq!(refused(MODELS[2], 5, 16).as_deref(), Some(sentence));
    assert_eq!(refused(MODELS[2], 4, 16), None);
}
