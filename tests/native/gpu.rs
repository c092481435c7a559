//! The GPU engine against itself, on a Vulkan adapter.

use burn::tensor::Device;
use latent_burn::{BurnGpu, burn_gpu};
use latent_core::{
    data::{Images, mnist::PIXELS},
    model::ModelSpec,
    training::{Progress, Trainer, TrainerError},
    weights::Weights,
};
use latent_gpu::{Gpu, Passes};
use latent_tests::{batches, images, largest_difference, totals};
use pollster::block_on;
use std::{
    fmt::Display,
    io::{self, Write},
    sync::LazyLock,
};

const RATE: f32 = 0.0005;

/// The adapter, if this machine has one; its tests pass without it, and say so.
pub(crate) fn on_gpu(test: impl FnMut(&Gpu)) {
    static GPU: LazyLock<Option<Gpu>> =
        LazyLock::new(|| known(block_on(Gpu::request()).inspect(|gpu| println!("on {}", gpu.adapter()))));
    GPU.iter().for_each(test);
}

/// Burn's device on it, likewise.
pub(crate) fn on_burn_gpu(mut test: impl FnMut(&Device)) {
    burn().iter().for_each(|gpu| test(&gpu.device));
}

/// Burn's device, if it is no adapter in software.
pub(crate) fn on_burn_hardware(mut test: impl FnMut(&Device)) {
    if let Some(BurnGpu { device, adapter }) = burn() {
        match adapter.is_software() {
            true => not_tested("hardware", adapter),
            false => test(device),
        }
    }
}

fn burn() -> &'static Option<BurnGpu> {
    static BURN: LazyLock<Option<BurnGpu>> =
        LazyLock::new(|| known(block_on(burn_gpu()).inspect(|gpu| println!("on {}", gpu.adapter))));
    &BURN
}

/// The result, if there is one. Otherwise it is said why.
fn known<T>(device: Result<T, TrainerError>) -> Option<T> {
    device.inspect_err(|reason| not_tested("wgpu", reason)).ok()
}

/// Says so past the test runner's capture: nobody should take these tests for passed.
fn not_tested(on: &str, why: impl Display) {
    let _ = writeln!(io::stderr(), "NOT TESTED on {on}: {why}");
}

fn trainer(device: &Gpu, model: &ModelSpec, progress: &Progress) -> Passes {
    let trainer = block_on(Passes::new(device, model, progress)).unwrap();
    assert_eq!(trainer.description(), "own compute passes");
    trainer
}

fn train(trainer: &mut Passes, images: &Images, batches: &[Vec<u32>]) -> Vec<f32> {
    let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
    totals(&block_on(trainer.train(images, &batches, RATE)).unwrap())
}

fn assert_near(a: &Weights, b: &Weights, tolerance: f32) {
    let [a, b] = [a, b].map(|weights| weights.values().collect::<Vec<_>>());
    let difference = largest_difference(&a, &b);
    assert!(difference <= tolerance, "{difference} > {tolerance}");
}

#[test]
fn a_run_goes_on_from_its_progress() {
    on_gpu(|device| {
        let images = images("train", 2);
        let model = ModelSpec::dense(&[30, 9], 2, 0.3);
        let start = Progress::initial(&model, 5);
        let mut through = trainer(device, &model, &start);
        let losses = train(&mut through, &images, &batches(0..4, 256));

        let mut first = trainer(device, &model, &start);
        train(&mut first, &images, &batches(0..2, 256));
        let between = block_on(first.progress()).unwrap();
        assert_eq!(between.steps, 2);
        let mut second = trainer(device, &model, &between);
        assert_eq!(block_on(second.progress()).unwrap(), between);
        let last = train(&mut second, &images, &batches(2..4, 256));

        assert!(largest_difference(&losses[2..], &last) < 1e-6);
        let [through, second] =
            [&mut through, &mut second].map(|trainer| block_on(trainer.progress()).unwrap());
        assert_eq!(through.steps, second.steps);
        assert_near(&through.weights, &second.weights, 1e-6);
        assert_near(&through.first_moment, &second.first_moment, 1e-6);
        assert_near(&through.second_moment, &second.second_moment, 1e-6);
    });
}

/// 1,100 images, which end in a partial slice.
#[test]
fn evaluation_is_of_what_encoder_and_decoder_make() {
    on_gpu(|device| {
        let images = images("train", 2);
        let model = ModelSpec::dense(&[13, 12], 3, 0.2);
        let start = Progress::initial(&model, 9);
        let mut one = trainer(device, &model, &start);
        let which = 500..1_600;
        let codes = block_on(one.encode(&images, which.clone())).unwrap();
        assert_eq!(codes.len(), 1_100 * 3);
        let decoded = block_on(one.decode(&codes)).unwrap();
        assert_eq!(decoded.len(), 1_100 * PIXELS);
        let squares =
            images.gather(which.clone()).into_iter().zip(decoded).map(|(x, y)| f64::from(y - x).powi(2));
        let expected = squares.sum::<f64>() / (1_100 * PIXELS) as f64;
        let loss = block_on(one.evaluate(&images, which)).unwrap().total;
        assert!((loss - expected).abs() < 1e-5 * expected, "{loss} {expected}");

        let batch: Vec<_> = (500..756).collect();
        let trained = train(&mut one, &images, &[batch]);
        let mut again = trainer(device, &model, &start);
        let evaluated = block_on(again.evaluate(&images, 500..756)).unwrap().total;
        assert!((f64::from(trained[0]) - evaluated).abs() < 1e-5 * evaluated);
        assert_eq!(block_on(again.weights()).unwrap(), start.weights);
    });
}

/// Images that arrive while it trains, larger batches and longer chunks than any before, other images in between.
#[test]
fn what_is_on_the_device_follows_what_is_asked_for() {
    on_gpu(|device| {
        let all = images("train", 2);
        let test = images("test", 1);
        let model = ModelSpec::dense(&[17], 2, 0.3);
        let start = Progress::initial(&model, 3);
        let (small, large) = (batches(0..70, 12), batches(0..3, 600));

        let mut whole = trainer(device, &model, &start);
        let expected = [train(&mut whole, &all, &small), train(&mut whole, &all, &large)].concat();

        let mut growing = trainer(device, &model, &start);
        let mut arrived = Images::default();
        arrived.reserve(900);
        arrived.append(&all.pixels()[..500 * PIXELS]).unwrap();
        let mut losses = train(&mut growing, &arrived, &small[..30]);
        arrived.append(&all.pixels()[500 * PIXELS..900 * PIXELS]).unwrap();
        let before = block_on(growing.evaluate(&test, 0..300)).unwrap().total;
        losses.extend(train(&mut growing, &arrived, &small[30..]));
        arrived.append(&all.pixels()[900 * PIXELS..]).unwrap();
        losses.extend(train(&mut growing, &arrived, &large));
        assert!(largest_difference(&losses, &expected) < 1e-6);
        let after = block_on(growing.evaluate(&test, 0..300)).unwrap().total;
        assert!(after < before, "{before} -> {after}");
        assert!((block_on(whole.evaluate(&test, 0..300)).unwrap().total - after).abs() < 1e-6);
    });
}

#[test]
fn progress_of_another_network_is_refused() {
    on_gpu(|device| {
        let progress = Progress::initial(&ModelSpec::default(), 1);
        let other = ModelSpec::dense(&[300], 3, 0.3);
        let refused = block_on(Passes::new(device, &other, &progress));
        assert!(matches!(refused.err(), Some(TrainerError::Weights(_))));
    });
}

#[test]
fn nothing_to_do_is_done() {
    on_gpu(|device| {
        let model = ModelSpec::dense(&[4], 2, 0.3);
        let mut trainer = trainer(device, &model, &Progress::initial(&model, 1));
        let none = Images::default();
        assert_eq!(block_on(trainer.train(&none, &[], RATE)), Ok(vec![]));
        assert_eq!(block_on(trainer.encode(&none, 0..0)), Ok(vec![]));
        assert_eq!(block_on(trainer.decode(&[])), Ok(vec![]));
    });
}
